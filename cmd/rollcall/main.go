// Command rollcall tells who is missing from Atlassian, and why.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/rollcall/rollcall/internal/app/cli"
)

func main() {
	// The first interrupt lets a command clean up, the second one ends it.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Main(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv))
}
