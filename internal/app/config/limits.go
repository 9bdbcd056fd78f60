package config

import (
	"regexp"
	"strconv"
	"strings"
)

// Limits bound what one run, and all runs of a sliding day, may take away without a person's approval.
type Limits struct {
	Deactivate    Limit // users
	RemoveMembers Limit // memberships
	DeleteGroups  Limit // groups
}

// Limit is a bound per run and per day. A single number or percentage in the file sets both.
type Limit struct {
	Run, Day Amount
	Set      bool // false: not said
}

// Amount is a number of objects or a percentage of those that there are.
type Amount struct {
	Number    int
	Percent   float64 // 0 to 100
	IsPercent bool
	Set       bool // false: not said
}

func (p *parser) limits(v value) Limits {
	var out Limits
	p.mapping(v, "`deactivate`, `remove_members`, `delete_groups`", []field{
		{key: "deactivate", read: func(v value) { out.Deactivate = p.limit(v) }},
		{key: "remove_members", read: func(v value) { out.RemoveMembers = p.limit(v) }},
		{key: "delete_groups", read: func(v value) { out.DeleteGroups = p.limit(v) }},
	})
	return out
}

func (p *parser) limit(v value) Limit {
	if v.Kind != mappingNode {
		a := p.amount(v)
		return Limit{Run: a, Day: a, Set: a.Set}
	}
	var l Limit
	found := p.mapping(v, "`run` and `day`", []field{
		{key: "run", read: func(v value) { l.Run = p.amount(v) }},
		{key: "day", read: func(v value) { l.Day = p.amount(v) }},
	})
	if found != nil && len(v.Content) == 0 {
		p.fault(v, "a limit without `run` or `day`", "such as `{run: \"5%\", day: \"10%\"}`, or `\"5%\"` for both")
	}
	l.Set = l.Run.Set || l.Day.Set
	return l
}

var (
	wholeNumber = regexp.MustCompile(`^(?:0|[1-9][0-9]{0,8})$`)
	percentage  = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)%$`)
)

func (p *parser) amount(v value) Amount {
	s, ok := p.text(v, "a number such as `20` or a percentage such as `\"5%\"`")
	if !ok {
		return Amount{}
	}
	m := percentage.FindStringSubmatch(s)
	switch {
	case strings.HasPrefix(s, "-"):
		p.fault(v, "a limit below zero", "`0` lets nothing through without approval")
	case m != nil:
		percent, err := strconv.ParseFloat(m[1], 64)
		if err != nil || percent > 100 {
			p.fault(v, show(s)+" is over 100%", "`\"100%\"` is no limit at all; `\"5%\"` is usual")
			return Amount{}
		}
		return Amount{Percent: percent, IsPercent: true, Set: true}
	case wholeNumber.MatchString(s):
		n, err := strconv.Atoi(s)
		return Amount{Number: n, Set: err == nil}
	default:
		p.fault(v, show(s)+" is neither a whole number nor a percentage", "write `20` or `\"5%\"`")
	}
	return Amount{}
}
