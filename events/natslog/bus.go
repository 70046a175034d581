package natslog

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"dualhome/events"
	"dualhome/events/eventlog"
)

// DefaultTimeout is how long, in wall time, a message may take to arrive.
const DefaultTimeout = 30 * time.Second

// underWay is how many messages may be under way: published, but not yet seen by
// the bus. Publish waits at that bound. A message that finds the channel full
// would be dropped by nats.go, which ends the run.
const underWay = 8192

// Options are the options of a bus.
type Options struct {
	Timeout time.Duration // how long Await waits; 0 is DefaultTimeout
}

// Bus is an eventlog.Bus over a Server. It serves one goroutine. After its first
// error it gives that error for ever.
type Bus struct {
	codec    events.Codec // of names
	conn     *nats.Conn
	out      outbox
	arrivals chan *nats.Msg
	closed   chan struct{} // closed when conn is
	failed   chan error    // of conn; only the first is kept
	timeout  time.Duration
	timer    *time.Timer // of the wait under way

	subjects subjects
	nonce    [nonceSize]byte
	flights  flights
	err      error // the first
}

// Bus makes a bus for one run. Close ends it.
func (s *Server) Bus(o Options) (*Bus, error) {
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	b := &Bus{
		arrivals: make(chan *nats.Msg, underWay),
		closed:   make(chan struct{}),
		failed:   make(chan error, 1),
		timeout:  o.Timeout,
		timer:    time.NewTimer(o.Timeout),
		subjects: subjects{run: rand.Text()[:runSize], known: map[route]string{}},
	}
	b.timer.Stop()
	rand.Read(b.nonce[:]) // never fails
	var err error
	if b.conn, err = s.connect(b); err != nil {
		return nil, fmt.Errorf("connecting to the NATS server: %w", err)
	}
	_, err = b.conn.ChanSubscribe(b.subjects.all(), b.arrivals)
	if err == nil {
		err = b.conn.FlushTimeout(o.Timeout)
	}
	if err != nil {
		b.conn.Close()
		return nil, fmt.Errorf("subscribing: %w", err)
	}
	return b, nil
}

// connect opens the connection of a bus. Once lost it stays lost: nobody knows
// what was lost with it.
func (s *Server) connect(b *Bus) (*nats.Conn, error) {
	return nats.Connect(nats.DefaultURL, nats.InProcessServer(s.nats),
		nats.NoReconnect(), nats.PingInterval(0), // why: see Start
		nats.Timeout(b.timeout), nats.FlusherTimeout(b.timeout),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { b.fail(err) }),
		nats.ClosedHandler(func(c *nats.Conn) {
			b.fail(errors.Join(nats.ErrConnectionClosed, c.LastError()))
			close(b.closed)
		}),
	)
}

// fail keeps what went wrong with the connection for the next call. nats.go
// calls it from a goroutine of its own.
func (b *Bus) fail(err error) {
	select {
	case b.failed <- fmt.Errorf("the bus: %w", err):
	default:
	}
}

// Publish implements eventlog.Bus. It waits only while very many messages are
// under way.
func (b *Bus) Publish(turn []events.Line) error {
	b.poll()
	for i := range turn {
		if l := &turn[i]; l.Role == events.Out {
			b.send(l)
		}
	}
	return b.err
}

func (b *Bus) send(l *events.Line) {
	if b.flights.wire >= underWay {
		b.wait(b.flights.oldest(), func() bool { return b.flights.wire < underWay })
	}
	if b.err != nil {
		return
	}
	subject := b.subjects.of(l)
	b.flights.add(l.Seq, subject)
	e := eventlog.Enclose(l)
	b.out.begin(l.Seq, subject)
	b.out.bytes = e.Append(append(b.out.bytes, b.nonce[:]...))
	if len(b.out.bytes) >= plenty {
		b.err = b.out.publish(b.conn)
	}
}

// Await implements eventlog.Bus. It returns at once what has arrived already;
// otherwise it sends what is gathered, and waits.
func (b *Bus) Await(seq uint64) (eventlog.Envelope, error) {
	b.poll()
	if one := b.flights.get(seq); one != nil && !one.arrived {
		b.wait(seq, func() bool { return b.flights.get(seq).arrived })
	}
	e, ok := b.flights.hand(seq)
	if !ok && b.err == nil {
		b.err = fmt.Errorf("message %d, which was never sent or was handed over before: %w", seq, eventlog.ErrLost)
	}
	return e, b.err
}

// Close implements eventlog.Bus: it ends the bus when everything that was sent
// has come back. Messages that nobody awaited are no error.
func (b *Bus) Close() error {
	if b.err == nil {
		b.err = b.out.publish(b.conn)
	}
	if b.err == nil {
		if err := b.settle(); b.err == nil {
			b.err = err
		}
	}
	b.conn.Close()
	<-b.closed
	if b.err != nil {
		return b.err
	}
	b.err = errors.New("the bus is closed")
	return nil
}
