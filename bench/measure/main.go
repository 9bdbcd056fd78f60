// Command measure runs a command a few times and prints what it took: go run ./bench/measure -n 3 -- CMD ARG…
// Output of the command goes to standard error, so that standard output holds the figures. Exit codes up to 1 are
// answers of rollcall; a higher one ends the measurement.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	n := flag.Int("n", 3, "runs")
	quiet := flag.Bool("quiet", false, "do not show what the command prints")
	flag.Parse()
	var wall, cpu []time.Duration
	var rss []int64
	for range *n {
		c := exec.Command(flag.Arg(0), flag.Args()[1:]...) //nolint:gosec // to run what it is given is what it is for
		if !*quiet {
			c.Stdout = os.Stderr
		}
		c.Stderr = os.Stderr
		began := time.Now()
		err := c.Run()
		if c.ProcessState == nil || c.ProcessState.ExitCode() > 1 || c.ProcessState.ExitCode() < 0 {
			fmt.Fprintln(os.Stderr, "measure:", strings.Join(flag.Args(), " "), err)
			os.Exit(1)
		}
		wall = append(wall, time.Since(began))
		cpu = append(cpu, c.ProcessState.UserTime()+c.ProcessState.SystemTime())
		if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
			rss = append(rss, u.Maxrss/1024)
		}
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	slices.Sort(rss)
	fmt.Fprintf(os.Stdout, "wall %.2f s (best %.2f), CPU %.2f s, peak %d MB, median of %d\n", wall[*n/2].Seconds(), wall[0].Seconds(), cpu[*n/2].Seconds(), rss[len(rss)/2], *n)
}
