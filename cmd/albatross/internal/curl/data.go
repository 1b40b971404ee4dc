package curl

import (
	"fmt"
	"net/url"
	"strings"
)

// addData joins what --data gives with "&". Of a file it leaves out line ends and NULs.
func (c *command) addData(value string) error {
	name, isFile := strings.CutPrefix(value, "@")
	if !isFile {
		return c.addRaw(value)
	}
	data, err := c.read(name)
	if err != nil {
		return err
	}
	return c.addRaw(strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(string(data)))
}

func (c *command) addBinary(value string) error {
	text, err := c.contentOf(value)
	if err != nil {
		return err
	}
	return c.addRaw(text)
}

func (c *command) addRaw(value string) error {
	if c.hasData {
		c.data = append(c.data, '&')
	}
	c.hasData = true
	c.data = append(c.data, value...)
	return nil
}

func (c *command) addURLEncoded(value string) error {
	text, err := c.urlEncoded(value)
	if err != nil {
		return err
	}
	return c.addRaw(text)
}

// addJSON joins what --json gives without anything between.
func (c *command) addJSON(value string) error {
	text, err := c.contentOf(value)
	if err != nil {
		return err
	}
	c.json, c.hasData = true, true
	c.data = append(c.data, text...)
	return nil
}

func (c *command) addQuery(value string) error {
	raw, ok := strings.CutPrefix(value, "+")
	if !ok {
		var err error
		if raw, err = c.urlEncoded(value); err != nil {
			return err
		}
	}
	c.query = append(c.query, raw)
	return nil
}

// contentOf is the value, or the file that it names after an "@".
func (c *command) contentOf(value string) (string, error) {
	name, isFile := strings.CutPrefix(value, "@")
	if !isFile {
		return value, nil
	}
	data, err := c.read(name)
	return string(data), err
}

// urlEncoded reads the five forms of --data-urlencode: content, =content, name=content, @file and name@file. The name stays as it is.
func (c *command) urlEncoded(value string) (string, error) {
	i := strings.IndexAny(value, "=@")
	if i < 0 {
		return url.QueryEscape(value), nil
	}
	name, content := value[:i], value[i+1:]
	if value[i] == '@' {
		data, err := c.read(content)
		if err != nil {
			return "", err
		}
		content = string(data)
	}
	if name != "" {
		name += "="
	}
	return name + url.QueryEscape(content), nil
}

// checkBody refuses two kinds of body at once.
func (c *command) checkBody() error {
	var kinds []string
	if c.hasData && !c.get {
		kinds = append(kinds, "--data")
	}
	if len(c.parts) > 0 {
		kinds = append(kinds, "--form")
	}
	if c.upload != nil {
		kinds = append(kinds, "--upload-file")
	}
	if c.head {
		kinds = append(kinds, "--head")
	}
	if len(kinds) > 1 {
		return fmt.Errorf("%s exclude each other; give one of them", strings.Join(kinds, " and "))
	}
	return nil
}
