// Package archtest keeps the building in shape: who may import whom, what the pure core must not touch, and that
// every package says what it owns. The table is in table_test.go. The tests parse the source files themselves
// instead of asking the go command, because Go's test cache notices files that a test opens, but not what a child
// process read: a violation would hide behind "ok (cached)". The package holds no code of the program.
package archtest
