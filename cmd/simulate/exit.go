package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"dualhome/scenarios"
	"dualhome/sim"
)

// The exit codes.
const (
	exitFine        = 0   // all went well
	exitInternal    = 1   // an internal error, files that the system does not let us read or write, or traffic that is not conserved
	exitUsage       = 2   // a mistake in the command line or in a scenario
	exitCheck       = 3   // an expectation, a verification or a tolerance that does not hold, or a run folder that is damaged; it wins over 4
	exitUnconverged = 4   // a run that did not converge within its horizon, or hit a bound
	exitInterrupted = 130 // interrupted: what there is is written, and marked partial
)

// exitError is an error that knows its exit code.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usage is an error in how the program was called.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// notEmpty refuses a flag that was given, but with no value.
func notEmpty(c *cobra.Command, flag, what string) error {
	if f := c.Flag(flag); f.Changed && f.Value.String() == "" {
		return usage("--%s is empty: it is %s", flag, what)
	}
	return nil
}

// failed is a check that did not hold.
func failed(format string, args ...any) error {
	return &exitError{exitCheck, fmt.Errorf(format, args...)}
}

// exitCode gives the code for what a command returned.
func exitCode(err error) int {
	if err == nil {
		return exitFine
	}
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.code
	}
	if _, ok := errors.AsType[scenarios.Errors](err); ok {
		return exitUsage
	}
	if _, ok := errors.AsType[*sim.BoundError](err); ok {
		return exitUnconverged
	}
	if errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	return exitInternal
}
