package alb

import (
	"encoding/base64"
	"encoding/binary"
	"sync"
)

// Large bodies go through tables that take several characters at a time. They are made when the first large body comes: a function
// that has none need not wait for them. Results are those of encoding/base64 to the byte.

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// largeBody is where the tables begin to pay.
const largeBody = 4 << 10

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

// encodeBase64 writes src, six bytes at a time, to dst, which has the room.
func encodeBase64(dst, src []byte) {
	if len(src) >= largeBody {
		t := &tables
		t.once.Do(t.make)
		for len(src) >= 8 {
			w := binary.BigEndian.Uint64(src)
			binary.LittleEndian.PutUint64(dst, uint64(t.encoded[w>>52])|uint64(t.encoded[w>>40&0xfff])<<16|
				uint64(t.encoded[w>>28&0xfff])<<32|uint64(t.encoded[w>>16&0xfff])<<48)
			src, dst = src[6:], dst[8:]
		}
	}
	base64.StdEncoding.Encode(dst, src)
}

// decodeBase64 writes the value of src, eight characters at a time, to dst, which has room for encoding/base64's DecodedLen. Both may
// begin at the same place: reading is ahead of writing.
func decodeBase64(dst, src []byte) (n int, err error) {
	if len(src) >= largeBody {
		t := &tables
		t.once.Do(t.make)
		for len(src) >= 16 {
			high := t.decoded[0][src[0]] | t.decoded[1][src[1]] | t.decoded[2][src[2]] | t.decoded[3][src[3]]
			low := t.decoded[0][src[4]] | t.decoded[1][src[5]] | t.decoded[2][src[6]] | t.decoded[3][src[7]]
			if (high|low)&badBase64 != 0 {
				break
			}
			binary.BigEndian.PutUint64(dst[n:], uint64(high)<<40|uint64(low)<<16)
			n += 6
			src = src[8:]
		}
	}
	rest, err := base64.StdEncoding.Decode(dst[n:], src)
	return n + rest, err
}
