//go:build amd64 && !purego

#include "textflag.h"

// Three bytes become four, those in the middle twice: b1 b0 b2 b1.
DATA spread<>+0(SB)/8, $0x0405030401020001
DATA spread<>+8(SB)/8, $0x0a0b090a07080607
GLOBL spread<>(SB), RODATA|NOPTR, $16

// The fields of six bits, first and third, second and fourth, and factors that shift each to its byte.
DATA odd<>+0(SB)/8, $0x0fc0fc000fc0fc00
DATA odd<>+8(SB)/8, $0x0fc0fc000fc0fc00
GLOBL odd<>(SB), RODATA|NOPTR, $16

DATA oddShift<>+0(SB)/8, $0x0400004004000040
DATA oddShift<>+8(SB)/8, $0x0400004004000040
GLOBL oddShift<>(SB), RODATA|NOPTR, $16

DATA even<>+0(SB)/8, $0x003f03f0003f03f0
DATA even<>+8(SB)/8, $0x003f03f0003f03f0
GLOBL even<>(SB), RODATA|NOPTR, $16

DATA evenShift<>+0(SB)/8, $0x0100001001000010
DATA evenShift<>+8(SB)/8, $0x0100001001000010
GLOBL evenShift<>(SB), RODATA|NOPTR, $16

// What to add to a value for its character: 13 for A to Z, 0 for a to z, 1 to 10 for the digits, 11 for +, 12 for /.
DATA toCharacter<>+0(SB)/8, $0xfcfcfcfcfcfcfc47
DATA toCharacter<>+8(SB)/8, $0x000041f0edfcfcfc
GLOBL toCharacter<>(SB), RODATA|NOPTR, $16

DATA lastLetter<>+0(SB)/8, $0x3333333333333333
DATA lastLetter<>+8(SB)/8, $0x3333333333333333
GLOBL lastLetter<>(SB), RODATA|NOPTR, $16

DATA letters<>+0(SB)/8, $0x1a1a1a1a1a1a1a1a
DATA letters<>+8(SB)/8, $0x1a1a1a1a1a1a1a1a
GLOBL letters<>(SB), RODATA|NOPTR, $16

DATA upperCase<>+0(SB)/8, $0x0d0d0d0d0d0d0d0d
DATA upperCase<>+8(SB)/8, $0x0d0d0d0d0d0d0d0d
GLOBL upperCase<>(SB), RODATA|NOPTR, $16

// A byte is of the alphabet if its two halves have no bit in common here.
DATA lowHalf<>+0(SB)/8, $0x1111111111111115
DATA lowHalf<>+8(SB)/8, $0x1a1b1b1b1a131111
GLOBL lowHalf<>(SB), RODATA|NOPTR, $16

DATA highHalf<>+0(SB)/8, $0x0804080402011010
DATA highHalf<>+8(SB)/8, $0x1010101010101010
GLOBL highHalf<>(SB), RODATA|NOPTR, $16

// What to add to a character for its value, by its high half, one less for the slash.
DATA toValue<>+0(SB)/8, $0xb9b9bfbf04131000
DATA toValue<>+8(SB)/8, $0x0000000000000000
GLOBL toValue<>(SB), RODATA|NOPTR, $16

DATA slashes<>+0(SB)/8, $0x2f2f2f2f2f2f2f2f
DATA slashes<>+8(SB)/8, $0x2f2f2f2f2f2f2f2f
GLOBL slashes<>(SB), RODATA|NOPTR, $16

// Factors that join two values to twelve bits, and two of those to 24. Then the bytes, without a gap.
DATA joinTwo<>+0(SB)/8, $0x0140014001400140
DATA joinTwo<>+8(SB)/8, $0x0140014001400140
GLOBL joinTwo<>(SB), RODATA|NOPTR, $16

DATA joinFour<>+0(SB)/8, $0x0001100000011000
DATA joinFour<>+8(SB)/8, $0x0001100000011000
GLOBL joinFour<>(SB), RODATA|NOPTR, $16

DATA close<>+0(SB)/8, $0x090a040506000102
DATA close<>+8(SB)/8, $0xffffffff0c0d0e08
GLOBL close<>(SB), RODATA|NOPTR, $16

