package history_test

import (
	"testing"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/history"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// withoutLogs is a recording of Lena in which no log was read.
func withoutLogs(v trace.Verdict, c cause.Code, more func(*facts.Builder)) history.Moment {
	b := facts.NewBuilder(document.Bundle{
		CapturedAt: document.At(day(9)), Connection: document.Connection{Name: "small", Method: document.EntraSCIM, Application: "app"},
	}, facts.Focus{})
	more(b)
	b.SealPeople()
	return history.MomentOf(b.World(), "recording", trace.Trace{Subject: aboutLena, Verdict: v, Cause: c})
}

func TestADateBesideAFactTellsWhereNoLogWasRead(t *testing.T) {
	user := document.User{ID: lena, UserPrincipalName: "lena@small.example", Mail: document.Some("lena@small.example")}
	for what, m := range map[string]history.Moment{
		"deleted in Entra": withoutLogs(trace.Missing, cause.SourceDeleted, func(b *facts.Builder) {
			gone := user
			gone.DeletedDateTime = document.At(day(4))
			b.DeletedUser(gone)
		}),
		"the account lena@small.example was deactivated": withoutLogs(trace.Wrong, cause.AccountDeactivated, func(b *facts.Builder) {
			b.User(user)
			b.OrgUser(document.OrgUser{AccountID: "a", Email: "lena@small.example", DeactivatedOn: document.At(day(4))})
		}),
		"last synchronized from Active Directory": withoutLogs(trace.Missing, cause.OnPremisesSyncStale, func(b *facts.Builder) {
			synced := user
			synced.OnPremisesSyncEnabled, synced.OnPremisesLastSyncDateTime = document.Some(true), document.At(day(4))
			b.User(synced)
		}),
		"the record lena.2@small.example was made in the Guard directory": withoutLogs(trace.Wrong, cause.AmbiguousMatch, func(b *facts.Builder) {
			b.User(user)
			b.ScimUser(document.ScimUser{ID: "r1", ExternalID: lena, UserName: "lena@small.example", Meta: document.ScimMeta{Created: document.At(day(1))}})
			b.ScimUser(document.ScimUser{ID: "r2", ExternalID: lena, UserName: "lena.2@small.example", Meta: document.ScimMeta{Created: document.At(day(4))}})
		}),
	} {
		h := history.Of([]history.Moment{m}, nil, nil)
		if b := h.Broke; !b.At.Equal(day(4)) || b.Event == nil || b.Event.Text != what || b.Event.ID != "" {
			t.Errorf("%s: %+v, %+v", what, b, b.Event)
		}
		if len(h.Notes) != 3 {
			t.Errorf("%s: of the logs it says %q", what, h.Notes)
		}
	}
}

func TestAJobInQuarantineSaysSinceWhen(t *testing.T) {
	m := withoutLogs(trace.Extra, cause.Quarantine, func(b *facts.Builder) {
		off := document.User{ID: lena, UserPrincipalName: "lena@small.example", DeletedDateTime: document.At(day(6))}
		b.DeletedUser(off)
		b.Job(document.Job{Status: document.JobStatus{Code: "Quarantine", Quarantine: &document.Quarantine{Reason: "EncounteredQuarantineException", SeriesBegan: document.At(day(4)), CurrentBegan: document.At(day(5))}}})
	})
	b := history.Of([]history.Moment{m}, nil, nil).Broke
	if b.Event == nil || !b.Event.At.Equal(day(4)) || b.Change == nil || !b.At.Equal(day(6)) {
		t.Errorf("in quarantine since the 4th, deleted on the 6th: %+v", b)
	}
}
