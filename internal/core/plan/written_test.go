package plan

import (
	"testing"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
)

func TestTheAddressIsOverriddenHoweverTheTenantSpellsIt(t *testing.T) {
	o := mapping.ObjectRules{Attributes: []mapping.AttributeRule{{Target: "userName"}, {Target: `emails[type eq "other"].value`, Source: "[mail]", Matching: 2}}}
	if err := override(&o, document.OwnMapping{Target: mapping.WorkEmail, Expression: "[otherMails]"}); err != nil {
		t.Fatal(err)
	}
	if len(o.Attributes) != 2 || o.Attributes[1].Source != "[otherMails]" || o.Attributes[1].Matching != 2 {
		t.Errorf("rows: %+v", o.Attributes)
	}
}

func TestRulesThatSelectNobodyAreRefused(t *testing.T) {
	b := facts.NewBuilder(document.Bundle{}, facts.Focus{})
	b.SealPeople()
	w := b.World()
	for what, own := range map[string]document.OwnRules{"an empty object": {}, "no group": {Match: []string{"userName"}}} {
		r := Rules{Method: document.Rollcall}
		if _, err := r.Write(w, &own); err == nil {
			t.Errorf("%s would have everybody leave", what)
		}
	}
	r := Rules{Method: document.Rollcall}
	if _, err := r.Write(w, &document.OwnRules{Groups: []document.OwnGroup{{Name: "x"}}}); err != nil {
		t.Error(err)
	}
}
