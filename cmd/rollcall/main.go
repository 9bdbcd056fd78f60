// Command rollcall tells who is missing from Atlassian, and why.
package main

import (
	"context"
	"os"

	"github.com/rollcall/rollcall/internal/app/cli"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv))
}
