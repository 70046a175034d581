package workqueue

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// notes gathers what is told.
type notes struct {
	mu    sync.Mutex
	lines []string
	first chan string // the first line
}

func newNotes() *notes { return &notes{first: make(chan string, 1)} }

func (n *notes) tell(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, line)
	select {
	case n.first <- line:
	default:
	}
}

func (n *notes) has(part string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Contains(strings.Join(n.lines, "\n"), part)
}

// A server that goes and comes again, three times, has lost nothing; both sides wait for it and say so.
func TestServerIsRestarted(t *testing.T) {
	t.Parallel()
	o := ListenOptions{Addr: "127.0.0.1:0", StoreDir: t.TempDir()}
	s, err := Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	o.Addr = s.Addr() // the same, when it comes again
	defer func() { s.Close() }()
	coordinator, worker := newNotes(), newNotes()
	offers, err := s.Dial(bounded(t), coordinator.tell)
	if err != nil {
		t.Fatal(err)
	}
	defer offers.Close()
	works, err := s.Dial(bounded(t), worker.tell)
	if err != nil {
		t.Fatal(err)
	}
	defer works.Close()
	const jobs = 90
	set := offer(t, offers, Offer{Name: "restart", Manifest: []byte("m"), Jobs: jobs, AckWait: time.Second})
	var done atomic.Int32
	turn := make(chan bool)
	start(t, works, Worker{Identity: "w", AtOnce: 2, Do: func(ctx context.Context, m []byte, n int) ([]byte, error) {
		if done.Add(1)%25 == 0 {
			select {
			case turn <- true:
			case <-ctx.Done():
			}
		}
		return answer(m, n), nil
	}})
	all := make(chan map[int]Result, 1)
	go func() { all <- collect(t, set, "m") }()
	for range 3 {
		<-turn // the server goes while a job is being done
		s.Close()
		if s, err = Listen(o); err != nil {
			t.Fatal(err)
		}
	}
	for {
		select {
		case <-turn: // jobs that were done again
			continue
		case results := <-all:
			if len(results) != jobs {
				t.Errorf("%d results", len(results))
			}
		}
		break
	}
	oneMessageEach(t, offers, set)
	for who, n := range map[string]*notes{"coordinator": coordinator, "worker": worker} {
		if !n.has("lost the connection") || !n.has("connected again") {
			t.Errorf("the %s was told %q", who, n.lines)
		}
	}
}

func TestDialWaitsForTheServer(t *testing.T) {
	t.Parallel()
	o := ListenOptions{Addr: "127.0.0.1:0", StoreDir: t.TempDir()}
	s := listenOn(t, o)
	url := s.URL()
	o.Addr = s.Addr()
	s.Close()

	told := newNotes()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { _, err := Dial(ctx, url, Access{Tell: told.tell}); ended <- err }()
	if line := <-told.first; !strings.Contains(line, "no NATS server answers at "+url) || !strings.Contains(line, "trying again") {
		t.Errorf("told: %s", line)
	}
	time.Sleep(time.Second) // in which it tries three times
	cancel()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "context canceled") {
		t.Errorf("it ended with %v", err)
	}
	if len(told.lines) != 1 {
		t.Errorf("it says the same again and again: %q", told.lines)
	}

	told = newNotes()
	go func() {
		c, err := Dial(bounded(t), url, Access{Tell: told.tell})
		if err == nil {
			c.Close()
		}
		ended <- err
	}()
	<-told.first
	listenOn(t, o)
	if err := <-ended; err != nil {
		t.Errorf("the server came, and yet: %v", err)
	}
}

// Something answers there, but says nothing.
func TestDialEndsWithItsContext(t *testing.T) {
	t.Parallel()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = mute.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { _, err := Dial(ctx, "nats://"+mute.Addr().String(), Access{}); ended <- err }()
	there, err := mute.Accept()
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	_ = there.Close()
}

func TestDialRefusesNonsense(t *testing.T) {
	t.Parallel()
	for _, urls := range []string{"", "nats://", "nats://:x", "http://127.0.0.1:1", "127.0.0.1:1", "nats://127.0.0.1:1,nats://"} {
		if _, err := Dial(t.Context(), urls, Access{}); err == nil || !strings.Contains(err.Error(), "write nats://host:4222") {
			t.Errorf("%q: %v", urls, err)
		}
	}
}
