package natslog

import (
	"fmt"

	"github.com/nats-io/nats.go"
)

// plenty is how many bytes are gathered before they are published though nobody
// waits for an answer: the server then works on them beside us.
const plenty = 32 << 10

// outbox gathers the messages of a window. Each Publish of nats.go wakes a
// goroutine that sends: where there is a core for it, it sends messages one by one
// and keeps the next Publish waiting meanwhile. When a window is published all at
// once, it has no time for that.
type outbox struct {
	bytes    []byte // of all payloads
	messages []gathered
}

// gathered is a message in an outbox. Its payload goes on to where the next begins.
type gathered struct {
	seq     uint64
	subject string
	start   int
}

// begin begins a message: its payload is what is appended to bytes from here on.
func (o *outbox) begin(seq uint64, subject string) {
	o.messages = append(o.messages, gathered{seq, subject, len(o.bytes)})
}

// publish gives all messages to nats.go, which copies them.
func (o *outbox) publish(conn *nats.Conn) error {
	end := len(o.bytes)
	for i, m := range o.messages {
		next := end
		if i+1 < len(o.messages) {
			next = o.messages[i+1].start
		}
		if err := conn.Publish(m.subject, o.bytes[m.start:next]); err != nil {
			return fmt.Errorf("message %d on %s: %w", m.seq, m.subject, err)
		}
	}
	o.bytes, o.messages = o.bytes[:0], o.messages[:0]
	return nil
}
