package inspector

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// overhead is roughly what a record, a header or a line takes besides its text.
const overhead = 64

// fit cuts r, which has this size, down to limit bytes, as far as its log and bodies allow, and returns its new size. The log loses
// its earliest lines, then the largest body its end.
func fit(r *record.Record, size, limit int64) int64 {
	for len(r.Log) > 0 && size > limit {
		size -= lineSize(r.Log[0])
		r.Log = r.Log[1:]
	}
	for size > limit {
		body := slices.MaxFunc([]*record.Body{&r.Request.Body, &r.Event, &r.Answer, &r.Response.Body}, func(a, b *record.Body) int {
			return len(a.Bytes) - len(b.Bytes)
		})
		had := int64(len(body.Bytes))
		if had == 0 {
			break
		}
		*body = cut(*body, max(0, had-(size-limit)))
		size -= had - int64(len(body.Bytes))
	}
	return size
}

// cut keeps so many bytes, and text as text.
func cut(b record.Body, keep int64) record.Body {
	if utf8.Valid(b.Bytes) {
		for keep > 0 && !utf8.RuneStart(b.Bytes[keep]) {
			keep--
		}
	}
	return record.Body{Bytes: bytes.Clone(b.Bytes[:keep]), Truncated: b.Truncated + int64(len(b.Bytes)) - keep}
}

func sizeOf(r *record.Record) int64 {
	size := 8*overhead + len(r.Error) + len(r.Event.Bytes) + len(r.Answer.Bytes)
	for _, m := range []*record.Message{&r.Request, &r.Response} {
		size += len(m.Target) + len(m.Body.Bytes)
		for _, h := range m.Headers {
			size += len(h[0]) + len(h[1]) + overhead
		}
	}
	for _, f := range r.Findings {
		size += len(f.Field) + len(f.Problem) + len(f.Remedy) + overhead
	}
	total := int64(size)
	for _, l := range r.Log {
		total += lineSize(l)
	}
	return total
}

func lineSize(l record.Line) int64 { return int64(len(l.Text)) + overhead }
