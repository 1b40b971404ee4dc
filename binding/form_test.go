package binding_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/binding"
)

type formInput struct {
	Name  string   `form:"name" required:"true" minLength:"2"`
	Age   int      `form:"age" default:"18"`
	Tags  []string `form:"tag"`
	Query string   `query:"name"`
}

type bodyForm struct {
	Body struct {
		Name string `form:"name" required:"true" minLength:"2"`
	}
}

// part is one part of a multipart form; with a file name it is a file.
type part struct{ name, file, mediaType, content string }

// emptyName is what a browser has for a file input where no file was chosen.
const emptyName = "\x00"

func multipartBody(t *testing.T, parts ...part) (mediaType string, body *bytes.Buffer) {
	t.Helper()
	body = new(bytes.Buffer)
	w := multipart.NewWriter(body)
	for _, p := range parts {
		h := textproto.MIMEHeader{"Content-Disposition": {multipart.FileContentDisposition(p.name, p.file)}}
		switch p.file {
		case emptyName:
			h.Set("Content-Disposition", `form-data; name="`+p.name+`"; filename=""`)
		case "":
			h.Set("Content-Disposition", `form-data; name="`+p.name+`"`)
		}
		if p.mediaType != "" {
			h.Set("Content-Type", p.mediaType)
		}
		content, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(content, p.content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), body
}

func TestForm(t *testing.T) {
	const encoded = "application/x-www-form-urlencoded"
	partsType, parts := multipartBody(t, part{name: "name", content: "Ada"}, part{name: "tag", content: "a"}, part{name: "tag", content: "b"})
	tests := []struct {
		name, mediaType, body string
		h                     http.Handler
		status                int
		want                  string
	}{
		{"encoded", encoded, "name=A+%41&tag=a&tag=b", decodes[formInput](t), 200, `{"Name":"A A","Age":18,"Tags":["a","b"],"Query":"q"}`},
		{"with a charset", encoded + "; charset=utf-8", "name=Ada", decodes[formInput](t), 200, `{"Name":"Ada","Age":18,"Tags":null,"Query":"q"}`},
		{"multipart", partsType, parts.String(), decodes[formInput](t), 200, `{"Name":"Ada","Age":18,"Tags":["a","b"],"Query":"q"}`},
		{"in a body", encoded, "name=Ada", decodes[bodyForm](t), 200, `{"Body":{"Name":"Ada"}}`},
		{"faults", encoded, "name=A&age=x&age=y", decodes[formInput](t), 422, "The request has 2 faults.\nname must be at least 2 characters long\nage must be given once"},
		{"values of the query do not count", encoded, "", decodes[formInput](t), 422, "The request has one fault.\nname is required"},
		{"empty without a type", "", "", decodes[bodyForm](t), 422, "The request has one fault.\nname is required"},
		{"other type", "application/json", "{}", decodes[formInput](t), 415, "The body must be application/x-www-form-urlencoded or multipart/form-data."},
		{"no type", "", "name=Ada", decodes[formInput](t), 415, "The body must be application/x-www-form-urlencoded or multipart/form-data."},
		{"no boundary", "multipart/form-data", "x", decodes[formInput](t), 415, "The body must be application/x-www-form-urlencoded or multipart/form-data."},
		{"bad escape", encoded, "name=Ada&x=%zz", decodes[formInput](t), 400, "The body is not a valid form."},
		{"too many pairs", encoded, strings.Repeat("x=1&", 10_001), decodes[formInput](t), 400, "The body is not a valid form."},
		{"too large", encoded, "name=Ada", decodes[formInput](t, binding.WithMaxBody(7)), 413, "The request body is larger than 7 bytes."},
		{"multipart too large", partsType, parts.String(), decodes[formInput](t, binding.WithMaxBody(99)), 413, "The request body is larger than 99 bytes."},
		{"multipart cut off", partsType, parts.String()[:parts.Len()-8], decodes[formInput](t), 400, "The form ends before its last part does."},
		{"multipart that is none", partsType, "name=Ada", decodes[formInput](t), 400, "The form ends before its last part does."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/?name=q", strings.NewReader(tt.body))
			if tt.mediaType != "" {
				r.Header.Set("Content-Type", tt.mediaType)
			}
			rec := httptest.NewRecorder()
			tt.h.ServeHTTP(rec, r)
			if got := told(t, rec); rec.Code != tt.status || got != tt.want {
				t.Errorf("got %d %s\nwant %d %s", rec.Code, got, tt.status, tt.want)
			}
		})
	}
}

