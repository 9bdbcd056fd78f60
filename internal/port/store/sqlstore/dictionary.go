package sqlstore

// dictionary remembers numbers that were given to names, so that the same person is not looked up a million times.
type dictionary[K comparable] struct {
	known map[K]int64
	fresh []K // learnt in the transaction under way
}

// most is how many names are remembered beyond a transaction: 105,000 for a tenant of 100,000 users.
const most = 400_000

func (d *dictionary[K]) get(k K) (int64, bool) {
	n, ok := d.known[k]
	return n, ok
}

func (d *dictionary[K]) put(k K, n int64) {
	if d.known == nil {
		d.known = map[K]int64{}
	}
	d.known[k] = n
	d.fresh = append(d.fresh, k)
}

func (d *dictionary[K]) clear() { d.known, d.fresh = nil, nil }

// keep is called when the transaction was committed, undo when it was not: a number that was taken back must not be used.
func (d *dictionary[K]) keep() {
	d.fresh = d.fresh[:0]
	if len(d.known) > most {
		d.clear()
	}
}

func (d *dictionary[K]) undo() {
	for _, k := range d.fresh {
		delete(d.known, k)
	}
	d.fresh = d.fresh[:0]
}
