//go:build linux && amd64 && !purego

package alb

import (
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
)

// atTheEnd returns a function that copies bytes to the end of a page. The one behind it cannot be read: a function that reads too far
// crashes the test.
func atTheEnd(t *testing.T) func([]byte) []byte {
	t.Helper()
	page := os.Getpagesize()
	mapped, err := syscall.Mmap(-1, 0, 2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(mapped) })
	if err := syscall.Mprotect(mapped[page:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	return func(b []byte) []byte {
		end := mapped[page-len(b) : page : page]
		copy(end, b)
		return end
	}
}

func TestBlocksReadNoFurther(t *testing.T) {
	place := atTheEnd(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	dst := make([]byte, 4096)
	characters := make([]byte, 0, 256)
	for range 20_000 {
		src := place(randomText(rnd, []string{`\"`, `\\`, `é`, `y`}))
		unescapeBlocks(dst, src)
		escapeBlocks(dst, src)
		if !hasBase64Blocks() {
			continue
		}
		encodeBase64Blocks(dst, src)
		characters = characters[:rnd.IntN(cap(characters))]
		for i := range characters {
			characters[i] = 'A'
		}
		decodeBase64Blocks(dst, place(characters))
	}
}
