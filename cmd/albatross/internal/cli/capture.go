package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A capture is an event that a function was given once, with its answer where that is known.
type capture struct {
	file      string
	index     int   // in the file, from 1
	id        int64 // of the record, 0 for a mere event
	title     string
	event     []byte
	answer    []byte
	hasAnswer bool // also of an invocation that failed, which has none
}

// parseCaptures reads events and records: one, an array, or one after the other. Records of requests that the listener answered by itself
// are skipped.
func parseCaptures(file string, data []byte) ([]capture, error) {
	var values []json.RawMessage
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		var v json.RawMessage
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, usage("%s is not JSON: %w; give events or records, one after the other or in an array", file, err)
		}
		var list []json.RawMessage
		if json.Unmarshal(v, &list) != nil {
			list = []json.RawMessage{v}
		}
		values = append(values, list...)
	}
	var captures []capture
	for i, v := range values {
		c := capture{file: file, index: i + 1, event: v}
		ok, err := c.read(v)
		if err != nil {
			return nil, err
		}
		if ok {
			captures = append(captures, c)
		}
	}
	if len(captures) == 0 {
		return nil, usage("%s holds no event; capture one with albatross event or albatross --json invoke", file)
	}
	return captures, nil
}

// read knows a record by its start and request, which no event has. It reports whether there is an event.
func (c *capture) read(v json.RawMessage) (bool, error) {
	var shape map[string]json.RawMessage
	if json.Unmarshal(v, &shape) != nil {
		return false, usage("%s:%d is neither an event nor a record; both are JSON objects", c.file, c.index)
	}
	if record, ok := shape["record"]; ok && shape["compared"] != nil { // of an earlier replay
		return c.read(record)
	}
	if shape["request"] != nil && shape["start"] != nil {
		return c.readRecord(v)
	}
	c.title = titleOf(v)
	return true, nil
}

func (c *capture) readRecord(v json.RawMessage) (bool, error) {
	var r record.Record
	if err := json.Unmarshal(v, &r); err != nil {
		return false, usage("%s:%d is no record: %w; export it again", c.file, c.index, err)
	}
	switch {
	case r.Event.IsZero():
		return false, nil
	case r.Event.Truncated > 0:
		return false, usage("%s:%d holds only a part of its event; capture it whole", c.file, c.index)
	}
	c.id, c.event, c.title = r.ID, r.Event.Bytes, titleOf(r.Event.Bytes)
	c.answer, c.hasAnswer = r.Answer.Bytes, r.Answer.Truncated == 0
	return true, nil
}

// titleOf is the event's request line.
func titleOf(event []byte) string {
	var e struct {
		Method string `json:"httpMethod"`
		Path   string `json:"path"`
	}
	if json.Unmarshal(event, &e) != nil || e.Method == "" {
		return "event"
	}
	return e.Method + " " + e.Path
}
