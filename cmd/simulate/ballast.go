package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// ballastSize is how much garbage a program that makes many short runs makes, at least,
// from one collection to the next. With more of it runs are not faster, as it does not
// stay in the caches.
const ballastSize = 32 << 20

// carryBallast makes collections rare while many short runs are made: they leave much
// garbage and keep little, and a collection begins when there is as much garbage as
// there is else, which would be each few runs. Memory that is never touched takes no
// place. What is kept of all runs is let grow by as much again, and not by four times
// as main has it.
func carryBallast() (drop func()) {
	before := 100
	if os.Getenv("GOGC") == "" {
		before = debug.SetGCPercent(100)
	}
	ballast := make([]byte, ballastSize)
	return func() {
		runtime.KeepAlive(ballast)
		if os.Getenv("GOGC") == "" {
			debug.SetGCPercent(before)
		}
	}
}
