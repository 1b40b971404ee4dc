//go:build amd64 && !purego

package alb

// unescapeBlocks writes the value of src, the inside of a JSON string, to dst as long as it has no more than plain bytes, \" and \\,
// and there is room: 64 bytes in dst, and in src 33, or 65 for what has escapes, so that the last byte of src is never read. It returns
// the lengths of both, and all bits if there were bytes outside of ASCII. What is behind the written may be overwritten.
//
//go:noescape
func unescapeBlocks(dst, src []byte) (written, read int, seen uint64)

// escapeBlocks writes src as the inside of a JSON string to dst as long as it has no control bytes, and there is room: 96 bytes in
// dst, 64 in src. It returns the lengths of both. What is behind the written may be overwritten.
//
//go:noescape
func escapeBlocks(dst, src []byte) (written, read int)
