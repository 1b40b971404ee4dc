// Package problem answers HTTP errors as problem details, RFC 9457.
//
//	func order(w http.ResponseWriter, r *http.Request) {
//		o, err := store.Order(r.Context(), r.PathValue("id"))
//		switch {
//		case errors.Is(err, store.ErrNoRows):
//			problem.Write(w, r, problem.NotFound("There is no such order."))
//		case err != nil:
//			problem.Write(w, r, err) // 500; the client learns nothing of err
//		default:
//			json.NewEncoder(w).Encode(o)
//		}
//	}
//
// A client sees what was written for it: the title, the status, the detail, the field errors and the extensions of a [Details].
// It never sees an error's text: the cause given to [Wrap], and every error that is no Details, goes to the observer in the
// request's context (see [WithObserver]) and stays on the server.
package problem
