package bundle

import (
	"io"
	"path"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
)

// tree is where the files of a bundle are: a folder or a zip.
type tree interface {
	// list gives the regular files that a bundle may hold, sorted by name. Names use forward slashes.
	list() ([]entry, error)
	open(name string) (io.ReadCloser, error)
	close() error
}

// entry is one file.
type entry struct {
	name     string
	file     document.File // empty where it is no document
	size     int64         // as the folder or the zip says; what is read is counted on its own
	modified time.Time
}

// folders are those that may hold documents; others are not looked into.
var folders = []string{"entra", "atlassian", "jira", "rollcall", "exports"}

// rank is the place of a document in the order of document.Files.
func rank(f document.File) int {
	base, _ := document.SplitSite(f)
	for i, d := range document.Files {
		if d.File == base {
			return i
		}
	}
	return len(document.Files)
}

func known(f document.File) bool { return rank(f) < len(document.Files) }

// looksLikeDocument tells files that somebody may have put there to be read.
func looksLikeDocument(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".json", ".csv", ".txt", ".ndjson", ".jsonl":
		return true
	}
	return false
}

// notOurs is the note on a file that is no document, with the document that was probably meant.
func notOurs(name string) string {
	if near := nearest(name); near != "" {
		return name + " is not read: a bundle has no document of that name; did you mean " + near + "?"
	}
	return name + " is not read: a bundle has no document of that name"
}

// nearest is the document whose name is closest, if one is close.
func nearest(name string) string {
	lower := strings.ToLower(name)
	best, bestAt := "", 4 // more than three letters apart is another name
	for _, d := range document.Files {
		full := string(d.File)
		for _, candidate := range []string{full, path.Base(full)} {
			for _, given := range []string{lower, path.Base(lower)} {
				if n := distance(given, candidate); n < bestAt && n < len(candidate)/3 {
					best, bestAt = full, n
				}
			}
		}
	}
	return best
}

// distance counts the letters to insert, delete or replace.
func distance(a, b string) int {
	if len(a) > 200 || len(b) > 200 {
		return 200
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := before
			if a[i-1] != b[j-1] {
				cost = 1 + min(before, row[j], row[j-1])
			}
			before, row[j] = row[j], cost
		}
	}
	return row[len(b)]
}
