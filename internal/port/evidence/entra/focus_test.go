package entra_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

func TestALiveAnswerIsThatOfTheCompleteRecording(t *testing.T) {
	w := tenantOf(t, filepath.Join("..", "..", "..", "..", "examples", "fabrikam"))
	whole := load(t, w.dir)
	most := 0
	for i := range whole.Users {
		u := &whole.Users[i]
		subject := [...]string{u.UserPrincipalName, u.ID, u.DisplayName, u.Mail.Value}[i%4]
		w.requests()
		dir := w.live(t, w.source(t), &evidence.Focus{Texts: []string{subject}})
		n := w.requests()
		most = max(most, n)
		if diff := cmp.Diff(answer(load(t, w.dir, subject), subject, ""), answer(load(t, dir, subject), subject, ""), cmp.AllowUnexported(trace.Trace{})); diff != "" {
			t.Errorf("why %q (%d requests): - whole, + live\n%s", subject, n, diff)
		}
	}
	t.Logf("%d people, at most %d requests", len(whole.Users), most)
}
