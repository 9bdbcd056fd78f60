package cli

import (
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/config"
)

func TestWhatLooksLikeASecretIsKnownAsOne(t *testing.T) {
	for _, secret := range []string{
		"aBc8Q~0123456789abcdefGHIJKLMNOPqrstuv", "ATATT3xFfGF0abc", "ATCTT3xFfGN0abc", "env:ATCTT3xFfGN0abc", "file:aBc8Q~0123456789abcdefGHIJKLMNOPqrstuv",
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "Bearer abc", "-----BEGIN PRIVATE KEY-----",
	} {
		if !secretText(secret) {
			t.Errorf("%q passes for something else", secret)
		}
	}
	for _, other := range []string{
		"0a7b1f5e-93c4-4d0e-8f6a-2b9d5c7e1a10", "acme.onmicrosoft.com", "Atlassian Cloud", "env:ENTRA_SECRET", "file:/run/secrets/Entra_Client_Secret_2026",
		"https://api.atlassian.com/scim/directory/3B5c493c-7057-4098-8e23-36bf9599cb82", "jan.Mustermann2@a-long-name.example", "entra-scim", "", "file:keys/scim",
		`file:C:\Secrets\RollcallEntraSecret2026.txt`,
	} {
		if secretText(other) {
			t.Errorf("%q is taken for a secret", other)
		}
	}
}

func TestAnAnswerIsNeverRepeated(t *testing.T) {
	const typed = "hunter2"
	var shown strings.Builder
	a := newAsker(t.Context(), strings.NewReader(typed+"\n"+typed+"\nenv:SECRET\n"), text.NewPage(&shown, 80, false))
	got, err := a.reference("Where is it?", "Somewhere.", "", func(config.Secret) error { return nil })
	if err != nil || got != (config.Secret{Env: "SECRET"}) || strings.Contains(shown.String(), typed) || strings.Count(shown.String(), "neither env:NAME nor file:PATH") != 2 {
		t.Errorf("%v, %v\n%s", got, err, shown.String())
	}
}

func TestAnAnswerWithoutEndEndsTheQuestions(t *testing.T) {
	a := newAsker(t.Context(), strings.NewReader(strings.Repeat("x", 2*maxAnswer)), text.NewPage(&strings.Builder{}, 80, false))
	if got, err := a.ask(question{name: "Who?"}); err == nil {
		t.Errorf("%d bytes were taken for an answer", len(got))
	}
}
