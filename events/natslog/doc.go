// Package natslog has the eventlog.Bus that lives in NATS. It and
// workqueue are the only importers of NATS.
//
// A [Server] is a nats-server inside this process that listens nowhere; it
// serves any number of runs, each with its own [Bus]:
//
//	server, err := natslog.Start()
//	...
//	defer server.Close()
//	bus, err := server.Bus(natslog.Options{})
//	...
//	defer bus.Close()
//
// A message between actors is one NATS message on
//
//	sim.<run>.<to>.<from>.<kind>
//
// where <run> is random, new for each bus, and never in the log. Its payload is
// a random nonce of the bus, 8 bytes, and an eventlog.Envelope. A message that
// arrives is matched with one that was sent by both nonce and seq: a count
// would let a stray or a duplicate hide a loss.
//
// Core NATS promises to deliver at most once. Here that is enough, because
// nothing is ever dropped quietly: messages under way are bounded, and a message
// that comes twice, that nobody sent, that nats.go had no room for, or that does
// not arrive in time, and a lost connection, end the run.
//
// The client is nats.go. The bus gathers messages and publishes them when the
// kernel must wait; then it waits for the server's answer behind them all, not for
// each. See benchmarks/bus for what that saves.
//
// What is not here: persistence. The lines of a run are kept by an eventlog.Log.
package natslog
