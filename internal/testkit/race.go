//go:build race

package testkit

// detector tells whether the tests were built with -race.
const detector = true
