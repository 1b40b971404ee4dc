// Package content holds the bodies of the service that are larger than a line.
package content

import "strings"

// Text is n bytes of the line "0123456789abcdef", repeated and cut.
func Text(n int) string {
	const line = "0123456789abcdef\n"
	return strings.Repeat(line, n/len(line)+1)[:n]
}

// Image is 65,536 bytes that begin as a PNG and hold every value, so that no encoding but base64 brings them across.
func Image() []byte {
	image := make([]byte, 65_536)
	for i := range image {
		image[i] = byte((i*i + i>>3) & 0xff)
	}
	copy(image, "\x89PNG\r\n\x1a\n")
	return image
}
