package scim

// RefChange is what a PATCH makes of a list that is kept apart, without knowing the list. Afterwards there are: everything
// that was there (nothing, with Replace), without Remove and whatever fits RemoveWhere, and then Add.
type RefChange struct {
	List        *Attr
	Replace     bool
	Add         []Ref     // each id once
	Remove      []string  // ids, each once; none of them is in Add
	RemoveWhere []*Filter // to be asked by MatchRef
}

// refWork is a RefChange in the making. Indexes keep many operations from costing the square of their number.
type refWork struct {
	change  RefChange
	added   map[string]int // places in change.Add, by key
	removed map[string]int // places in change.Remove
}

func (w *work) references(s *step) error {
	list := s.to.attr
	r := w.refsOf(list)
	switch {
	case s.op != remove:
		if s.op == replace {
			*r = refWork{change: RefChange{List: list, Replace: true}}
		}
		for _, ref := range s.refs {
			r.add(ref)
		}
	case s.to.filter != nil:
		return w.removeWhere(r, s.to.filter, s.to.weight)
	case s.listed:
		for _, ref := range s.refs {
			r.remove(ref.Value)
		}
	default:
		*r = refWork{change: RefChange{List: list, Replace: true}}
	}
	return nil
}

func (w *work) refsOf(list *Attr) *refWork {
	for _, r := range w.refs {
		if r.change.List == list {
			return r
		}
	}
	r := &refWork{change: RefChange{List: list}}
	w.refs = append(w.refs, r)
	return r
}

func (r *refWork) add(ref Ref) {
	key := r.change.List.value.Key(ref.Value)
	if at, ok := r.removed[key]; ok {
		r.change.Remove[at] = ""
		delete(r.removed, key)
	}
	if at, ok := r.added[key]; ok {
		r.change.Add[at] = ref
		return
	}
	if r.added == nil {
		r.added = map[string]int{}
	}
	r.added[key] = len(r.change.Add)
	r.change.Add = append(r.change.Add, ref)
}

func (r *refWork) remove(id string) {
	key := r.change.List.value.Key(id)
	if at, ok := r.added[key]; ok {
		r.change.Add[at] = Ref{}
		delete(r.added, key)
	}
	if _, ok := r.removed[key]; ok || r.change.Replace {
		return
	}
	if r.removed == nil {
		r.removed = map[string]int{}
	}
	r.removed[key] = len(r.change.Remove)
	r.change.Remove = append(r.change.Remove, id)
}

// removeWhere takes away what fits a filter. Ids that are simply named need no filter.
func (w *work) removeWhere(r *refWork, f *Filter, weight int) error {
	list := r.change.List
	if ids, ok := f.ids(list); ok {
		for _, id := range ids {
			r.remove(id)
		}
		return nil
	}
	if err := w.spend(len(r.change.Add) * weight); err != nil {
		return err
	}
	for _, ref := range r.change.Add {
		if ref.Value != "" && f.MatchRef(list, ref) {
			r.remove(ref.Value)
		}
	}
	if !r.change.Replace {
		r.change.RemoveWhere = append(r.change.RemoveWhere, f)
	}
	return nil
}

// changes are the finished changes, without the gaps that operations left which undid one another.
func (w *work) changes() []RefChange {
	var out []RefChange
	for _, r := range w.refs {
		c := r.change
		adds := c.Add[:0]
		for _, ref := range c.Add {
			if ref.Value != "" {
				adds = append(adds, ref)
			}
		}
		removes := c.Remove[:0]
		for _, id := range c.Remove {
			if id != "" {
				removes = append(removes, id)
			}
		}
		c.Add, c.Remove = adds, removes
		out = append(out, c)
	}
	return out
}
