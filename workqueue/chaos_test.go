package workqueue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// chaos draws, by one seed, who dies where. Which goroutine draws next is not
// ours to say, so a seed makes the same faults, but not the same run.
type chaos struct {
	mu     sync.Mutex
	g      *rand.Rand
	deaths map[string]int
	begun  map[int]bool // by job
	again  int          // how often a job was begun that had been begun before
	calm   atomic.Bool
}

func newChaos(seed uint64) *chaos {
	return &chaos{g: rand.New(rand.NewPCG(seed, 0)), deaths: map[string]int{}, begun: map[int]bool{}}
}

func (c *chaos) one(in int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.calm.Load() && c.g.IntN(in) == 0
}

// count returns how often somebody died, and a job was begun again.
func (c *chaos) count() (deaths, again int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.deaths {
		deaths += n
	}
	return deaths, c.again
}

// step kills the worker of conn at one step in fifteen, and withholds one in three signs of life.
func (c *chaos) step(conn *Conn) func(string) error {
	return func(step string) error {
		if step == "alive" {
			if c.one(3) {
				return errCut
			}
			return nil
		}
		if !c.one(15) {
			return nil
		}
		c.mu.Lock()
		c.deaths[step]++
		c.mu.Unlock()
		conn.Close()
		return errCut
	}
}

var errChaos = errors.New("bad luck")

// do takes up to twice the ack wait, now and then fails, and now and then the
// connection goes in its middle.
func (c *chaos) do(conn *Conn, ackWait time.Duration) func(context.Context, []byte, int) ([]byte, error) {
	return func(ctx context.Context, manifest []byte, job int) ([]byte, error) {
		c.mu.Lock()
		if c.begun[job] {
			c.again++
		}
		c.begun[job] = true
		c.mu.Unlock()
		if c.one(20) {
			time.Sleep(2 * ackWait)
		}
		if c.one(40) {
			return nil, errChaos
		}
		if c.one(40) {
			c.mu.Lock()
			c.deaths["do"]++
			c.mu.Unlock()
			conn.Close()
		}
		return do(ctx, manifest, job)
	}
}

// The law: each job has one result, whoever dies where and when.
func TestExactlyOneResult(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprintf("seed %d", 1+seed), func(t *testing.T) {
			t.Parallel()
			exactlyOne(t, 1+seed)
		})
	}
}

func exactlyOne(t *testing.T, seed uint64) {
	const jobs, ackWait = 150, 150 * time.Millisecond
	s, c := listen(t), newChaos(seed)
	o := Offer{Manifest: []byte("m"), Jobs: jobs, AckWait: ackWait}
	ctx, cancel := context.WithCancel(bounded(t))
	var all sync.WaitGroup
	var lives atomic.Int32
	for i := range 4 {
		all.Go(func() {
			for ctx.Err() == nil {
				conn, err := s.Dial(ctx, nil)
				if err != nil {
					return // ctx ended
				}
				lives.Add(1)
				conn.step = c.step(conn)
				_ = conn.Work(ctx, Worker{Identity: identity(i), AtOnce: 1 + i%2, Do: c.do(conn, ackWait)})
				conn.Close()
			}
		})
	}
	last := dial(t, s)
	var sets []*Set
	for deaths, again := 0, 0; deaths < 50 || again < 20; deaths, again = c.count() {
		o.Name = fmt.Sprintf("chaos-%d", len(sets))
		c.mu.Lock()
		c.begun = map[int]bool{} // the jobs of the new set
		c.mu.Unlock()
		coordinators(ctx, t, s, o)
		set := offer(t, last, o)
		sets = append(sets, set)
		parked := 0
		for _, r := range collect(t, set, "m") {
			if r.Parked != nil { // by bad luck; or on a slow machine, where ten in a row were not heard of in time
				parked++
			}
		}
		if parked > jobs/20 {
			t.Errorf("seed %d: %d jobs are parked", seed, parked)
		}
	}
	c.calm.Store(true)
	for _, set := range sets {
		queueEmpties(t, last, set)
		oneMessageEach(t, last, set)
	}
	cancel()
	all.Wait()
	deaths, again := c.count()
	t.Logf("seed %d: %d sets of %d jobs: %d deaths in %d lives: %v; %d times a job was begun again", seed, len(sets), jobs, deaths, lives.Load(), c.deaths, again)
	for _, step := range []string{"received", "begun", "done", "stored", "acknowledged"} {
		if c.deaths[step] == 0 {
			t.Errorf("seed %d: nobody died at %q: the test shows less than it says", seed, step)
		}
	}
}

// coordinators are ten, one after the other. Each dies in its offer, or after it has read some results.
func coordinators(ctx context.Context, t *testing.T, s *Server, o Offer) {
	t.Helper()
	for i := range 10 {
		conn, err := s.Dial(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			go func() {
				time.Sleep(time.Duration(i) * time.Millisecond) // in the middle of the offer
				conn.Close()
			}()
		}
		set, err := conn.Offer(ctx, o)
		if err == nil {
			read := 0
			for _, err := range set.Results(ctx) {
				if read++; err != nil || read > 15*i {
					break
				}
			}
		}
		conn.Close()
	}
}
