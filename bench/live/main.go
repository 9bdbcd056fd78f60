// Command live measures rollcall against Entra and Atlassian in miniature. These are in this process and have no limit
// of requests; rollcall runs in processes of its own, whose memory is therefore its own.
//
//	go run ./bench/live -rollcall PROGRAM initial -users 100000 -groups 5000 -memberships 1000000
//	go run ./bench/live -rollcall PROGRAM why -bundle WORLD -latency 100ms SUBJECT…
package main

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/app/labs"
)

func main() {
	program := flag.String("rollcall", "", "the program")
	flag.Parse()
	verb, args := flag.Arg(0), flag.Args()
	var err error
	switch {
	case *program == "":
		err = errors.New("needs -rollcall PROGRAM")
	case verb == "initial":
		err = initial(*program, args[1:])
	case verb == "why":
		err = why(*program, args[1:])
	default:
		err = errors.New("measures initial or why")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
		os.Exit(1)
	}
}

// usage is what a process took.
type usage struct {
	wall, cpu time.Duration
	peak      int64 // bytes
}

func (u usage) String() string {
	return fmt.Sprintf("%7.1f s, CPU %6.1f s, peak %5d MB", u.wall.Seconds(), u.cpu.Seconds(), u.peak>>20)
}

// run runs a command. Exit codes up to 1 are answers of rollcall.
func run(program string, args ...string) (usage, error) {
	c := exec.Command(program, args...) //nolint:gosec // to run what it is given is what it is for
	var out strings.Builder
	c.Stdout, c.Stderr = &out, os.Stderr
	began := time.Now()
	if err := c.Start(); err != nil {
		return usage{}, err
	}
	ended := make(chan error)
	go func() { ended <- c.Wait() }()
	var peak int64
	var err error
	for tick, over := time.NewTicker(50*time.Millisecond), false; !over; {
		select {
		case err = <-ended:
			over = true
			tick.Stop()
		case <-tick.C:
			peak = max(peak, highest(c.Process.Pid))
		}
	}
	if err != nil && c.ProcessState.ExitCode() != 1 {
		return usage{}, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out.String())
	}
	return usage{wall: time.Since(began), cpu: c.ProcessState.UserTime() + c.ProcessState.SystemTime(), peak: peak}, nil
}

// highest is the most memory that a process has had, in bytes, where Linux tells; 0 elsewhere. What a process leaves
// behind when it ends (ru_maxrss) is no answer: it begins with the memory of the process that started it.
func highest(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	var kB int64
	_, _ = fmt.Sscan(rest, &kB)
	return kB << 10
}

// requests counts what both services were asked.
type requests struct {
	mu sync.Mutex
	n  map[string]int
}

func (r *requests) add(q labs.Request) {
	what := q.Service + " reads"
	switch {
	case strings.Contains(q.Path, "/oauth2/"):
		what = "tokens"
	case strings.Contains(q.Path, "/scim/") && q.Method != http.MethodGet:
		what = q.Service + " writes"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n[what]++
	if q.Status >= 400 || q.Status == 0 {
		r.n[fmt.Sprintf("%s answered with %d", q.Service, q.Status)]++
	}
}

func (r *requests) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n = map[string]int{}
}

// all counts what was asked, of whomever; answers that refuse are counted once.
func (r *requests) all() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for what, some := range r.n {
		if !strings.Contains(what, " answered with ") {
			n += some
		}
	}
	return n
}

func (r *requests) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, what := range slices.Sorted(maps.Keys(r.n)) {
		out = append(out, fmt.Sprintf("%s %d", what, r.n[what]))
	}
	return strings.Join(out, ", ")
}