// func cpuFeatures() uint32
TEXT ·cpuFeatures(SB), NOSPLIT, $0-4
	MOVL $1, AX
	XORL CX, CX
	CPUID
	MOVL CX, ret+0(FP)
	RET

// func encodeBase64Blocks(dst, src []byte) (written, read int)
TEXT ·encodeBase64Blocks(SB), NOSPLIT, $0-64
	MOVQ  dst_base+0(FP), DI
	MOVQ  src_base+24(FP), SI
	MOVQ  src_len+32(FP), CX
	LEAQ  -16(SI)(CX*1), CX // the last place where sixteen bytes can be read
	MOVOU spread<>(SB), X8
	MOVOU odd<>(SB), X9
	MOVOU oddShift<>(SB), X10
	MOVOU even<>(SB), X11
	MOVOU evenShift<>(SB), X12
	MOVOU toCharacter<>(SB), X13
	MOVOU lastLetter<>(SB), X14
	MOVOU letters<>(SB), X15
	MOVOU upperCase<>(SB), X7

encode:
	CMPQ    SI, CX
	JGT     encoded
	MOVOU   (SI), X0
	PSHUFB  X8, X0
	MOVOA   X0, X1
	PAND    X9, X0
	PMULHUW X10, X0
	PAND    X11, X1
	PMULLW  X12, X1
	POR     X1, X0           // the values
	MOVOA   X0, X1
	PSUBUSB X14, X1          // 0 for letters, 1 to 10 for digits, 11 and 12
	MOVOA   X15, X2
	PCMPGTB X0, X2
	PAND    X7, X2
	POR     X2, X1           // 13 for A to Z
	MOVOA   X13, X2
	PSHUFB  X1, X2
	PADDB   X2, X0
	MOVOU   X0, (DI)
	ADDQ    $12, SI
	ADDQ    $16, DI
	JMP     encode

encoded:
	SUBQ dst_base+0(FP), DI
	SUBQ src_base+24(FP), SI
	MOVQ DI, written+48(FP)
	MOVQ SI, read+56(FP)
	RET

// func decodeBase64Blocks(dst, src []byte) (written, read int)
TEXT ·decodeBase64Blocks(SB), NOSPLIT, $0-64
	MOVQ  dst_base+0(FP), DI
	MOVQ  dst_len+8(FP), DX
	MOVQ  src_base+24(FP), SI
	MOVQ  src_len+32(FP), CX
	LEAQ  -16(DI)(DX*1), DX // the last places where a round may begin
	LEAQ  -16(SI)(CX*1), CX
	MOVOU lowHalf<>(SB), X8
	MOVOU highHalf<>(SB), X9
	MOVOU toValue<>(SB), X10
	MOVOU slashes<>(SB), X11
	MOVOU joinTwo<>(SB), X12
	MOVOU joinFour<>(SB), X13
	MOVOU close<>(SB), X14
	PXOR  X15, X15

decode:
	CMPQ     SI, CX
	JGT      decoded
	CMPQ     DI, DX
	JGT      decoded
	MOVOU    (SI), X0
	MOVOA    X0, X1
	PSRLL    $4, X1
	PAND     X11, X1         // the high half, and a bit that PSHUFB does not look at
	MOVOA    X0, X2
	PAND     X11, X2
	MOVOA    X8, X3
	PSHUFB   X2, X3
	MOVOA    X9, X4
	PSHUFB   X1, X4
	PAND     X4, X3
	PCMPEQB  X15, X3
	PMOVMSKB X3, AX
	CMPL     AX, $0xffff
	JNE      decoded         // not all are of the alphabet
	MOVOA    X0, X3
	PCMPEQB  X11, X3
	PADDB    X3, X1
	MOVOA    X10, X2
	PSHUFB   X1, X2
	PADDB    X2, X0          // the values
	PMADDUBSW X12, X0
	PMADDWL  X13, X0
	PSHUFB   X14, X0
	MOVOU    X0, (DI)
	ADDQ     $16, SI
	ADDQ     $12, DI
	JMP      decode

decoded:
	SUBQ dst_base+0(FP), DI
	SUBQ src_base+24(FP), SI
	MOVQ DI, written+48(FP)
	MOVQ SI, read+56(FP)
	RET
