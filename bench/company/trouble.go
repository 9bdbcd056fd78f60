package company

// trouble is what is wrong with a person; most have none.
type trouble int

const (
	none trouble = iota
	disabled
	deleted
	notAssigned
	nestedOnly
	mailDiffers
	guest
	duplicateAccount
	heldElsewhere
	staleRecord
	unlinked
	deactivated
	noProduct
	wrongPolicy
	notPropagated
	orphan
	troubles // how many there are
)

// troubleOf spreads the troubles: two of a thousand people have one, each kind as often as the other, but at least
// one of each kind in a small company.
func troubleOf(n int) trouble {
	if n > 0 && n < int(troubles) {
		return trouble(n)
	}
	if n%499 == 7 {
		return trouble(1 + n/499%int(troubles-1))
	}
	return none
}

// recorded tells whether the Guard directory has a record of the person.
func (p *person) recorded() bool {
	switch p.trouble {
	case deleted, notAssigned, nestedOnly, guest, duplicateAccount, heldElsewhere, staleRecord:
		return false
	}
	return true
}

// inSource tells whether users.json has the person.
func (p *person) inSource() bool { return p.trouble != deleted && p.trouble != orphan }
