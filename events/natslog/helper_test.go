package natslog

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"dualhome/events"
	"dualhome/events/eventlog"
)

// start starts a server and one bus; both end with the test.
func start(t *testing.T, o Options) (*Server, *Bus) {
	t.Helper()
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, join(t, s, o)
}

func join(t *testing.T, s *Server, o Options) *Bus {
	t.Helper()
	b, err := s.Bus(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() }) // what it says is looked at where it matters
	return b
}

// interfere lets f decide what arrives instead of each message. What f sends
// later than it returns arrives later.
func interfere(t *testing.T, b *Bus, f func(m *nats.Msg, arrive chan<- *nats.Msg)) {
	t.Helper()
	sent, arrive := b.arrivals, make(chan *nats.Msg, underWay)
	b.arrivals = arrive
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case m := <-sent:
				f(m, arrive)
			case <-stop:
				return
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-done })
}

// stranger is another client of the server.
func stranger(t *testing.T, s *Server) *nats.Conn {
	t.Helper()
	c, err := nats.Connect(nats.DefaultURL, nats.InProcessServer(s.nats))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// say publishes and waits until the bus must have got it.
func say(t *testing.T, c *nats.Conn, b *Bus, subject string, payload []byte) {
	t.Helper()
	if err := errors.Join(c.Publish(subject, payload), c.Flush(), b.conn.Flush()); err != nil {
		t.Fatal(err)
	}
}

// payloadOf is what the bus sends for l.
func payloadOf(b *Bus, l *events.Line) []byte {
	e := eventlog.Enclose(l)
	return e.Append(append([]byte(nil), b.nonce[:]...))
}

// outs makes n messages between random actors, with seqs from first on.
func outs(first uint64, n int) []events.Line {
	g := rand.New(rand.NewPCG(first, uint64(n)))
	actor := func() events.ActorID { return events.ActorID("nva" + strconv.Itoa(g.IntN(9))) }
	var turn []events.Line
	for seq := first; seq < first+uint64(n); seq++ {
		at := events.Time(g.Int64())
		l := events.Line{Seq: seq, Causes: []uint64{seq - 1}, At: at, Due: at + 1, Role: events.Out, Actor: actor(), Peer: actor()}
		conn := events.Conn{Initiator: l.Actor, N: g.Uint32()}
		switch g.IntN(4) {
		case 0:
			l.Event = events.NewKeepalive(conn)
		case 1:
			l.Event = events.TCP{Conn: conn, Flag: events.SYN}
		case 2:
			l.Event = events.Order{Do: events.Serve, Arg: events.ActorID(strings.Repeat("x", g.IntN(9000)))}
		default:
			a := netip.AddrFrom4([4]byte{10, byte(g.Uint32()), byte(g.Uint32())})
			l.Event = events.NewUpdate(conn, &events.Routes{Withdrawn: []netip.Prefix{netip.PrefixFrom(a, 24)}})
		}
		turn = append(turn, l)
	}
	return turn
}

// goroutinesReturnTo waits until no more than n goroutines are left.
func goroutinesReturnTo(t *testing.T, n int) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, not %d:\n%s", runtime.NumGoroutine(), n, stacks[:runtime.Stack(stacks, true)])
		}
	}
}
