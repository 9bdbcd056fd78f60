package dotnet

import (
	"slices"
	"strings"
	"unicode"
)

// set is a set of characters of the first plane: sorted ranges that do not touch, both ends included.
type set [][2]rune

const lastRune = 0xFFFF

func single(r rune) set { return set{{r, r}} }

// normal sorts and merges ranges.
func (s set) normal() set {
	slices.SortFunc(s, func(a, b [2]rune) int { return int(a[0] - b[0]) })
	var out set
	for _, r := range s {
		if n := len(out); n > 0 && r[0] <= out[n-1][1]+1 {
			out[n-1][1] = max(out[n-1][1], r[1])
			continue
		}
		out = append(out, r)
	}
	return out
}

func (s set) union(t set) set { return slices.Concat(s, t).normal() }

func (s set) negate() set {
	var out set
	next := rune(0)
	for _, r := range s {
		if r[0] > next {
			out = append(out, [2]rune{next, r[0] - 1})
		}
		next = r[1] + 1
	}
	if next <= lastRune {
		out = append(out, [2]rune{next, lastRune})
	}
	return out
}

// minus is s without t.
func (s set) minus(t set) set { return s.negate().union(t).negate() }

// fromTables is the union of Unicode categories.
func fromTables(tables ...*unicode.RangeTable) set {
	var s set
	for _, t := range tables {
		for _, r := range t.R16 {
			if r.Stride == 1 {
				s = append(s, [2]rune{rune(r.Lo), rune(r.Hi)})
				continue
			}
			for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
				s = append(s, [2]rune{c, c})
			}
		}
	}
	return s.normal()
}

func digits() set { return fromTables(unicode.Nd) }
func words() set  { return fromTables(unicode.L, unicode.Mn, unicode.Nd, unicode.Pc) }
func blanks() set { return fromTables(unicode.Z).union(set{{'\t', '\r'}, {0x85, 0x85}}) }

// shorthand is \d, \w or \s, or its opposite.
func shorthand(letter rune) set {
	s := map[rune]func() set{'d': digits, 'w': words, 's': blanks}[unicode.ToLower(letter)]()
	if unicode.IsUpper(letter) {
		return s.negate()
	}
	return s
}

// blocks are the Unicode blocks that are known by name, with .NET's two spellings for Greek.
var blocks = map[string][2]rune{
	"IsBasicLatin": {0, 0x7F}, "IsLatin-1Supplement": {0x80, 0xFF}, "IsLatinExtended-A": {0x100, 0x17F},
	"IsLatinExtended-B": {0x180, 0x24F}, "IsIPAExtensions": {0x250, 0x2AF}, "IsSpacingModifierLetters": {0x2B0, 0x2FF},
	"IsCombiningDiacriticalMarks": {0x300, 0x36F}, "IsGreek": {0x370, 0x3FF}, "IsGreekandCoptic": {0x370, 0x3FF},
	"IsCyrillic": {0x400, 0x4FF}, "IsCyrillicSupplement": {0x500, 0x52F}, "IsArmenian": {0x530, 0x58F},
	"IsHebrew": {0x590, 0x5FF}, "IsArabic": {0x600, 0x6FF}, "IsThai": {0xE00, 0xE7F}, "IsGeorgian": {0x10A0, 0x10FF},
	"IsHangulJamo": {0x1100, 0x11FF}, "IsLatinExtendedAdditional": {0x1E00, 0x1EFF}, "IsGreekExtended": {0x1F00, 0x1FFF},
	"IsGeneralPunctuation": {0x2000, 0x206F}, "IsCurrencySymbols": {0x20A0, 0x20CF}, "IsHiragana": {0x3040, 0x309F},
	"IsKatakana": {0x30A0, 0x30FF}, "IsCJKUnifiedIdeographs": {0x4E00, 0x9FFF}, "IsHangulSyllables": {0xAC00, 0xD7AF},
}

// property is \p{name}: a general category by its short name, or a block. C and Cn hold what is not assigned, which
// changes with every version of Unicode.
func property(name string) (set, bool) {
	if b, ok := blocks[name]; ok {
		return set{b}, true
	}
	if len(name) > 2 || name == "C" || name == "Cn" || name == "LC" {
		return nil, false
	}
	t, ok := unicode.Categories[name]
	if !ok {
		return nil, false
	}
	return fromTables(t), true
}

// folded adds the other case of every letter of the set. ok is false where .NET decides by culture or version: then
// only letters whose two cases are each other's are known.
func (s set) folded() (out set, ok bool) {
	out = slices.Clone(s)
	for _, r := range s {
		if r[1] > unicode.MaxLatin1 && r[1]-r[0] > 0x200 {
			return nil, false
		}
		for c := r[0]; c <= r[1]; c++ {
			lower, upper, sure := casePair(c)
			if !sure {
				return nil, false
			}
			out = append(out, [2]rune{lower, lower}, [2]rune{upper, upper})
		}
	}
	return out.normal(), true
}

// casePair gives both cases of a letter. ASCII is sure although the Kelvin sign and ſ fold to it: texts that hold
// those are refused.
func casePair(c rune) (lower, upper rune, sure bool) {
	lower, upper = unicode.ToLower(c), unicode.ToUpper(c)
	if c < 0x80 || lower == upper && unicode.SimpleFold(c) == c {
		return lower, upper, true
	}
	orbit := unicode.SimpleFold(unicode.SimpleFold(c)) == c
	return lower, upper, orbit && unicode.ToUpper(lower) == upper && unicode.ToLower(upper) == lower && !strings.ContainsRune(cultureLetters+"ßẞ", c) && !youngCase(c)
}
