package workqueue

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
)

// A server that has no room makes workers wait, with a message, until it has.
func TestServerIsFull(t *testing.T) {
	t.Parallel()
	o := ListenOptions{Addr: "127.0.0.1:0", StoreDir: t.TempDir()}
	options, _, err := o.resolve()
	if err != nil {
		t.Fatal(err)
	}
	options.JetStreamMaxStore = 1 << 20
	s, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	s.SetLoggerV2(&teller{}, false, false, false)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(starting) {
		t.Fatal("the server does not start")
	}
	c := dial(t, &Server{nats: s})
	told := newNotes()
	w, err := Dial(bounded(t), (&Server{nats: s}).URL(), Access{Tell: told.tell})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	start(t, w, Worker{Identity: "w", Do: do})
	first := offer(t, c, Offer{Name: "first", Manifest: []byte("m"), Jobs: 6}) // job 5 has half a MiB
	collect(t, first, "m")
	second := offer(t, c, Offer{Name: "second", Manifest: []byte("n"), Jobs: 6})
	full := ""
	for full == "" {
		if line := <-told.first; strings.Contains(line, "storing the result of job 5 of second") {
			full = line
		}
	}
	if !strings.Contains(full, "resource") || !strings.Contains(full, "trying again") {
		t.Errorf("told: %s", full)
	}
	if err := first.Remove(bounded(t)); err != nil {
		t.Fatal(err)
	}
	if all := collect(t, second, "n"); len(all) != 6 {
		t.Errorf("%d results", len(all))
	}
}

// A server that comes again with nothing ends the wait for results, with an error; who offers
// again gets them, from the worker that waited.
func TestServerLosesItsDisk(t *testing.T) {
	t.Parallel()
	o := ListenOptions{Addr: "127.0.0.1:0", StoreDir: t.TempDir()}
	s, err := Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	o.Addr, o.StoreDir = s.Addr(), t.TempDir()
	c, w := dial(t, s), dial(t, s)
	set := offer(t, c, Offer{Name: "disk", Manifest: []byte("m"), Jobs: 10, AckWait: time.Second})
	began, finish := make(chan bool, 10), make(chan bool)
	start(t, w, Worker{Identity: "w", Do: func(ctx context.Context, m []byte, n int) ([]byte, error) {
		began <- true
		<-finish
		return answer(m, n), nil
	}})
	ended := make(chan error, 1)
	go func() {
		for _, err := range set.Results(bounded(t)) {
			if err != nil {
				ended <- err
			}
		}
	}()
	<-began
	s.Close()
	if s, err = Listen(o); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := <-ended; !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Errorf("the wait ended with %v", err)
	}
	set = offer(t, c, Offer{Name: "disk", Manifest: []byte("m"), Jobs: 10, AckWait: time.Second})
	go func() {
		for range began { // what is begun from here on
		}
	}()
	close(finish)
	if all := collect(t, set, "m"); len(all) != 10 {
		t.Errorf("%d results", len(all))
	}
	oneMessageEach(t, c, set)
}
