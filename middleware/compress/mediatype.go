package compress

import "strings"

// compressible reports whether a body of this type gets smaller: text, and the few binary formats that are not compressed already.
func compressible(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	mediaType = strings.ToLower(strings.Trim(mediaType, " \t"))
	switch mediaType {
	case "application/cbor", "application/graphql", "application/javascript", "application/json", "application/json-seq", "application/jwk-set", "application/ld-json",
		"application/manifest", "application/msgpack", "application/ndjson", "application/protobuf", "application/rtf",
		"application/sql", "application/toml", "application/vnd.apple.mpegurl", "application/vnd.ms-fontobject", "application/wasm", "application/x-javascript",
		"application/x-ndjson", "application/x-protobuf", "application/x-www-form-urlencoded", "application/x-yaml", "application/xml",
		"application/yaml", "font/otf", "font/ttf", "image/bmp", "image/vnd.microsoft.icon", "image/x-icon":
		return true
	}
	suffix := mediaType[max(0, strings.LastIndexByte(mediaType, '+')):] // RFC 6838 section 4.2.8
	return strings.HasPrefix(mediaType, "text/") && mediaType != "text/event-stream" ||
		suffix == "+json" || suffix == "+xml" || suffix == "+yaml"
}
