// Package eventlog says what a run needs of the outside world: a Log that keeps
// its lines, and a Bus that carries its messages; and has the pair that lives in
// memory. Package natslog has the pair that lives in NATS.
package eventlog

import (
	"context"
	"errors"

	"dualhome/events"
)

// Bus carries the messages between actors. What arrives is the bytes that were
// published; the kernel decodes an In from nothing else.
type Bus interface {
	// Publish sends the Outs among the lines of one turn. It may return before
	// they are sent, and keeps none of the lines.
	Publish(turn []events.Line) error
	// Await blocks until the message with that seq has arrived and hands it
	// over, once. Its payload is valid until the next Publish or Close.
	Await(seq uint64) (Envelope, error)
	// Close ends the bus. It reports messages that arrived twice or were never
	// sent, if that was not reported before.
	Close() error
}

// Errors of a bus. They end the run.
var (
	ErrLost      = errors.New("a message did not arrive")
	ErrDuplicate = errors.New("a message arrived twice")
	ErrStray     = errors.New("a message arrived that was not sent")
)

// Log takes the lines of a run.
type Log interface {
	// Append takes the lines of one turn, all or none. It copies what it keeps of
	// them; their events nobody changes.
	Append(ctx context.Context, turn []events.Line) error
}
