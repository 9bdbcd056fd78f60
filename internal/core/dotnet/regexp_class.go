package dotnet

import "strings"

// class reads a character class behind its opening bracket. .NET's subtraction [a-z-[aeiou]] is computed.
func (p *reParser) class(start, depth int) (set, error) {
	if depth > maxNesting {
		return nil, p.unsupported(p.at, "classes nested deeper than %d", maxNesting)
	}
	negated := p.take("^")
	var chars, exact, without set // exact are \d and the like, which (?i) leaves alone
	for first := true; ; first = false {
		if !p.more() {
			return nil, p.wrong(start, "a class without ]")
		}
		at := p.at
		switch {
		case !first && p.take("]"):
			return p.finish(start, negated, chars, exact, without)
		case p.peek("[:"):
			return nil, p.unsupported(at, "[: in a class")
		case !first && p.take("-["):
			s, err := p.subtracted(at, depth)
			if err != nil {
				return nil, err
			}
			without = without.union(s)
			continue
		case p.peek(`\`) && p.at+1 < len(p.src) && strings.ContainsRune("dDwWsSpP", p.src[p.at+1]):
			p.at++
			s, err := p.shorthand(at)
			if err != nil {
				return nil, err
			}
			exact = exact.union(s)
			continue
		}
		r, minus, err := p.classRange(at, depth)
		if err != nil {
			return nil, err
		}
		chars, without = append(chars, r), without.union(minus)
	}
}

// subtracted reads the class behind -[, which must be the last thing in its own.
func (p *reParser) subtracted(at, depth int) (set, error) {
	if p.opts.fold {
		return nil, p.unsupported(at, "a class subtraction -[ under (?i)")
	}
	s, err := p.class(at, depth+1)
	if err == nil && p.more() && p.src[p.at] != ']' {
		err = p.wrong(p.at, "something behind a class subtraction")
	}
	return s, err
}

// classRange reads one character or a range. In a--[b] the range turns out to be a character and a subtraction.
func (p *reParser) classRange(at, depth int) (r [2]rune, minus set, err error) {
	escaped := p.peek(`\-`) // \- never begins a range
	from, err := p.classChar(at)
	if err != nil {
		return r, nil, err
	}
	if escaped || !p.peek("-") || p.at+1 >= len(p.src) || p.src[p.at+1] == ']' {
		return [2]rune{from, from}, nil, nil
	}
	p.at++
	if p.take("[") {
		minus, err = p.subtracted(at, depth)
		return [2]rune{from, from}, minus, err
	}
	if p.peek(`\`) && p.at+1 < len(p.src) && strings.ContainsRune("dDwWsSpP", p.src[p.at+1]) {
		return r, nil, p.wrong(at, `a range that ends with \%c`, p.src[p.at+1])
	}
	to, err := p.classChar(p.at)
	if err == nil && to < from {
		err = p.wrong(at, "the range %c-%c, which runs backwards", from, to)
	}
	return [2]rune{from, to}, nil, err
}

func (p *reParser) classChar(at int) (rune, error) {
	c := p.src[p.at]
	p.at++
	if c > lastRune {
		return 0, p.unsupported(at, "%q, which .NET reads in two halves,", c)
	}
	if c != '\\' {
		return c, nil
	}
	if !p.more() {
		return 0, p.wrong(at, "a backslash at the end")
	}
	return p.character(at)
}

func (p *reParser) finish(start int, negated bool, chars, exact, without set) (set, error) {
	s, err := p.fold(start, chars.normal())
	if err != nil {
		return nil, err
	}
	s = s.union(exact)
	if negated {
		s = s.negate()
	}
	return s.minus(without), nil
}
