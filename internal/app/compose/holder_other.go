//go:build !linux

package compose

// Elsewhere than on Linux nothing tells for certain whether a process of before is gone.
func machine() string { return "" }

func startOf(int) (ticks string, runs bool) { return "", false }

func gone(int, string) bool { return false }
