package exports

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Set gathers files and joins them into documents. The zero Set is ready. Files may come in any order; what they say
// of each other is joined when the first result is asked for, and no file can be added after that. A Set is for one
// goroutine.
type Set struct {
	Limits      Limits
	Application string             // whose assignments count where a list has several: name or service principal id; may be empty
	Selected    *document.Selected // what Guard's nested-groups connector was told to sync; nil: there is no such connector

	users       []*userFile
	groups      []*groupFile
	members     []*memberFile
	assignments []*assignmentFile
	logs        []*logFile
	accounts    []*accountFile
	managed     []*managedFile
	guard       []*guardFile

	sources []*source
	joined  *joined
}

// File is a file that was read.
type File struct {
	Name     string
	Kind     Kind
	Document document.File // what it fills, or the first of them
	Group    string        // members: the group that it was taken for
	Rows     int           // used
	Unused   int           // could not be used; Notes says why, row by row
	Whole    bool          // read to its end
}

// Add reads a file and recognises it by its header. A file that gives an error adds nothing. The error says what
// the file is missing, with line and column where there is one.
func (s *Set) Add(name string, r io.Reader) error { return s.add("", name, r) }

// AddMembers reads a file as the direct members of the group, given by name or object id.
func (s *Set) AddMembers(group, name string, r io.Reader) error {
	if fold(group) == "" {
		return nameGroup(name)
	}
	return s.add(group, name, r)
}

var errJoined = errors.New("the files were already joined; add every file before the first result is asked for")

func (s *Set) add(group, name string, r io.Reader) error {
	if s.joined != nil {
		return fmt.Errorf("%s: %w", name, errJoined)
	}
	raw := bufio.NewReaderSize(&bounded{r: r, left: s.Limits.orDefault().FileBytes}, HeadBytes)
	head, err := raw.Peek(HeadBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", name, err)
	}
	kind, l, err := inspect(name, head, group != "")
	if err != nil {
		return err
	}
	if group != "" && kind != EntraMembers {
		return fmt.Errorf("%s: it is the file %q and cannot be the members of %s; download those at %s", name, kind, group, EntraMembers.Menu())
	}
	src := &source{name: name, kind: kind, limit: s.Limits}
	if err := s.read(src, l, utf8Text(raw), group); err != nil {
		return err
	}
	s.sources = append(s.sources, src)
	return nil
}

// read files the content under its kind.
func (s *Set) read(src *source, l *layout, r io.Reader, group string) error {
	switch src.kind {
	case EntraUsers:
		return keep(&s.users)(readUsers(src, l, r))
	case EntraGroups:
		return keep(&s.groups)(readGroups(src, l, r))
	case EntraMembers:
		names := []string{group}
		if group == "" {
			if names = groupNames(src.name); len(names) == 0 {
				return nameGroup(src.name)
			}
		}
		return keep(&s.members)(readMembers(src, l, r, names, group != ""))
	case Assignments:
		return keep(&s.assignments)(readAssignments(src, l, r))
	case ProvisioningLog:
		return keep(&s.logs)(readLog(src, l, r))
	case ProvisioningSteps:
		return keep(&s.logs)(readSteps(src, l, r))
	case ModifiedProperties:
		return keep(&s.logs)(readProperties(src, l, r))
	case ProvisioningJSON:
		return keep(&s.logs)(readLogJSON(src, r))
	case OrgUsers:
		return keep(&s.accounts)(readAccounts(src, l, r))
	case ManagedAccounts:
		return keep(&s.managed)(readManaged(src, l, r))
	case GuardLog:
		return keep(&s.guard)(readGuardLog(src, r))
	default:
		return fmt.Errorf("%s: %s", src.name, src.kind)
	}
}

// keep adds what was read to its list, unless reading failed.
func keep[T any](list *[]T) func(T, error) error {
	return func(one T, err error) error {
		if err == nil {
			*list = append(*list, one)
		}
		return err
	}
}

// Files lists what was read, in the order of adding.
func (s *Set) Files() []File {
	j := s.join()
	var out []File
	for _, src := range s.sources {
		out = append(out, File{src.name, src.kind, src.document(), j.groupOfFile[src], src.rows, src.unused, src.whole})
	}
	return out
}

// Notes are everything that a person should know of how the files were read and joined: by file, in the order
// of the lines.
func (s *Set) Notes() []Note {
	j := s.join()
	var out []Note
	for _, src := range s.sources {
		out = append(out, src.all()...)
	}
	return append(out, j.all()...)
}

// bounded refuses a file that is too long, instead of cutting it.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		var one [1]byte
		if n, err := b.r.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, errTooLong
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err
}

var errTooLong = errors.New("the file is longer than an export can be; filter the download or split it")

// joined is what the files say together.
type joined struct {
	notebook
	Documents
	have        map[document.File]bool
	gaps        []document.Gap
	groupOfFile map[*source]string
}

// join works once.
func (s *Set) join() *joined {
	if s.joined == nil {
		j := &joined{have: map[document.File]bool{}, groupOfFile: map[*source]string{}}
		people := j.joinPeople(s)
		groups := j.joinGroups(s, people)
		j.joinAssignments(s, people, groups)
		j.finishGroups(s, people, groups)
		j.joinLogs(s, people, groups)
		j.joinAccounts(s, groups)
		for _, g := range s.guard {
			j.GuardLog = append(j.GuardLog, g.lines...)
			j.have[document.TroubleshootingLog] = true
		}
		s.joined = j
	}
	return s.joined
}
