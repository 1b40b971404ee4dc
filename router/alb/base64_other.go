//go:build !amd64 || purego

package alb

import (
	"encoding/binary"
	"sync"
)

// Large bodies go through tables that take several characters at a time. They are made when the first large body comes: a function
// that has none need not wait for them.

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// hasBase64Blocks is for processors that may not have what the functions below need.
func hasBase64Blocks() bool { return true }

type base64Tables struct {
	once    sync.Once
	encoded [1 << 12]uint16 // two characters by twelve bits
	decoded [4][256]uint32  // 24 bits by the character at each of four places; badBase64 where it is none
}

const badBase64 = 1 << 31

var tables base64Tables

func (t *base64Tables) make() {
	for place := range t.decoded {
		for c := range t.decoded[place] {
			t.decoded[place][c] = badBase64
		}
		for value, c := range []byte(base64Alphabet) {
			t.decoded[place][c] = uint32(value) << (18 - 6*place)
		}
	}
	for i := range t.encoded {
		t.encoded[i] = uint16(base64Alphabet[i>>6]) | uint16(base64Alphabet[i&63])<<8
	}
}

// encodeBase64Blocks writes src, six bytes at a time, to dst, which has room for all of it, and returns the lengths of both.
func encodeBase64Blocks(dst, src []byte) (written, read int) {
	t := &tables
	t.once.Do(t.make)
	for len(src)-read >= 8 {
		w := binary.BigEndian.Uint64(src[read:])
		binary.LittleEndian.PutUint64(dst[written:], uint64(t.encoded[w>>52])|uint64(t.encoded[w>>40&0xfff])<<16|
			uint64(t.encoded[w>>28&0xfff])<<32|uint64(t.encoded[w>>16&0xfff])<<48)
		written, read = written+8, read+6
	}
	return written, read
}

// decodeBase64Blocks writes the value of src, eight characters at a time, to dst, and returns the lengths of both. It stops before
// what is no character of the alphabet. Both may begin at the same place: reading is ahead of writing.
func decodeBase64Blocks(dst, src []byte) (written, read int) {
	t := &tables
	t.once.Do(t.make)
	for ; len(src) >= 16; written += 6 {
		high := t.decoded[0][src[0]] | t.decoded[1][src[1]] | t.decoded[2][src[2]] | t.decoded[3][src[3]]
		low := t.decoded[0][src[4]] | t.decoded[1][src[5]] | t.decoded[2][src[6]] | t.decoded[3][src[7]]
		if (high|low)&badBase64 != 0 {
			break
		}
		binary.BigEndian.PutUint64(dst[written:], uint64(high)<<40|uint64(low)<<16)
		src, read = src[8:], read+8
	}
	return written, read
}
