package compress

import (
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzhttp/writer/gzkp"
	"github.com/klauspost/compress/gzhttp/writer/zstdkp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// coding is a content coding, RFC 9110 section 8.4.1; "" is none.
type coding string

const (
	codingZstd coding = "zstd"
	codingGzip coding = "gzip"
)

// encoder compresses what is written to it. Close ends the stream and gives the encoder back to a pool.
type encoder interface {
	io.WriteCloser
	Flush() error
}

func (c coding) newEncoder(dst io.Writer) encoder {
	if c == codingZstd {
		return zstdkp.NewWriter(dst, int(zstd.SpeedFastest))
	}
	return gzkp.NewWriter(dst, gzip.DefaultCompression)
}

// negotiate returns the coding that a client prefers by its Accept-Encoding, RFC 9110 section 12.5.3. A client that says nothing
// may understand anything, but few do.
func negotiate(acceptEncoding []string) coding {
	const unnamed = -1
	forZstd, forGzip, forIdentity, forOthers := float64(unnamed), float64(unnamed), float64(unnamed), float64(unnamed)
	for _, list := range acceptEncoding {
		for member := range strings.SplitSeq(list, ",") {
			name, parameter, _ := strings.Cut(member, ";")
			q := weight(parameter)
			switch strings.ToLower(strings.Trim(name, " \t")) {
			case "zstd":
				forZstd = q
			case "gzip", "x-gzip": // section 8.4.1.3
				forGzip = q
			case "identity":
				forIdentity = q
			case "*":
				forOthers = q
			}
		}
	}
	if forGzip == unnamed { // of "*" only what everybody can read is taken
		forGzip = forOthers
	}
	switch best := max(forZstd, forGzip); {
	case best <= 0, forIdentity > best:
		return ""
	case forZstd == best:
		return codingZstd
	default:
		return codingGzip
	}
}

// weight returns the number of a "q=" parameter: 1 if there is none, and 0, which refuses, if it is malformed.
func weight(parameter string) float64 {
	name, value, _ := strings.Cut(strings.Trim(parameter, " \t"), "=")
	switch {
	case name == "":
		return 1
	case name != "q" && name != "Q":
		return 0
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil || !(q >= 0 && q <= 1) { // NaN neither
		return 0
	}
	return q
}
