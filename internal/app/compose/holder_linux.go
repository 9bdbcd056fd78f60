package compose

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// machine is the same for processes whose numbers and beginnings can be compared: of one machine since it was switched
// on, and within it of one container. "": not known.
func machine() string {
	// Where /proc is that of another container, its numbers are not ours.
	if self, err := os.Readlink("/proc/self"); err != nil || self != strconv.Itoa(os.Getpid()) {
		return ""
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	numbers, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	times, _ := os.Readlink("/proc/self/ns/time") // kernels before 5.6 have one for all
	sum := sha256.Sum256([]byte(strings.TrimSpace(string(boot)) + "\n" + numbers + "\n" + times))
	return hex.EncodeToString(sum[:8])
}

// startOf is when a process began, in ticks of the kernel since the machine was switched on, and whether anything of it
// still runs.
func startOf(pid int) (ticks string, runs bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", false
	}
	// The name in brackets may hold anything; behind it come the third field and the others.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 20 {
		return "", false
	}
	const state, threads, start = 0, 17, 19 // the third, 20th and 22nd in proc(5)
	over := fields[state] == "X" || fields[state] == "Z" && (fields[threads] == "0" || fields[threads] == "1")
	return fields[start], !over
}

// gone tells whether a process that began at that tick is certainly over.
func gone(pid int, ticks string) bool {
	if pid <= 0 || ticks == "" {
		return false
	}
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return true
	}
	// /proc may hide the processes of others: what is not seen there is not known.
	now, runs := startOf(pid)
	return now != "" && (now != ticks || !runs)
}
