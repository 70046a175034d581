package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// version is the program's. It is in the log, and so in every digest.
const version = "0.1.0"

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // runs are short, and small: half of their time would go into collecting
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
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
	if _, ours := errors.AsType[*exitError](err); !ours && errors.Is(err, context.Canceled) {
		err = &exitError{exitInterrupted, errors.New("interrupted")}
	}
	if err != nil && err.Error() != "" {
		fmt.Fprintln(stderr, err)
	}
	return exitCode(err)
}
