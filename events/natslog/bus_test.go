package natslog

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"dualhome/events"
	"dualhome/events/eventlog"
)

var _ eventlog.Bus = (*Bus)(nil)

// TestEverythingArrives sends windows of messages, the last one beyond what may
// be under way, and awaits each in another order.
func TestEverythingArrives(t *testing.T) {
	for _, procs := range []int{1, 2} {
		for _, window := range []int{1, 7, 64, 1024, underWay + 1000} {
			t.Run(fmt.Sprintf("procs=%d,window=%d", procs, window), func(t *testing.T) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				_, b := start(t, Options{})
				seq := uint64(1)
				for range 1 + 2000/window {
					exchange(t, b, outs(seq, window))
					seq += uint64(window)
				}
				if err := b.Close(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// exchange publishes messages in turns of three and awaits them in random order.
func exchange(t *testing.T, b *Bus, lines []events.Line) {
	t.Helper()
	for i := 0; i < len(lines); i += 3 {
		turn := append([]events.Line{{Role: events.Change, Event: events.Start{}}}, lines[i:min(i+3, len(lines))]...)
		if err := b.Publish(turn); err != nil {
			t.Error(err)
			return
		}
		clear(turn) // the bus keeps none of it
	}
	for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(len(lines)) {
		got, err := b.Await(lines[i].Seq)
		if want := eventlog.Enclose(&lines[i]); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("awaited %+v (%v)\nsent    %+v", got, err, want)
			return
		}
	}
}

func TestRunsShareAServer(t *testing.T) {
	s, _ := start(t, Options{})
	var runs sync.WaitGroup
	for range 4 {
		b := join(t, s, Options{})
		runs.Go(func() {
			for i := range uint64(20) { // the same seqs in all of them
				exchange(t, b, outs(1+100*i, 100))
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	runs.Wait()
}

func TestNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	idle := runtime.NumGoroutine()
	for range 3 {
		b, err := s.Bus(Options{})
		if err != nil {
			t.Fatal(err)
		}
		exchange(t, b, outs(1, 100))
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
	goroutinesReturnTo(t, idle)
	abandoned, err := s.Bus(Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := abandoned.Close(); err == nil {
		t.Error("the server ended under a bus, which did not notice")
	}
	goroutinesReturnTo(t, before)
}

func TestServerListensNowhere(t *testing.T) {
	s, _ := start(t, Options{})
	if addr := s.nats.Addr(); addr != nil {
		t.Errorf("it listens on %v", addr)
	}
}

func TestLateIsFine(t *testing.T) {
	_, b := start(t, Options{Timeout: 10 * time.Second})
	interfere(t, b, func(m *nats.Msg, arrive chan<- *nats.Msg) {
		time.AfterFunc(20*time.Millisecond, func() { arrive <- m })
	})
	exchange(t, b, outs(1, 10))
}

func TestTooLateIsLost(t *testing.T) {
	_, b := start(t, Options{Timeout: 50 * time.Millisecond})
	interfere(t, b, func(m *nats.Msg, arrive chan<- *nats.Msg) {
		time.AfterFunc(time.Second, func() { arrive <- m })
	})
	lines := outs(1, 1)
	if err := b.Publish(lines); err != nil {
		t.Fatal(err)
	}
	_, err := b.Await(1)
	ends(t, b, err, eventlog.ErrLost, "message 1", b.subjects.of(&lines[0]))
}

func TestDroppedIsLost(t *testing.T) {
	_, b := start(t, Options{Timeout: 50 * time.Millisecond})
	lines := outs(1, 10)
	lost := payloadOf(b, &lines[6])
	interfere(t, b, func(m *nats.Msg, arrive chan<- *nats.Msg) {
		if string(m.Data) != string(lost) {
			arrive <- m
		}
	})
	if err := b.Publish(lines); err != nil {
		t.Fatal(err)
	}
	for seq := uint64(1); seq <= 6; seq++ {
		if _, err := b.Await(seq); err != nil {
			t.Fatal(err)
		}
	}
	begin := time.Now()
	_, err := b.Await(7)
	ends(t, b, err, eventlog.ErrLost, "message 7", b.subjects.of(&lines[6]))
	if waited := time.Since(begin); waited < 50*time.Millisecond {
		t.Errorf("it gave up after %v", waited)
	}
}

// TestDroppedUnderPressure: Publish waits at the bound, and not for ever.
func TestDroppedUnderPressure(t *testing.T) {
	_, b := start(t, Options{Timeout: 200 * time.Millisecond})
	interfere(t, b, func(*nats.Msg, chan<- *nats.Msg) {})
	err := b.Publish(outs(1, underWay+1))
	ends(t, b, err, eventlog.ErrLost, "message 1 ")
}

func TestAwaitedWithoutBeingUnderWay(t *testing.T) {
	_, never := start(t, Options{})
	_, err := never.Await(5)
	ends(t, never, err, eventlog.ErrLost, "message 5")

	_, twice := start(t, Options{})
	exchange(t, twice, outs(1, 1))
	_, err = twice.Await(1)
	ends(t, twice, err, eventlog.ErrLost, "message 1")
}

func TestDuplicate(t *testing.T) {
	_, b := start(t, Options{})
	interfere(t, b, func(m *nats.Msg, arrive chan<- *nats.Msg) { arrive <- m; arrive <- m })
	lines := outs(1, 3)
	if err := b.Publish(lines); err != nil {
		t.Fatal(err)
	}
	_, err := b.Await(3)
	ends(t, b, err, eventlog.ErrDuplicate, "message 1", b.subjects.of(&lines[0]))
}

// TestDuplicateOfAMessageHandedOver shows at the very next call, whichever that
// is.
func TestDuplicateOfAMessageHandedOver(t *testing.T) {
	for name, next := range map[string]func(*Bus) error{
		"Publish": func(b *Bus) error { return b.Publish(outs(100, 1)) },
		"Await":   func(b *Bus) error { _, err := b.Await(2); return err },
		"Close":   (*Bus).Close,
	} {
		t.Run(name, func(t *testing.T) {
			s, b := start(t, Options{})
			lines := outs(1, 2)
			if err := b.Publish(lines); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Await(1); err != nil {
				t.Fatal(err)
			}
			say(t, stranger(t, s), b, b.subjects.of(&lines[0]), payloadOf(b, &lines[0]))
			ends(t, b, next(b), eventlog.ErrDuplicate, "message 1", b.subjects.of(&lines[0]))
		})
	}
}

func TestStray(t *testing.T) {
	lines := outs(1, 2)
	unknown := lines[1]
	unknown.Seq = 99
	for name, stray := range map[string]func(b *Bus) (subject string, payload []byte){
		"nothing":       func(b *Bus) (string, []byte) { return b.subjects.of(&lines[0]), nil },
		"another nonce": func(b *Bus) (string, []byte) { return b.subjects.of(&lines[0]), payloadOf(&Bus{}, &lines[0]) },
		"no envelope":   func(b *Bus) (string, []byte) { return b.subjects.of(&lines[0]), b.nonce[:] },
		"unknown seq":   func(b *Bus) (string, []byte) { return b.subjects.of(&unknown), payloadOf(b, &unknown) },
		"other subject": func(b *Bus) (string, []byte) { return "sim." + b.subjects.run + ".x", payloadOf(b, &lines[1]) },
	} {
		t.Run(name, func(t *testing.T) {
			s, b := start(t, Options{})
			if err := b.Publish(lines[:1]); err != nil {
				t.Fatal(err)
			}
			interfere(t, b, func(m *nats.Msg, arrive chan<- *nats.Msg) { arrive <- m })
			subject, payload := stray(b)
			c := stranger(t, s)
			if err := errors.Join(c.Publish(subject, payload), c.Flush()); err != nil {
				t.Fatal(err)
			}
			err := b.Publish(lines[1:])
			for range 1000 { // until it has arrived
				if err != nil {
					break
				}
				time.Sleep(time.Millisecond)
				err = b.Publish(nil)
			}
			ends(t, b, err, eventlog.ErrStray, subject)
		})
	}
}

func TestOtherRunsAreNoStrays(t *testing.T) {
	s, b := start(t, Options{})
	c := stranger(t, s)
	for _, subject := range []string{"sim.another.nva1.rs0-0.update", "sim", "sim." + b.subjects.run, "other"} {
		say(t, c, b, subject, []byte("payload"))
	}
	exchange(t, b, outs(1, 10))
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

// TestSlowConsumer: what nats.go drops is never dropped quietly.
func TestSlowConsumer(t *testing.T) {
	s, b := start(t, Options{})
	c := stranger(t, s)
	for range underWay + 1 {
		if err := c.Publish("sim."+b.subjects.run+".flood", nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-b.failed:
		if !errors.Is(err, nats.ErrSlowConsumer) {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("a message was dropped, and nobody says so")
	}
}

func TestConnectionLost(t *testing.T) {
	s, b := start(t, Options{})
	exchange(t, b, outs(1, 10))
	s.Close()
	<-b.closed
	_, err := b.Await(1)
	ends(t, b, err, nats.ErrConnectionClosed, "the bus")
}

func TestMessageBeyondTheServersLimit(t *testing.T) {
	_, b := start(t, Options{})
	l := events.Line{
		Seq: 1, Role: events.Out, Actor: "nva1", Peer: "rs0-0",
		Event: events.Order{Do: events.Serve, Arg: events.ActorID(make([]byte, 9<<20))},
	}
	ends(t, b, b.Publish([]events.Line{l}), nats.ErrMaxPayload, "message 1", b.subjects.of(&l))
}

func TestClosedBus(t *testing.T) {
	_, b := start(t, Options{})
	if err := b.Publish(outs(1, 3)); err != nil { // nobody awaits them
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if err := b.Publish(outs(4, 1)); err == nil {
		t.Error("a closed bus publishes")
	}
}

// ends checks an error: what it is, what it names, and that it stays.
func ends(t *testing.T, b *Bus, err, is error, names ...string) {
	t.Helper()
	if !errors.Is(err, is) {
		t.Fatalf("%v is not %v", err, is)
	}
	for _, name := range names {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
	_, awaited := b.Await(1)
	for call, later := range map[string]error{"Await": awaited, "Publish": b.Publish(outs(1000, 1)), "Close": b.Close()} {
		if !errors.Is(later, err) {
			t.Errorf("later %s gives %v", call, later)
		}
	}
}
