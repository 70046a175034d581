package main

import "runtime"

// ballastSize is what a program that makes many short runs carries: with the GOGC of
// main it makes four times as much garbage, at least, from one collection to the next.
// More would not be faster, since it would not stay in the caches.
const ballastSize = 16 << 20

// carryBallast makes collections rare while many short runs are made: they leave much
// garbage and keep little, and a collection begins when there is as much garbage as
// there is else, which would be each few runs. Memory that is never touched takes no
// place. A large scenario is collected as always, unlike with a higher GOGC.
func carryBallast() (drop func()) {
	ballast := make([]byte, ballastSize)
	return func() { runtime.KeepAlive(ballast) }
}