type upload struct {
	Title    string         `form:"title"`
	Receipt  binding.File   `form:"receipt" required:"true" accept:"image/*,application/pdf"`
	Cover    *binding.File  `form:"cover"`
	Appendix []binding.File `form:"appendix"`
}

func TestFiles(t *testing.T) {
	describe := binding.NewHandler(func(_ context.Context, in upload) (string, error) {
		text := in.Title
		files := append([]binding.File{in.Receipt}, in.Appendix...)
		if in.Cover != nil {
			files = append(files, *in.Cover)
		}
		for _, file := range files {
			f, err := file.Open()
			if err != nil {
				return "", err
			}
			content, err := io.ReadAll(f)
			if err != nil || int64(len(content)) != file.Size {
				t.Errorf("%s: %d bytes of %d, %v", file.Name, len(content), file.Size, err)
			}
			text += " " + file.Name + ":" + file.Header.Get("Content-Type") + ":" + string(content)
		}
		return text, nil
	})
	receipt := part{"receipt", "a.png", "image/png", "PNG"}
	tests := []struct {
		name   string
		parts  []part
		status int
		want   string
	}{
		{"one", []part{{name: "title", content: "T"}, receipt}, 200, "T a.png:image/png:PNG"},
		{"all", []part{receipt, {"appendix", "1.txt", "", "1"}, {"appendix", "2.txt", "", "2"}, {"cover", "c", "", "C"}}, 200, " a.png:image/png:PNG 1.txt::1 2.txt::2 c::C"},
		{"empty file", []part{{"receipt", "a.pdf", "application/pdf", ""}}, 200, " a.pdf:application/pdf:"},
		{"name with a path", []part{{"receipt", "../../etc/a.png", "image/png", "x"}}, 200, " a.png:image/png:x"},
		{"no file chosen", []part{receipt, {"cover", emptyName, "application/octet-stream", ""}}, 200, " a.png:image/png:PNG"},
		{"none chosen where one is required", []part{{"receipt", emptyName, "application/octet-stream", ""}}, 422, "The request has one fault.\nreceipt is required"},
		{"missing", nil, 422, "The request has one fault.\nreceipt is required"},
		{"value instead of a file", []part{{name: "receipt", content: "x"}}, 422, "The request has one fault.\nreceipt must be a file"},
		{"twice", []part{receipt, receipt, {"cover", "c", "", ""}, {"cover", "c", "", ""}}, 422, "The request has 2 faults.\nreceipt must be given once\ncover must be given once"},
		{"other type", []part{{"receipt", "a.exe", "application/octet-stream", "x"}}, 422, "The request has one fault.\nreceipt must be image/* or application/pdf"},
		{"no type", []part{{"receipt", "a.png", "", "x"}}, 422, "The request has one fault.\nreceipt must be image/* or application/pdf"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mediaType, body := multipartBody(t, tt.parts...)
			rec := post(describe, mediaType, body)
			if got := told(t, rec); rec.Code != tt.status || got != tt.want {
				t.Errorf("got %d %q\nwant %d %q", rec.Code, got, tt.status, tt.want)
			}
		})
	}
	if rec := post(describe, "application/x-www-form-urlencoded", strings.NewReader("title=T")); rec.Code != 415 {
		t.Errorf("a form that has files came encoded: got %d, want 415", rec.Code)
	}
	if _, err := (binding.File{}).Open(); err == nil || !strings.HasPrefix(err.Error(), "binding: ") {
		t.Errorf("zero File: %v", err)
	}
}
