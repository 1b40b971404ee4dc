package record

import (
	"encoding/json"
	"unicode/utf8"
)

type bodyJSON struct {
	Text      *string `json:"text,omitempty"`
	Base64    []byte  `json:"base64,omitempty"`
	Truncated int64   `json:"truncated,omitempty"` // how many more bytes there were
}

// IsZero reports whether there is nothing, for omitzero.
func (b Body) IsZero() bool { return len(b.Bytes) == 0 && b.Truncated == 0 }

// MarshalJSON writes text where the bytes are UTF-8, else base64.
func (b Body) MarshalJSON() ([]byte, error) {
	j := bodyJSON{Truncated: b.Truncated}
	if utf8.Valid(b.Bytes) {
		text := string(b.Bytes)
		j.Text = &text
	} else {
		j.Base64 = b.Bytes
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (b *Body) UnmarshalJSON(data []byte) error {
	var j bodyJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	b.Bytes, b.Truncated = j.Base64, j.Truncated
	if j.Text != nil {
		b.Bytes = []byte(*j.Text)
	}
	return nil
}
