package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// stopper interrupts a command as soon as it has said something.
type stopper struct {
	bytes.Buffer
	word string
	stop func()
}

func (s *stopper) Write(b []byte) (int, error) {
	n, err := s.Buffer.Write(b)
	if strings.Contains(s.String(), s.word) {
		s.stop()
	}
	return n, err
}

// runsLab runs the lab until it has said what to type, and gives that.
func runsLab(t *testing.T, args ...string) (string, string, int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, errs := &stopper{word: "rollcall apply", stop: stop}, &bytes.Buffer{}
	code := Main(ctx, append([]string{"lab"}, args...), strings.NewReader(""), out, errs, nil)
	return out.String(), errs.String(), code
}

func TestTheLabRunsUntilItIsInterruptedAndSaysWhatToType(t *testing.T) {
	out, errs, code := runsLab(t)
	if code != 0 || errs != "" {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	config := regexp.MustCompile(`--config (\S+)`).FindStringSubmatch(out)
	if config == nil || !strings.Contains(out, "Kestrel Instruments") || !strings.Contains(out, "rollcall check --config") {
		t.Fatalf("nothing to type:\n%s", out)
	}
	if _, err := os.Stat(filepath.Dir(config[1])); err == nil {
		t.Errorf("%s and the keys in it are left behind", config[1])
	}
}

func TestTheLabSaysWhetherRollcallMayWriteInIt(t *testing.T) {
	const refused = "refused: Entra's provisioning is on"
	if out, _, _ := runsLab(t); !strings.Contains(out, refused) || !strings.Contains(out, "rollcall lab --stopped") {
		t.Errorf("Entra's provisioning is on:\n%s", out)
	}
	if out, errs, code := runsLab(t, "--stopped"); code != 0 || strings.Contains(out, refused) || !strings.Contains(out, "do it") {
		t.Errorf("Entra's provisioning is stopped: exit code %d\n%s%s", code, out, errs)
	}
}

func TestTheLabIsFilledFromABundleAndItsFolderIsKeptWhereSomebodyNamesIt(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "lab")
	out, errs, code := runsLab(t, "--bundle", filepath.Join("..", "..", "..", "examples", "fabrikam"), "--folder", folder)
	if code != 0 || !strings.Contains(out, "recorded 20 Nov 2026 12:00 UTC") {
		t.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
	text, err := os.ReadFile(filepath.Join(folder, "rollcall.yaml"))
	if err != nil || !strings.Contains(string(text), `name: "fabrikam"`) {
		t.Errorf("%v\n%s", err, text)
	}
	if _, errs, code = runsLab(t, "--folder", folder); code != 2 || !strings.Contains(errs, "nothing is written over") {
		t.Errorf("exit code %d: %s", code, errs)
	}
}

func TestALabThatCannotStartSaysWhy(t *testing.T) {
	for flag, want := range map[[2]string]string{
		{"--bundle", "nowhere"}:        "there is no such folder or file",
		{"--listen", "0.0.0.0:8443"}:   "listens on this machine alone",
		{"--listen", "192.0.2.1:8443"}: "listens on this machine alone",
	} {
		if _, errs, code := runsLab(t, flag[0], flag[1]); code != 2 || !strings.Contains(errs, want) {
			t.Errorf("%v: exit code %d: %s", flag, code, errs)
		}
	}
}
