package workqueue

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// listen starts a server that asks nobody; it ends with the test.
func listen(t *testing.T) *Server {
	t.Helper()
	return listenOn(t, ListenOptions{Addr: "127.0.0.1:0", StoreDir: t.TempDir()})
}

func listenOn(t *testing.T, o ListenOptions) *Server {
	t.Helper()
	s, err := Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// dial connects to a server as its coordinator; the connection ends with the test.
func dial(t *testing.T, s *Server) *Conn {
	t.Helper()
	c, err := s.Dial(bounded(t), func(m string) { t.Log(m) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// bounded returns a context that ends long after each test should have.
func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// start works in the background until the test ends, or the returned function is called, which
// returns what Work did.
func start(t *testing.T, c *Conn, w Worker) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Work(ctx, w) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = stop() })
	return stop
}

// answer is what the jobs of these tests are about: bytes that depend on manifest and job, a few
// of them too large for a message.
func answer(manifest []byte, job int) []byte {
	size := 100
	if job%16 == 5 {
		size = inline + 300<<10
	}
	b := binary.BigEndian.AppendUint64(bytes.Clone(manifest), uint64(job))
	g := rand.NewChaCha8([32]byte(append(b, make([]byte, 32)...)))
	b = make([]byte, size)
	_, _ = g.Read(b)
	return b
}

func do(_ context.Context, manifest []byte, job int) ([]byte, error) {
	return answer(manifest, job), nil
}

// collect reads all results of a set, and fails where one is wrong or there twice.
func collect(t *testing.T, s *Set, manifest string) map[int]Result {
	t.Helper()
	all := map[int]Result{}
	for r, err := range s.Results(bounded(t)) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := all[r.Job]; twice {
			t.Errorf("job %d has two results", r.Job)
		}
		if r.Parked == nil && !bytes.Equal(r.Bytes, answer([]byte(manifest), r.Job)) {
			t.Errorf("job %d has the result of another", r.Job)
		}
		all[r.Job] = r
	}
	return all
}

func offer(t *testing.T, c *Conn, o Offer) *Set {
	t.Helper()
	s, err := c.Offer(bounded(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func identity(n int) string { return fmt.Sprintf("worker %d", n) }
