package alb

// class says what a byte is, in bits.
var class = classify()

const (
	token = 1 << iota // a byte of a token, RFC 9110 section 5.6.2
	hex
	lower
	upper
	digit
)

const alphanumeric = lower | upper | digit

func classify() (class [256]byte) {
	for c := range class {
		switch c := byte(c); {
		case '0' <= c && c <= '9':
			class[c] = token | hex | digit
		case 'a' <= c && c <= 'z':
			class[c] = token | lower
		case 'A' <= c && c <= 'Z':
			class[c] = token | upper
		}
		if 'a' <= c|' ' && c|' ' <= 'f' {
			class[c] |= hex
		}
	}
	for _, c := range []byte("!#$%&'*+-.^_`|~") {
		class[c] = token
	}
	return class
}

// isToken reports whether s is a token: a method or a header's name.
//
//go:noinline // the binary is to stay small
func isToken(s string) bool {
	all := byte(token)
	for i := range len(s) {
		all &= class[s[i]]
	}
	return all != 0 && s != ""
}

func isAlphanumeric(c byte) bool { return class[c]&alphanumeric != 0 }

func isHex(c byte) bool { return class[c]&hex != 0 }
