package binding

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/router/problem"
)

// encoder is one representation.
type encoder struct {
	mediaType string // as it is sent
	essence   string // without parameters, in lower case
	encode    func(w io.Writer, v any) error
}

// negotiate returns the representation that the request prefers (RFC 9110, section 12.5.1); nil is JSON. That wins where others are
// as welcome, and is what a request without an Accept field gets. The error is a 406.
func (o *output) negotiate(r *http.Request, c *config) (*encoder, error) {
	if len(c.encoders) == 0 || o.kind != encoded {
		return nil, nil
	}
	accept := strings.Join(r.Header["Accept"], ",")
	if accept == "" {
		return nil, nil
	}
	const json = "application/json"
	var best *encoder
	bestQuality, names := quality(accept, json), []string{json}
	for i := range c.encoders {
		e := &c.encoders[i]
		if q := quality(accept, e.essence); q > bestQuality {
			best, bestQuality = e, q
		}
		names = append(names, e.essence)
	}
	if bestQuality == 0 {
		p := problem.New(http.StatusNotAcceptable, "The response can be "+strings.Join(names, " or ")+".")
		p.Header = http.Header{"Vary": {"Accept"}}
		return nil, p
	}
	return best, nil
}

// quality is the weight that an Accept field gives a media type, by the most specific range that has it; 0 is refusal. Parameters
// of ranges other than q are not looked at.
func quality(accept, essence string) float64 {
	weight, precision := 0.0, 0
	for accept != "" {
		end := memberEnd(accept)
		mediaRange, parameters, _ := strings.Cut(accept[:end], ";")
		accept = strings.TrimPrefix(accept[end:], ",")
		if p := precisionOf(strings.ToLower(strings.TrimSpace(mediaRange)), essence); p > precision {
			weight, precision = weightOf(parameters), p
		}
	}
	return weight
}

// precisionOf is how closely a range fits the media type; 0 is not at all.
func precisionOf(mediaRange, essence string) int {
	prefix, isRange := strings.CutSuffix(mediaRange, "/*")
	switch {
	case mediaRange == essence:
		return 3
	case mediaRange == "*/*":
		return 1
	case isRange && strings.HasPrefix(essence, prefix+"/"):
		return 2
	default:
		return 0
	}
}

// weightOf returns the q parameter, 1 without one. One that is no number counts as 0.
func weightOf(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(p, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}
