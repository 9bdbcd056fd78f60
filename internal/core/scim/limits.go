package scim

// Limits bound what a request can make a service do.
type Limits struct {
	Body       int // bytes of a body
	Filter     int // bytes of a filter or path
	Terms      int // comparisons of a filter
	Depth      int // brackets within brackets of a filter
	Operations int // of a PATCH
	Text       int // bytes of one text
	Values     int // of one attribute that is not kept apart; also attributes of one object that no schema knows
	References int // in a body, of attributes that are kept apart
	Work       int // values that one PATCH looks at, as often as it compares them, all operations together
	Bulk       int // operations of a bulk request
	Page       int // resources on a page
	Default    int // resources on a page that says no count
}

// DefaultLimits fit a directory of a million users: a group's 100,000 members in one request are well within them.
func DefaultLimits() Limits {
	return Limits{
		Body: 32 << 20, Filter: 64 << 10, Terms: 2_000, Depth: 50, Operations: 50_000, Text: 32 << 10, Values: 2_000, References: 500_000, Work: 5_000_000,
		Bulk: 1_000, Page: 1_000, Default: 100,
	}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	for _, f := range []struct{ have, or *int }{
		{&l.Body, &d.Body},
		{&l.Filter, &d.Filter},
		{&l.Terms, &d.Terms},
		{&l.Depth, &d.Depth},
		{&l.Operations, &d.Operations},
		{&l.Text, &d.Text},
		{&l.Values, &d.Values},
		{&l.References, &d.References},
		{&l.Work, &d.Work},
		{&l.Bulk, &d.Bulk},
		{&l.Page, &d.Page},
		{&l.Default, &d.Default},
	} {
		if *f.have <= 0 {
			*f.have = *f.or
		}
	}
	l.Default = min(l.Default, l.Page)
	return l
}

func (t *ResourceType) fits(body []byte) error {
	if most := t.rules().Limits.Body; len(body) > most {
		return tooLarge("The body has %d bytes; the most are %d. Send less at once.", len(body), most)
	}
	return nil
}
