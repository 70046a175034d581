package capture

import (
	"iter"
	"time"

	"dualhome/events"
)

// Line is a line of a log, and the disturbance that it follows from.
type Line struct {
	events.Line
	Root uint64 // the line of the disturbance; 0: the start of the run
}

// Log is the lines of a run, in order, until the first error. Who writes a capture may
// go through them twice: they must be the same both times.
type Log = iter.Seq2[Line, error]

// epochSeconds is 2000-01-01T00:00:00Z in seconds of Unix time.
const epochSeconds = 946_684_800

// Epoch is when every run begins, for formats that want a date.
func Epoch() time.Time { return time.Unix(epochSeconds, 0).UTC() }

// date gives a time of the run as one of the calendar.
func date(t events.Time) time.Time { return time.Unix(epochSeconds, int64(t)).UTC() }

// isPacket tells whether an event is one that goes over a network: a BGP message, a
// TCP segment or a BFD packet. The others that actors send each other stand for
// something else, like the programming of a NIC.
func isPacket(e events.Event) bool {
	switch e.(type) {
	case events.Message, events.TCP, events.BFD:
		return true
	}
	return false
}
