//go:build !amd64 || purego

package alb

import (
	"encoding/binary"
	"math/bits"
)

// unescapeBlocks writes the value of src, the inside of a JSON string, to dst as long as it has no more than plain bytes, \" and \\,
// and there is room: 16 bytes in both, so that the last byte of src is never read. It returns the lengths of both, and the bytes that
// it read or'ed. What is behind the written may be overwritten.
func unescapeBlocks(dst, src []byte) (written, read int, seen uint64) {
	n, i := 0, 0
	for len(src)-i >= 16 && len(dst)-n >= 16 {
		w := binary.LittleEndian.Uint64(src[i:])
		binary.LittleEndian.PutUint64(dst[n:], w)
		m := firstSpecial(w)
		if m == 0 {
			seen |= w
			i, n = i+8, n+8
			continue
		}
		k := bits.TrailingZeros64(m) &^ 7 // bits before the first byte that means something
		seen |= w & (1<<k - 1)
		i, n = i+k/8, n+k/8
		c := src[i+1]
		if src[i] != '\\' || c != '"' && c != '\\' {
			break
		}
		dst[n] = c
		i, n = i+2, n+1
	}
	return n, i, seen
}

// firstSpecial is special for the lowest mark. Those above it may be too many.
func firstSpecial(w uint64) uint64 {
	below, backslash := w^2*ones, w^'\\'*ones
	return ((below-0x21*ones)&^below | (backslash-ones)&^backslash) & high
}

// escapeBlocks writes src as the inside of a JSON string to dst as long as it has no control bytes, and there is room: 24 bytes in
// dst, 8 in src. It returns the lengths of both. What is behind the written may be overwritten.
func escapeBlocks(dst, src []byte) (written, read int) {
	n, i := 0, 0
	for len(src)-i >= 8 && len(dst)-n >= 24 {
		w := binary.LittleEndian.Uint64(src[i:])
		m := special(w)
		if m != 0 && (w-' '*ones)&^w&high != 0 {
			break
		}
		out := (*[24]byte)(dst[n:])
		binary.LittleEndian.PutUint64(out[:8], w)
		i, n = i+8, n+8
		for at := 0; m != 0; m &= m - 1 {
			// The word once more from the marked byte on, behind a backslash.
			k := bits.TrailingZeros64(m) &^ 7
			out[(at+k/8)&15] = '\\'
			at++
			binary.LittleEndian.PutUint64(out[(at+k/8)&15:][:8], w>>k)
			n++
		}
	}
	return n, i
}

// special marks, by their high bits, the bytes of a word that mean something in a JSON string: the quote, the backslash and control
// bytes.
func special(w uint64) uint64 {
	below := w ^ 2*ones        // the quote and control bytes are below 0x21, and nothing else
	backslash := w ^ '\\'*ones // 0 where it is one
	return ^((below&low + (0x80-0x21)*ones | below) & (backslash&low + low | backslash)) & high
}
