package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
)

// version is the program's. It is in the log, and so in every digest.
const version = "0.1.0"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C kills
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run does one command line and gives its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s := &shell{out: stdout, err: stderr}
	root := newRoot(s)
	root.SetArgs(withCommand(root, args))
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err != nil && err.Error() != "" {
		fmt.Fprintln(stderr, err)
	}
	return exitCode(err)
}
