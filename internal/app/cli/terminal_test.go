package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestTheWidthIsWhatSomebodySaysElseWhatFitsAPipe(t *testing.T) {
	for sentence, c := range map[string]struct {
		flag int
		env  func(string) string
		want int
	}{
		"nobody says":               {0, env(), pipeWidth},
		"the shell says":            {0, env("COLUMNS", "60"), 60},
		"the flag says more":        {72, env("COLUMNS", "60"), 72},
		"the shell says nonsense":   {0, env("COLUMNS", "wide"), pipeWidth},
		"the shell says too little": {0, env("COLUMNS", "3"), pipeWidth},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := Streams{Out: &strings.Builder{}, Env: c.env}
			if got := s.width(&Globals{Width: c.flag}); got != c.want {
				t.Errorf("width = %d, want %d", got, c.want)
			}
		})
	}
}

func TestAFileGetsNoColour(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if s := (Streams{Out: f, Env: env()}); s.color(&Globals{}) {
		t.Error("colour goes into a file")
	}
}
