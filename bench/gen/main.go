// Command gen writes a made-up company as a bundle: go run ./bench/gen -users 100000 -memberships 1000000 -out DIR
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/rollcall/rollcall/bench/company"
)

func main() {
	users := flag.Int("users", 100_000, "people")
	memberships := flag.Int("memberships", 1_000_000, "direct memberships in Entra, at most; duplicates fall away")
	seed := flag.Uint64("seed", 1, "seed of the random numbers")
	out := flag.String("out", "", "folder to write")
	flag.Parse()
	if *out == "" || *users < 100 || *memberships < 2**users {
		fmt.Fprintln(os.Stderr, "gen: needs -out DIR, at least 100 users, and at least two memberships for each of them")
		os.Exit(2)
	}
	if err := company.Write(*out, *users, *memberships, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
