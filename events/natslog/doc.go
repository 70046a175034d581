// Package natslog has the eventlog.Bus that lives in NATS. It is the only
// importer of NATS.
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
// nothing is ever dropped quietly: the server keeps what this end has not read yet,
// however much that is, and a message that comes twice, that nobody sent, or that does
// not arrive in time, and a lost connection, end the run.
//
// The bus speaks the protocol itself (CONNECT, SUB, PUB, MSG), because a client for
// everybody costs more than the server does: see benchmarks/bus.
//
// What is not here: persistence. The lines of a run are kept by an eventlog.Log.
package natslog
