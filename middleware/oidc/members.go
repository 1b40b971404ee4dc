package oidc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// maxMembers is more than any claims have, and few enough to compare each with each.
const maxMembers = 256

// memberNames returns the names of an object's members. It refuses an object in which two are the same but for case: names are
// case-sensitive (RFC 7519 section 10.1.1), but encoding/json takes one spelling for the other, and of several the last. Whoever
// could add a claim SUB to his own would be whom it says. The text is valid JSON.
func memberNames(object []byte) ([][]byte, error) {
	names := make([][]byte, 0, 16)
	depth, isName := 0, false
	for i := 0; i < len(object); i++ {
		switch object[i] {
		case '{', '[':
			depth++
			isName = depth == 1
		case '}', ']':
			depth--
		case ',':
			isName = depth == 1
		case ':':
			isName = false
		case '"':
			end := i + stringLen(object[i:])
			if isName {
				name, err := unquote(object[i:end])
				if err != nil {
					return nil, err
				}
				for _, other := range names {
					if bytes.EqualFold(name, other) {
						return nil, fmt.Errorf("oidc: token has %.100q twice", name)
					}
				}
				if names = append(names, name); len(names) > maxMembers {
					return nil, errors.New("oidc: token has too many members")
				}
			}
			i = end - 1
		}
	}
	return names, nil
}

// stringLen returns the length of the JSON string that s begins with.
func stringLen(s []byte) int {
	i := 1
	for s[i] != '"' {
		if s[i] == '\\' {
			i++
		}
		i++
	}
	return i + 1
}

func unquote(s []byte) ([]byte, error) {
	if bytes.IndexByte(s, '\\') < 0 {
		return s[1 : len(s)-1], nil
	}
	var text string
	err := json.Unmarshal(s, &text)
	return []byte(text), err
}
