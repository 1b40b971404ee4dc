// Package albtest tests handlers the way a load balancer calls them, in the manner of net/http/httptest: a request becomes a real
// event, the response crosses the load balancer's rules, in either header mode.
//
//	func TestHello(t *testing.T) {
//		for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
//			t.Run(mode.String(), func(t *testing.T) {
//				res := albtest.Do(t, newHandler(), httptest.NewRequest("GET", "/hello/Ada", nil), mode)
//				if res.StatusCode != http.StatusOK {
//					t.Errorf("status %s", res.Status)
//				}
//			})
//		}
//	}
//
// [Do] is for one request, [NewServer] for clients that want a URL, [Event] for code that takes the event itself. What the load
// balancer would refuse or drop is answered as it would be, and the reason is logged to the test.
//
// A test that only asks what a handler does, whatever it runs behind, is simpler with httptest.
package albtest
