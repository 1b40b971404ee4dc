package curl

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"path/filepath"
	"strings"
)

// A part is one of a multipart form.
type part struct {
	name, filename, mediaType string
	headers                   []string
	isFile                    bool // filename and a media type are told
	content                   []byte
}

func (c *command) addFormString(value string) error {
	name, text, err := formName("form-string", value)
	if err != nil {
		return err
	}
	c.parts = append(c.parts, part{name: name, content: []byte(text)})
	return nil
}

// addForm reads name=text, name=@file and name=<file, each with parameters behind a semicolon.
func (c *command) addForm(value string) error {
	name, rest, err := formName("form", value)
	if err != nil {
		return err
	}
	p := part{name: name}
	kind := byte(0)
	if rest != "" && (rest[0] == '@' || rest[0] == '<') {
		kind, rest = rest[0], rest[1:]
	}
	text, rest := formWord(rest)
	switch kind {
	case 0:
		p.content = []byte(text)
	default:
		if p.content, err = c.read(text); err != nil {
			return err
		}
		if kind == '@' {
			p.isFile, p.filename = true, filepath.Base(text)
			if text != "-" {
				p.mediaType = mediaTypeOf(text)
			}
		}
	}
	if err := p.readParameters(rest); err != nil {
		return err
	}
	c.parts = append(c.parts, p)
	return nil
}

func formName(option, value string) (name, rest string, err error) {
	name, rest, ok := strings.Cut(value, "=")
	if !ok {
		return "", "", fmt.Errorf("--%s %q has no \"=\"; write name=text", option, value)
	}
	return name, rest, nil
}

// readParameters reads ";type=…;filename=…;headers=…". What follows a type and is none of them belongs to the type, as charset does.
func (p *part) readParameters(rest string) error {
	last := ""
	for rest != "" {
		var word string
		rest = strings.TrimLeft(rest[1:], " \t")
		key, after, _ := strings.Cut(rest, "=")
		switch key {
		case "type":
			p.mediaType, rest = formWord(after)
		case "filename":
			word, rest = formWord(after)
			p.filename, p.isFile = word, true
		case "headers":
			if strings.HasPrefix(after, "@") || strings.HasPrefix(after, "<") {
				return fmt.Errorf("--form %s: headers are not read from files; write headers=\"Name: value\"", p.name)
			}
			word, rest = formWord(after)
			p.headers = append(p.headers, word)
		default:
			word, rest = formWord(rest)
			if last != "type" {
				return fmt.Errorf("--form %s: %q is no parameter; there are type, filename and headers, and quotes keep a semicolon", p.name, word)
			}
			p.mediaType += ";" + word
			continue
		}
		last = key
	}
	return nil
}

// formWord reads up to a semicolon, or a text in quotes with backslashes before quotes and backslashes.
func formWord(s string) (word, rest string) {
	if strings.HasPrefix(s, `"`) {
		var b strings.Builder
		for i := 1; i < len(s); i++ {
			switch {
			case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
				i++
				b.WriteByte(s[i])
			case s[i] == '"' && (i+1 == len(s) || s[i+1] == ';'):
				return b.String(), s[i+1:]
			default:
				b.WriteByte(s[i])
			}
		}
	}
	if i := strings.IndexByte(s, ';'); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// mediaTypeOf knows the extensions that curl knows.
func mediaTypeOf(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".gif":
		return "image/gif"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain"
	case ".htm", ".html":
		return "text/html"
	case ".pdf":
		return "application/pdf"
	case ".xml":
		return "application/xml"
	}
	return "application/octet-stream"
}

// encodeForm returns the body and the boundary in it.
func encodeForm(parts []part) (body []byte, boundary string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary(strings.Repeat("-", 24) + rand.Text()[:22]); err != nil {
		return nil, "", err
	}
	escape := strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		disposition := "form-data"
		if p.name != "" {
			disposition += `; name="` + escape(p.name) + `"`
		}
		if p.isFile {
			disposition += `; filename="` + escape(p.filename) + `"`
		}
		h.Set("Content-Disposition", disposition)
		if p.mediaType != "" {
			h.Set("Content-Type", p.mediaType)
		}
		for _, line := range p.headers {
			name, value, _ := strings.Cut(line, ":")
			h.Add(name, strings.TrimSpace(value))
		}
		w, err := w.CreatePart(h)
		if err != nil {
			return nil, "", err
		}
		if _, err := w.Write(p.content); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), w.Boundary(), nil
}
