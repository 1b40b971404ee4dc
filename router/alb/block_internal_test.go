//go:build amd64 && !purego

package alb

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"
)

// randomText is rich in what a block can have: plain runs, quotes, runs of backslashes at every place, other escapes, bytes outside
// of ASCII.
func randomText(rnd *rand.Rand, parts []string) []byte {
	var text []byte
	plain := 1 + rnd.IntN(40)
	for n := rnd.IntN(300); len(text) < n; {
		text = append(text, strings.Repeat("x", rnd.IntN(plain))...)
		text = append(text, strings.Repeat(parts[rnd.IntN(len(parts))], 1+rnd.IntN(5))...)
	}
	return text
}

func isControl(r rune) bool { return r < ' ' }

// guarded returns n bytes, and a function that reports whether the bytes behind them are untouched.
func guarded(n int) (buf []byte, intact func() bool) {
	whole := bytes.Repeat([]byte{0xa5}, n+256)
	return whole[:n:n], func() bool { return bytes.Count(whole[n:], []byte{0xa5}) == 256 }
}

func TestUnescapeBlocks(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	parts := []string{`\"`, `\\`, `\"`, `\\`, `é`, `y`}
	rare := append(parts[:len(parts):len(parts)], `\n`, `"`, "\x1f", "\x00", "\xff", `\/`, `\u00e9`, "\x7f", " ", "!", "#", "[", "]")
	for range 200_000 {
		src := randomText(rnd, [][]string{parts, rare}[rnd.IntN(2)])
		dst, intact := guarded(rnd.IntN(400))
		written, read, seen := unescapeBlocks(dst, src)
		if len(src) > 0 && read >= len(src) {
			t.Fatalf("%q: nothing is left of it", src)
		}

		want, i := []byte(nil), 0
		for i < read {
			c := src[i]
			if c == '\\' && i+1 < read {
				i++
				c = src[i]
				if c != '"' && c != '\\' {
					t.Fatalf("%q: took \\%c as the byte itself", src, c)
				}
			} else if c < ' ' || c == '"' || c == '\\' {
				t.Fatalf("%q: went past %q at %d to %d", src, c, i, read)
			}
			want = append(want, c)
			i++
		}
		if !bytes.Equal(dst[:written], want) {
			t.Fatalf("%q: of the first %d bytes %q, want %q", src, read, dst[:written], want)
		}
		if !intact() {
			t.Fatalf("%q: wrote behind %d bytes", src, len(dst))
		}
		if seen != 0 && seen != ^uint64(0) || seen == 0 && bytes.ContainsFunc(want, func(r rune) bool { return r >= 0x80 }) {
			t.Fatalf("%q: seen %x", src, seen)
		}
		if left := len(src) - read; len(dst)-written < 64 || left < 33 || left < 65 && bytes.IndexByte(src[read:read+32], '\\') >= 0 {
			continue // no room for more
		}
		switch next := src[read:]; {
		case next[0] == '"', next[0] == '\\' && next[1] != '"' && next[1] != '\\':
		case bytes.ContainsFunc(next[:32], isControl): // no JSON; it may stop before them
		default:
			t.Fatalf("%q: stopped at %d before %q", src, read, next[0])
		}
	}
}

func TestEscapeBlocks(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	parts := []string{`"`, `\`, `"`, `é`, `y`}
	rare := append(parts[:len(parts):len(parts)], "\n", "\x1f", "\x00", "\x7f", " ", "!", "#", "[", "]")
	for range 200_000 {
		src := randomText(rnd, [][]string{parts, rare}[rnd.IntN(2)])
		dst, intact := guarded(rnd.IntN(800))
		written, read := escapeBlocks(dst, src)

		want := strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(string(src[:read]))
		if string(dst[:written]) != want {
			t.Fatalf("%q: of the first %d bytes %q, want %q", src, read, dst[:written], want)
		}
		if strings.ContainsFunc(want, isControl) {
			t.Fatalf("%q: went past a control byte to %d", src, read)
		} else if len(src)-read >= 64 && len(dst)-written >= 96 && !bytes.ContainsFunc(src[read:read+32], isControl) {
			t.Fatalf("%q: stopped at %d", src, read)
		}
		if !intact() {
			t.Fatalf("%q: wrote behind %d bytes", src, len(dst))
		}
	}
}

func TestBase64Blocks(t *testing.T) {
	if !hasBase64Blocks() {
		t.Skip("a processor without SSSE3")
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		body := make([]byte, rnd.IntN(200))
		for i := range body {
			body[i] = byte(rnd.Uint32())
		}
		encoded := base64.StdEncoding.EncodeToString(body)

		dst, intact := guarded(len(encoded))
		written, read := encodeBase64Blocks(dst, body)
		if read%12 != 0 || written != read/3*4 || string(dst[:written]) != encoded[:written] || len(body)-read >= 16 || !intact() {
			t.Fatalf("%x: %d bytes to %d: %q", body, read, written, dst[:written])
		}

		text := []byte(encoded)
		wrong := len(text)
		if wrong > 0 && rnd.IntN(3) > 0 {
			wrong = rnd.IntN(len(text))
			text[wrong] = byte(rnd.Uint32())
			if strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", text[wrong]) >= 0 {
				text[wrong] = '='
			}
		}
		dst, intact = guarded(rnd.IntN(len(body) + 4))
		written, read = decodeBase64Blocks(dst, text)
		if read%16 != 0 || written != read/4*3 || !bytes.Equal(dst[:written], body[:written]) || read > wrong || !intact() {
			t.Fatalf("%q: %d characters to %d: %x", text, read, written, dst[:written])
		}
		if padding := strings.Count(encoded, "="); wrong-padding-read >= 16 && len(dst)-written >= 16 {
			t.Fatalf("%q: stopped at %d, %q is at %d", text, read, text[wrong:], wrong)
		}
		if written, read = decodeBase64Blocks(text, text); !bytes.Equal(text[:written], body[:written]) {
			t.Fatalf("in place: %d characters to %x, want %x", read, text[:written], body[:written])
		}
	}
}
