package compose

import (
	"crypto/rand"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"
)

// holder names this process in a claim: for people, and behind a " #" for other processes of the same machine, which
// then need not wait for a claim whose process is gone.
func holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	pid := os.Getpid()
	started, _ := startOf(pid)
	return fmt.Sprintf("host %s, process %d, since %s #%s/%s/%s", host, pid, time.Now().UTC().Format(time.RFC3339), machine(), started, rand.Text()[:8])
}

var holderText = regexp.MustCompile(`^host (.+), process ([0-9]{1,10}), since [^ ]+ #([0-9a-f]+)/([0-9]+)/[A-Z0-9]+$`)

// dead tells whether the process that a claim names is certainly gone: it was one of this machine since it was switched on,
// in which nothing has its number now, or something that began at another time. Of any other that is not known.
func dead(holder string) bool {
	m := holderText.FindStringSubmatch(holder)
	if m == nil {
		return false
	}
	host, err := os.Hostname()
	pid, bad := strconv.Atoi(m[2])
	if err != nil || bad != nil || host != m[1] || machine() != m[3] {
		return false
	}
	return gone(pid, m[4])
}
