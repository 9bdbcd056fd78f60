package document

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestThePageAboutBundlesNamesEveryDocument(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "bundle.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range Files {
		if !strings.Contains(string(page), "`"+string(i.File)+"`") && i.File != Manifest {
			t.Errorf("docs/bundle.md does not name %s", i.File)
		}
		if i.File == Manifest && !strings.Contains(string(page), "## bundle.json") {
			t.Error("docs/bundle.md does not describe bundle.json")
		}
		if i.Call == "" || i.About == "" {
			t.Errorf("%s has no call or no words about it", i.File)
		}
	}
}
