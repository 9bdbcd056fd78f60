package document

import "strings"

// Fold is how keys (ids, user names, addresses, group names) are compared: lower case, surrounding blanks gone.
func Fold(s string) string {
	if folded(s) {
		return s
	}
	return strings.ToLower(strings.TrimSpace(s))
}

// folded recognises the usual key, an id in lower case, eight bytes at a time.
func folded(s string) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 | uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		// The top bit of a byte is set where it is no ASCII; where it is below '!'; where it is from 'A' to 'Z'.
		if w&tops != 0 || (w+(0x80-'!')*ones)&tops != tops || (w+(0x80-'A')*ones)&^(w+(0x7f-'Z')*ones)&tops != 0 {
			return false
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x80 || c-'A' < 26 {
			return false
		}
	}
	return true
}
