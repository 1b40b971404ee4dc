package curl

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// A command is what the arguments of one curl command say.
type command struct {
	stdin    io.Reader
	address  *string
	method   *string
	headers  []string
	cookies  []string
	data     []byte
	hasData  bool
	json     bool
	parts    []part
	query    []string
	upload   *string
	get      bool
	head     bool
	asIs     bool
	compress bool

	target, user, agent, referer, bearer, byteRange *string
}

// parse reads the arguments.
func (c *command) parse(args []string) error {
	for len(args) > 0 {
		arg := args[0]
		width := Width(args)
		value := ""
		if width == 2 {
			value = args[1]
		}
		args = args[width:]
		var err error
		switch {
		case strings.HasPrefix(arg, "--"):
			err = c.long(arg[2:], value, width == 2)
		case isOption(arg):
			err = c.short(arg, value, width == 2)
		default:
			err = c.setURL(arg)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *command) long(name, value string, hasValue bool) error {
	o, known := findLong(name)
	if !known {
		before, after, _ := strings.Cut(name, "=")
		if _, known := findLong(before); known {
			return fmt.Errorf("curl knows no --%s=; write the value as an argument of its own: --%s '%s'", before, before, after)
		}
		return fmt.Errorf("--%s is no option of curl that is known here; see --help, and write options in full", name)
	}
	if o.value && !hasValue {
		return fmt.Errorf("--%s has no value; give one as the next argument", name)
	}
	return c.apply(o, value)
}

// short reads an argument of letters, such as -sSXPOST.
func (c *command) short(arg, next string, hasNext bool) error {
	for i := 1; i < len(arg); i++ {
		o, known := findShort(arg[i])
		switch {
		case !known && arg[i] == ':':
			return fmt.Errorf("%s begins a second request; make one at a time", arg)
		case !known:
			return fmt.Errorf("-%c is no option of curl that is known here; see --help", arg[i])
		case o.value && i+1 < len(arg):
			return c.apply(o, arg[i+1:])
		case o.value && !hasNext:
			return fmt.Errorf("-%c has no value; give one after it", arg[i])
		}
		if err := c.apply(o, next); err != nil {
			return err
		}
	}
	return nil
}

func (c *command) apply(o option, value string) error {
	if o.set == nil {
		return nil
	}
	return o.set(c, value)
}

func (c *command) setURL(value string) error {
	if c.address != nil {
		return fmt.Errorf("there are two URLs, %s and %s; give one, and put a text with spaces in quotes", *c.address, value)
	}
	c.address = &value
	return nil
}

func (c *command) setCompressed(string) error { c.compress = true; return nil }
func (c *command) setGet(string) error        { c.get = true; return nil }
func (c *command) setHead(string) error       { c.head = true; return nil }
func (c *command) setPathAsIs(string) error   { c.asIs = true; return nil }

func (c *command) addCookie(value string) error {
	if !strings.Contains(value, "=") {
		return fmt.Errorf("the cookie %q has no \"=\", so curl would read a file of that name; write name=value", value)
	}
	c.cookies = append(c.cookies, value)
	return nil
}

func (c *command) addHeader(value string) error {
	name, ok := strings.CutPrefix(value, "@")
	if !ok {
		c.headers = append(c.headers, value)
		return nil
	}
	lines, err := c.read(name)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(lines)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			c.headers = append(c.headers, line)
		}
	}
	return nil
}

// read returns a file, or all of standard input for "-".
func (c *command) read(name string) ([]byte, error) {
	if name != "-" {
		data, err := os.ReadFile(name) //nolint:gosec // the user's own choice
		if err != nil {
			return nil, fmt.Errorf("%w; name a file that can be read", err)
		}
		return data, nil
	}
	if c.stdin == nil {
		return nil, nil
	}
	data, err := io.ReadAll(c.stdin)
	if err != nil {
		return nil, fmt.Errorf("standard input: %w", err)
	}
	return data, nil
}
