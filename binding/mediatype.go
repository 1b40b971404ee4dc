package binding

import (
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/router/problem"
)

// mediaTypeOf returns a Content-Type without parameters, in lower case, and its charset.
func mediaTypeOf(contentType string) (essence, charset string, ok bool) {
	essence, parameters, err := mime.ParseMediaType(contentType)
	return essence, parameters["charset"], err == nil && strings.Contains(essence, "/")
}

// acceptOf returns the media types of the field's accept tag.
func (p *plan) acceptOf(f *reflect.StructField) []string {
	tag, ok := f.Tag.Lookup("accept")
	if !ok {
		return nil
	}
	accept := strings.Split(tag, ",")
	for i, one := range accept {
		essence, _, ok := mediaTypeOf(one)
		if !ok || strings.Contains(one, ";") {
			p.failTag(f, "accept", "has the media type "+strconv.Quote(one), "write media types such as \"image/png,application/pdf\" or \"image/*\"")
		}
		accept[i] = essence
	}
	return accept
}

// accepts reports whether one of the media types, or of the ranges such as image/*, is that of the content.
func accepts(accept []string, contentType string) bool {
	essence, _, ok := mediaTypeOf(contentType)
	if !ok {
		return false
	}
	for _, a := range accept {
		if prefix, isRange := strings.CutSuffix(a, "*"); a == essence || a == "*/*" || isRange && strings.HasPrefix(essence, prefix) {
			return true
		}
	}
	return false
}

// wrongMediaType is a 415, whose Accept field says what would be right (RFC 9110, section 15.5.16).
func wrongMediaType(accept []string) *problem.Details {
	p := problem.New(http.StatusUnsupportedMediaType, "The body must be "+strings.Join(accept, " or ")+".")
	p.Header = http.Header{"Accept": {strings.Join(accept, ", ")}}
	return p
}
