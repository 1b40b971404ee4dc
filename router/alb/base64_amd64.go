//go:build amd64 && !purego

package alb

import "sync/atomic"

// ssse3 is what hasBase64Blocks found: 0 not yet asked, 1 no, 2 yes.
var ssse3 atomic.Uint32

// hasBase64Blocks reports whether the functions below may be called. They need SSSE3, which processors have since 2006. It asks when the
// first large body comes, once: in a virtual machine the answer takes longer than an instruction.
//
//go:noinline // the binary is to stay small
func hasBase64Blocks() bool {
	if ssse3.Load() == 0 {
		ssse3.Store(1 + cpuFeatures()>>9&1)
	}
	return ssse3.Load() == 2
}

// cpuFeatures is register CX of the CPUID instruction for leaf 1.
func cpuFeatures() uint32

// encodeBase64Blocks writes src, twelve bytes at a time, to dst, which has room for all of it, and returns the lengths of
// both.
//
//go:noescape
func encodeBase64Blocks(dst, src []byte) (written, read int)

// decodeBase64Blocks writes the value of src, sixteen characters at a time, to dst, and returns the lengths of both. It stops before
// what is no character of the alphabet, and where sixteen bytes of dst are not left. Both may begin at the same place: reading is ahead
// of writing.
//
//go:noescape
func decodeBase64Blocks(dst, src []byte) (written, read int)
