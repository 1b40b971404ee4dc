package inspector

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

// maxDepth is how deep a document may be nested to be read. Events and answers are flat.
const maxDepth = 200

// families are the members of an event or an answer that hold headers. An ALB knows the first two; "cookies" is that of other
// formats, in which some frameworks answer.
var families = []string{"headers", "multiValueHeaders", "cookies"}

// document masks the headers in the JSON of an event or an answer. All else stays as it is, byte for byte. JSON that is broken is
// masked as far as it can be read; if what follows mentions a secret header, it is left out.
func (s *secrets) document(text []byte) []byte {
	if len(text) == 0 {
		return text
	}
	d := documentMasker{secrets: s, text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	d.decoder.UseNumber()
	if err := d.value(0, "", ""); err == nil {
		d.mark()
	}
	rest := text[d.copied:]
	if mentionsSecret(string(rest)) {
		rest = []byte(mask + " (from here on this is no valid JSON, and it mentions secrets)")
	}
	return append(d.out, rest...)
}

// A documentMasker copies a document while it reads it.
type documentMasker struct {
	secrets *secrets
	text    []byte
	decoder *json.Decoder
	out     []byte
	copied  int // how much of the text is in out

	pending []replacement // since the last mark
}

// A replacement is new text for a part of the document.
type replacement struct {
	start, end int
	text       []byte
}

// mark copies what was read, with its replacements.
func (d *documentMasker) mark() {
	for _, r := range d.pending {
		d.out = append(append(d.out, d.text[d.copied:r.start]...), r.text...)
		d.copied = r.end
	}
	d.pending = d.pending[:0]
	end := int(d.decoder.InputOffset())
	d.out = append(d.out, d.text[d.copied:end]...)
	d.copied = end
}

// value reads one value. Depth counts what it is nested in, family is the member at the top that leads to it, key the nearest one.
func (d *documentMasker) value(depth int, family, key string) error {
	if depth > maxDepth {
		return errors.New("nested too deeply")
	}
	begin := int(d.decoder.InputOffset())
	token, err := d.decoder.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case json.Delim:
		return d.members(t == '{', depth, family, key)
	case string:
		if name, ok := headerOf(family, key); ok {
			quoted, _ := json.Marshal(d.secrets.value(name, t)) // a string always marshals
			start := begin + bytes.IndexByte(d.text[begin:], '"')
			d.pending = append(d.pending, replacement{start, int(d.decoder.InputOffset()), quoted})
		}
	}
	return nil
}

// members reads what is in an object or an array, and its end.
func (d *documentMasker) members(object bool, depth int, family, key string) error {
	for d.decoder.More() {
		if object {
			d.mark()
			token, err := d.decoder.Token()
			if err != nil {
				return err
			}
			key, _ = token.(string)
		}
		if depth == 0 {
			family = key
		}
		if err := d.value(depth+1, family, key); err != nil {
			return err
		}
	}
	_, err := d.decoder.Token()
	return err
}

// headerOf is the header that a text in a family stands for, if that is secret.
func headerOf(family, key string) (name string, ok bool) {
	switch {
	case !slices.Contains(families, family):
		return "", false
	case family == "cookies":
		return "Set-Cookie", true
	}
	return key, isSecret(key)
}
