package alb

import "encoding/base64"

// largeBody is where blocks begin to pay. The results are those of encoding/base64 to the byte.
const largeBody = 4 << 10

// encodeBase64 writes src to dst, which has the room.
func encodeBase64(dst, src []byte) {
	if len(src) >= largeBody && hasBase64Blocks() {
		written, read := encodeBase64Blocks(dst, src)
		dst, src = dst[written:], src[read:]
	}
	base64.StdEncoding.Encode(dst, src)
}

// decodeBase64 writes the value of src to dst, which has room for encoding/base64's DecodedLen. Both may begin at the same place.
func decodeBase64(dst, src []byte) (n int, err error) {
	if len(src) >= largeBody && hasBase64Blocks() {
		written, read := decodeBase64Blocks(dst, src)
		dst, src, n = dst[written:], src[read:], written
	}
	rest, err := base64.StdEncoding.Decode(dst, src)
	return n + rest, err
}
