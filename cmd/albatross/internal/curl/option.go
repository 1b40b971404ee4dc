package curl

import (
	"slices"
	"strings"
)

// An option is one of curl's. Without a set function it has no effect on the request.
type option struct {
	short byte // 0 for none
	long  string
	value bool   // the next argument, or the rest of a short one, is its value
	usage string // for completion and help
	set   func(*command, string) error
}

// The options that have an effect, in the order of curl's manual.
var options = []option{
	{'b', "cookie", true, "send a cookie, name=value", (*command).addCookie},
	{0, "compressed", false, "accept compressed responses", (*command).setCompressed},
	{'d', "data", true, "send a form; @file reads one without its line ends", (*command).addData},
	{0, "data-ascii", true, "the same as --data", (*command).addData},
	{0, "data-binary", true, "send as it is; @file reads one", (*command).addBinary},
	{0, "data-raw", true, "send as it is, @ included", (*command).addRaw},
	{0, "data-urlencode", true, "send percent-encoded: text, =text, name=text, @file, name@file", (*command).addURLEncoded},
	{'F', "form", true, "send a part of a multipart form: name=text, name=@file, name=<file", (*command).addForm},
	{0, "form-string", true, "send a part as it is: name=text", (*command).addFormString},
	{'G', "get", false, "put the data into the query", (*command).setGet},
	{'I', "head", false, "ask for the header alone", (*command).setHead},
	{'H', "header", true, "'Name: value'; 'Name:' removes, 'Name;' sends it empty, @file reads lines", (*command).addHeader},
	{0, "json", true, "send JSON and ask for JSON; @file reads one", (*command).addJSON},
	{0, "oauth2-bearer", true, "send a bearer token", text(func(c *command) **string { return &c.bearer })},
	{0, "path-as-is", false, "keep /../ and /./ in the path", (*command).setPathAsIs},
	{'r', "range", true, "ask for a range of bytes", text(func(c *command) **string { return &c.byteRange })},
	{'e', "referer", true, "send a Referer", text(func(c *command) **string { return &c.referer })},
	{'X', "request", true, "the method", text(func(c *command) **string { return &c.method })},
	{0, "request-target", true, "the target in the request line", text(func(c *command) **string { return &c.target })},
	{'T', "upload-file", true, "PUT a file; - is standard input", text(func(c *command) **string { return &c.upload })},
	{0, "url", true, "the URL", (*command).setURL},
	{0, "url-query", true, "add to the query, percent-encoded as by --data-urlencode", (*command).addQuery},
	{'u', "user", true, "name:password of Basic authentication", text(func(c *command) **string { return &c.user })},
	{'A', "user-agent", true, "the User-Agent; '' sends none", text(func(c *command) **string { return &c.agent })},
}

// The options without effect, those of one letter and the others, without and with a value.
const (
	quietLetters      = "#01246fgiJjkLNOqRSsvZ"
	quietLetterValues = "cDEmowYy"
	quietNames        = ` basic cert-status create-dirs disable fail fail-early fail-with-body globoff http1.0 http1.1 http2
		http2-prior-knowledge http3 include insecure ipv4 ipv6 junk-session-cookies location location-trusted no-alpn no-buffer
		no-keepalive no-progress-meter no-sessionid parallel post301 post302 post303 progress-bar raw remote-header-name remote-name
		remote-time remove-on-error retry-all-errors retry-connrefused show-error show-headers silent ssl ssl-reqd styled-output
		tcp-fastopen tcp-nodelay tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 trace-time verbose `
	quietNameValues = ` cacert capath cert cert-type ciphers connect-timeout connect-to cookie-jar curves dns-servers dump-header
		happy-eyeballs-timeout-ms interface keepalive-time key key-type limit-rate local-port max-filesize max-redirs max-time noproxy
		output output-dir pass pinnedpubkey resolve retry retry-delay retry-max-time speed-limit speed-time stderr tls-max
		tls13-ciphers trace trace-ascii unix-socket write-out `
)

// text is the set function of an option of which the last one counts.
func text(field func(*command) **string) func(*command, string) error {
	return func(c *command, value string) error {
		*field(c) = &value
		return nil
	}
}

func findLong(name string) (option, bool) {
	for _, o := range options {
		if o.long == name {
			return o, true
		}
	}
	takes := slices.Contains(strings.Fields(quietNameValues), name)
	return option{long: name, value: takes}, takes || slices.Contains(strings.Fields(quietNames), name)
}

func findShort(letter byte) (option, bool) {
	for _, o := range options {
		if o.short == letter && letter != 0 {
			return o, true
		}
	}
	takes := strings.IndexByte(quietLetterValues, letter) >= 0
	return option{short: letter, value: takes}, takes || strings.IndexByte(quietLetters, letter) >= 0
}

// Width is how many arguments the first of args takes as one of curl's options, its value included: 1 or 2, or 1 when it is none.
func Width(args []string) int {
	arg := args[0]
	takes := false
	switch {
	case strings.HasPrefix(arg, "--"):
		o, _ := findLong(arg[2:])
		takes = o.value
	case isOption(arg):
		for i := 1; i < len(arg); i++ {
			if o, _ := findShort(arg[i]); o.value {
				takes = i == len(arg)-1
				break
			}
		}
	}
	if takes && len(args) > 1 {
		return 2
	}
	return 1
}

// isOption reports whether the argument is written as options are; "-" alone is none.
func isOption(arg string) bool { return len(arg) > 1 && arg[0] == '-' }

// An Option is how one of curl's options is written, and what it does.
type Option struct{ Short, Long, Usage string }

// Options lists the options that have an effect.
func Options() []Option {
	list := make([]Option, 0, len(options))
	for _, o := range options {
		short := ""
		if o.short != 0 {
			short = "-" + string(o.short)
		}
		list = append(list, Option{Short: short, Long: "--" + o.long, Usage: o.usage})
	}
	return list
}
