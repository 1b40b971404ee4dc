//go:build amd64 && !purego

#include "textflag.h"

// Both functions take 32 bytes at a time with SSE2, which every amd64 processor has. A block is written whole, then, for each byte that is
// left out or put in, once more from there on. The addresses come from bit masks alone, so that no step waits for the one before it.

DATA quotes<>+0(SB)/8, $0x2222222222222222
DATA quotes<>+8(SB)/8, $0x2222222222222222
GLOBL quotes<>(SB), RODATA|NOPTR, $16

DATA backslashes<>+0(SB)/8, $0x5c5c5c5c5c5c5c5c
DATA backslashes<>+8(SB)/8, $0x5c5c5c5c5c5c5c5c
GLOBL backslashes<>(SB), RODATA|NOPTR, $16

DATA controls<>+0(SB)/8, $0x1f1f1f1f1f1f1f1f
DATA controls<>+8(SB)/8, $0x1f1f1f1f1f1f1f1f
GLOBL controls<>(SB), RODATA|NOPTR, $16

// LOAD reads a block at SI, which is src[read:], to X0 and X1.
#define LOAD \
	MOVOU (SI), X0   \
	MOVOU 16(SI), X1

// STORE writes it at DI, which is dst[written:].
#define STORE \
	MOVOU X0, (DI)   \
	MOVOU X1, 16(DI)

// EQUAL sets the bits of r where the block has the bytes of x.
#define EQUAL(x, r) \
	MOVOA    X0, X2 \
	MOVOA    X1, X3 \
	PCMPEQB  x, X2  \
	PCMPEQB  x, X3  \
	PMOVMSKB X2, r  \
	PMOVMSKB X3, BX \
	SHLL     $16, BX \
	ORL      BX, r

// CONTROL sets bits of AX if the block has control bytes, those of its second half as if they were in the first; X6 is full of 0x1f.
#define CONTROL \
	MOVOA    X0, X2 \
	MOVOA    X1, X3 \
	PMINUB   X6, X2 \
	PMINUB   X6, X3 \
	PCMPEQB  X0, X2 \
	PCMPEQB  X1, X3 \
	POR      X3, X2 \
	PMOVMSKB X2, AX

// func unescapeBlocks(dst, src []byte) (written, read int, seen uint64)
TEXT ·unescapeBlocks(SB), NOSPLIT, $0-72
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), R8
	MOVQ src_base+24(FP), SI
	MOVQ src_len+32(FP), R9
	LEAQ -64(DI)(R8*1), R8 // the last places where a round may begin
	LEAQ -33(SI)(R9*1), R9 // here so that a byte is left to say why it ended
	MOVOU quotes<>(SB), X4
	MOVOU backslashes<>(SB), X5
	MOVOU controls<>(SB), X6
	PXOR X7, X7            // the bytes that were seen, or'ed

unescape:
	CMPQ SI, R9
	JGT  unescaped
	CMPQ DI, R8
	JGT  unescaped
	LOAD
	STORE
	POR  X0, X7
	POR  X1, X7
	CONTROL
	MOVL AX, R11
	EQUAL(X5, CX)
	EQUAL(X4, DX)
	ORL  CX, AX
	JNZ  escapes
	TESTL DX, DX
	JNZ  end
	ADDQ $32, SI
	ADDQ $32, DI
	JMP  unescape

end:
	BSFL DX, AX
	ADDQ AX, SI
	ADDQ AX, DI
	JMP  unescaped

escapes:
	LEAQ 32(SI), AX        // where as much again is read
	CMPQ AX, R9
	JGT  unescaped

	// Of a run of backslashes every other one begins an escape, the first, the third and so on, at an odd place or an even one: the
	// subtraction borrows through the run. R10: the bytes that are escaped. CX: the backslashes before them.
	LEAL (CX)(CX*1), R10
	ORL  $0xaaaaaaaa, R10
	SUBL CX, R10
	XORL $0xaaaaaaaa, R10
	MOVL R10, AX
	XORL CX, R10
	MOVL CX, BX
	ORL  DX, BX
	ANDL AX, CX

	// R11: where it ends, before a control byte, at a quote that is not escaped, or at an escape that is more than the byte itself.
	MOVL R10, AX
	NOTL AX
	ANDL DX, AX
	ORL  AX, R11
	NOTL BX
	ANDL R10, BX
	ORL  BX, R11

	// AX: the length. An escape at the end of the block waits for the next round.
	MOVL R11, BX
	BTSQ $32, BX
	MOVL CX, AX
	ANDL $0x80000000, AX
	ORQ  AX, BX
	BSFQ BX, AX
	BTQ  AX, R10
	SBBQ $0, AX

	LEAQ (DI)(AX*1), R12  // the end of what is written
	MOVL CX, BX
	MOVL AX, CX
	XORL DX, DX
	BTSQ CX, DX
	DECL DX
	ANDL DX, BX           // the backslashes to leave out
	ADDQ SI, AX
	JMP  more

leaveOut:
	BSFL  BX, CX
	MOVOU 1(SI)(CX*1), X0
	MOVOU 17(SI)(CX*1), X1
	MOVOU X0, (DI)(CX*1)
	MOVOU X1, 16(DI)(CX*1)
	DECQ  DI
	DECQ  R12
	LEAL  -1(BX), CX
	ANDL  CX, BX

more:
	TESTL BX, BX
	JNZ   leaveOut
	MOVQ  AX, SI
	MOVQ  R12, DI
	TESTL R11, R11
	JZ    unescape

unescaped:
	SUBQ dst_base+0(FP), DI
	SUBQ src_base+24(FP), SI
	MOVQ DI, written+48(FP)
	MOVQ SI, read+56(FP)
	PMOVMSKB X7, AX
	NEGQ AX
	SBBQ AX, AX            // all bits, if there is one
	MOVQ AX, seen+64(FP)
	RET

// func escapeBlocks(dst, src []byte) (written, read int)
TEXT ·escapeBlocks(SB), NOSPLIT, $0-64
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), R8
	MOVQ src_base+24(FP), SI
	MOVQ src_len+32(FP), R9
	LEAQ -96(DI)(R8*1), R8
	LEAQ -64(SI)(R9*1), R9
	MOVOU quotes<>(SB), X4
	MOVOU backslashes<>(SB), X5
	MOVOU controls<>(SB), X6

escape:
	CMPQ SI, R9
	JGT  escaped
	CMPQ DI, R8
	JGT  escaped
	LOAD
	CONTROL
	TESTL AX, AX
	JNZ  escaped
	STORE
	EQUAL(X5, CX)
	EQUAL(X4, DX)
	ORL  DX, CX
	JZ   asItIs

putIn:
	BSFL  CX, BX
	MOVOU (SI)(BX*1), X0
	MOVOU 16(SI)(BX*1), X1
	MOVB  $0x5c, (DI)(BX*1)
	MOVOU X0, 1(DI)(BX*1)
	MOVOU X1, 17(DI)(BX*1)
	INCQ  DI
	LEAL  -1(CX), AX
	ANDL  AX, CX
	JNZ   putIn

asItIs:
	ADDQ $32, SI
	ADDQ $32, DI
	JMP  escape

escaped:
	SUBQ dst_base+0(FP), DI
	SUBQ src_base+24(FP), SI
	MOVQ DI, written+48(FP)
	MOVQ SI, read+56(FP)
	RET
