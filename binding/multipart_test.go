package binding_test

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/albatross-go/albatross/binding"
)

// What RFC 2046 section 5.1.1 has boundaries look like, and RFC 7578 parts.
func TestMultipart(t *testing.T) {
	type input struct {
		A []string      `form:"a"`
		F *binding.File `form:"f"`
	}
	h := binding.NewHandler(func(_ context.Context, in input) (string, error) {
		text := strings.Join(in.A, "|")
		if in.F != nil {
			text += " " + in.F.Name
		}
		return text, nil
	})
	const head = "Content-Disposition: form-data; name=\"a\"\r\n\r\n"
	tests := []struct {
		name, body string
		status     int
		want       string
	}{
		{"one", "--b\r\n" + head + "1\r\n--b--", 200, "1"},
		{"two", "--b\r\n" + head + "1\r\n--b\r\n" + head + "2\r\n--b--\r\n", 200, "1|2"},
		{"text around the parts", "preamble\r\n--b\r\n" + head + "1\r\n--b--\r\nepilogue\r\n--b\r\n", 200, "1"},
		{"space after the boundary", "--b \t\r\n" + head + "1\r\n--b  \r\n" + head + "2\r\n--b-- ", 200, "1|2"},
		{"empty", "--b\r\n" + head + "\r\n--b--", 200, ""},
		{"empty without a line of its own", "--b\r\n" + head + "--b--", 200, ""},
		{"boundary within a line", "--b\r\n" + head + "x--b\r\n--bc\r\n\n--b\r\n--b--", 200, "x--b\r\n--bc\r\n\n--b"},
		{"line feeds alone", strings.ReplaceAll("--b\r\n"+head+"1\r\n--b--\r\n", "\r", ""), 200, "1"},
		{"lines in a value", "--b\r\n" + head + "\r\n1\r\n\r\n--b--", 200, "\r\n1\r\n"},
		{"no parts", "--b--\r\n", 200, ""},
		{"part without a header", "--b\r\n\r\n1\r\n--b--", 200, ""},
		{"part without a name", "--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--", 200, ""},
		{"file with an encoded name", "--b\r\nContent-Disposition: form-data; name=f; filename*=UTF-8''%C3%BC.txt\r\n\r\n1\r\n--b--", 200, " ü.txt"},
		{"empty body part", "--b\r\n--b--", 400, "The body is not a valid form."},
		{"header that is none", "--b\r\nx\r\n\r\n1\r\n--b--", 400, "The body is not a valid form."},
		{"encoded content", "--b\r\nContent-Transfer-Encoding: quoted-printable\r\n" + head + "=31\r\n--b--", 400, "The body is not a valid form."},
		{"no end", "--b\r\n" + head + "1\r\n--b", 400, "The form ends before its last part does."},
		{"nothing", "\r\n", 400, "The form ends before its last part does."},
		{"too many parts", strings.Repeat("--b\r\n\r\n\r\n", 1001) + "--b--", 413, "The form has too many parts."},
		{"as many parts as may be", strings.Repeat("--b\r\n\r\n\r\n", 1000) + "--b--", 200, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := post(h, "multipart/form-data; boundary=b", strings.NewReader(tt.body))
			if got := told(t, rec); rec.Code != tt.status || got != tt.want {
				t.Errorf("got %d %q\nwant %d %q", rec.Code, got, tt.status, tt.want)
			}
		})
	}
}

// FuzzMultipart promises that a form is what the ReadForm of package mime/multipart takes it for.
func FuzzMultipart(f *testing.F) {
	f.Add("--b\r\nContent-Disposition: form-data; name=\"v\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=v; filename=\"\"\r\n\r\n2\r\n--b--")
	f.Add("x\n--b \nContent-Disposition: form-data; name=f; filename=a/b\nA: b\n\n1\n\n--b\n\n--b--")
	f.Add("--b\r\nContent-Disposition: form-data; name=v\r\n\r\n--b\r\n\r\n--bc\r\n--b\r\n\r\n--b--x")
	f.Fuzz(func(t *testing.T, body string) {
		type input struct {
			V []string       `form:"v"`
			F []binding.File `form:"f"`
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		in, err := binding.Decode[input](r)
		want, wantErr := multipart.NewReader(strings.NewReader(body), "b").ReadForm(1 << 20)
		if wantErr != nil || len(want.Value["f"]) > 0 || strings.Contains(strings.ToLower(body), "content-transfer-encoding") {
			return // no form, a value where a file is due, or encoded, which ReadForm undoes
		}
		if err != nil {
			t.Fatalf("%v, but mime/multipart reads it", err)
		}
		if diff := cmp.Diff(want.Value["v"], in.V, cmpopts.EquateEmpty()); diff != "" || len(in.F) != len(want.File["f"]) {
			t.Fatalf("mime/multipart (-), binding (+) %s%d files, want %d", diff, len(in.F), len(want.File["f"]))
		}
		for i, file := range in.F {
			header := want.File["f"][i]
			open, err := header.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, _ := io.ReadAll(open)
			got, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			gotContent, _ := io.ReadAll(got)
			if file.Name != header.Filename || string(content) != string(gotContent) || !cmp.Equal(file.Header, header.Header) {
				t.Errorf("%s %q, want %s %q", file.Name, gotContent, header.Filename, content)
			}
		}
	})
}
