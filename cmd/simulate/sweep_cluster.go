package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"dualhome/metrics/arrowfile"
	"dualhome/workqueue"
)

// elsewhere lets workers make the blocks. What it gives waits for them; end leaves the
// server, and takes back what was given out if all is done.
func (w *sweep) elsewhere(ctx context.Context, p *progress) (made blocks, end func(), err error) {
	tell := p.say
	conn, url, shut, err := w.connect(ctx, tell)
	if err != nil {
		return nil, nil, err
	}
	held, err := w.folder.parts.held()
	if err != nil {
		return nil, nil, errors.Join(err, shut())
	}
	set, err := conn.Offer(ctx, workqueue.Offer{
		Name: "simulate-" + w.manifest.identity(), Manifest: w.manifest.bytes(), Jobs: w.campaign.blocks(),
		Skip: func(job int) bool { return held[job] }, Replicas: w.flags.cluster.replicas, AckWait: w.flags.cluster.ackWait,
	})
	if err != nil {
		return nil, nil, errors.Join(err, shut())
	}
	ctx, stop := context.WithCancel(ctx)
	looking, stopLooking := context.WithCancel(ctx)
	var busy sync.WaitGroup
	a := &arrivals{of: map[int]chan struct{}{}, over: make(chan struct{})}
	busy.Go(func() {
		a.end(w.collect(ctx, set, a))
		stopLooking()
	})
	busy.Go(func() { missWorkers(looking, conn, w.flags.cluster.hint(url), tell) })
	if w.flags.workers > 0 {
		busy.Go(func() {
			if err := conn.Work(ctx, newWorkerOf(w.flags.workers, tell, w.flags.runFlags)); err != nil && ctx.Err() == nil {
				tell("the workers of this machine stopped: " + err.Error())
			}
		})
	}
	return w.awaited(a), func() {
		done := a.whole()
		stop()
		busy.Wait()
		if done {
			removing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
			defer cancel()
			if err := set.Remove(removing); err != nil {
				tell("what was given out could not be removed from the server: " + err.Error())
			}
		}
		conn.Close()
		if err := shut(); err != nil {
			tell(err.Error())
		}
	}, nil
}

// connect goes to the server, or is it.
func (w *sweep) connect(ctx context.Context, tell func(string)) (conn *workqueue.Conn, url string, shut func() error, err error) {
	f := &w.flags.cluster
	if f.listen == "" {
		conn, err = workqueue.Dial(ctx, f.url, f.access(workqueue.CoordinatorRole, tell))
		return conn, f.url, func() error { return nil }, dialed(err)
	}
	server, err := workqueue.Listen(f.listening(filepath.Join(w.folder.parts.dir, "nats"), tell))
	if err != nil {
		return nil, "", nil, usage("--listen: %v", err)
	}
	tell("workers: " + f.hint(server.URL()))
	if conn, err = server.Dial(ctx, tell); err != nil {
		server.Close()
		return nil, "", nil, err
	}
	return conn, server.URL(), func() error { server.Close(); return nil }, nil
}

// dialed makes a refusal a mistake of the command line.
func dialed(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return usage("--nats: %v", err)
}

// listening gives what a server of ours needs.
func (f *clusterFlags) listening(store string, tell func(string)) workqueue.ListenOptions {
	o := workqueue.ListenOptions{Addr: f.listen, StoreDir: store, Tell: tell, Cert: f.cert, Key: f.key, Coordinator: f.seed}
	if f.keys != "" {
		k := workqueue.KeysIn(f.keys)
		o.Cert, o.Key = cmp.Or(o.Cert, k.ServerCert), cmp.Or(o.Key, k.ServerKey)
		o.Coordinator, o.Workers = cmp.Or(o.Coordinator, k.Coordinator), []string{k.WorkerName}
	}
	return o
}

// hint is how a worker is started for the server at url.
func (f *clusterFlags) hint(url string) string {
	start := "simulate worker --nats " + quoted(url)
	if f.keys != "" {
		start += " --keys " + quoted(f.keys)
	}
	return start
}

// collect keeps each result as the part of its block, until all are there.
func (w *sweep) collect(ctx context.Context, set *workqueue.Set, a *arrivals) error {
	for r, err := range set.Results(ctx) {
		if err != nil {
			return err
		}
		part := r.Bytes
		if r.Parked != nil {
			if part, err = w.campaign.parked(r.Job, r.Parked); err != nil {
				return err
			}
		}
		if err := w.campaign.owns(r.Job, part); err != nil {
			return fmt.Errorf("what worker %s made of block %d: %w", r.Worker, r.Job, err)
		}
		if err := w.folder.parts.put(r.Job, part); err != nil {
			return err
		}
		a.come(r.Job)
	}
	return nil
}

// owns refuses what is no part of a block.
func (c *campaign) owns(block int, part []byte) error {
	of, err := arrowfile.OpenPart(part)
	if err != nil {
		return err
	}
	from, to := c.span(block)
	if of.Runs > 0 && (of.First < int64(from) || of.First+of.Runs > int64(to)) {
		return fmt.Errorf("it has runs from %d on, and not those from %d to %d", of.First, from, to-1)
	}
	return nil
}

// parked is the part of a block that no worker could make: its runs failed.
func (c *campaign) parked(block int, why *workqueue.Parked) ([]byte, error) {
	rows, side := c.parts.Begin(c.keep), &sidecar{}
	from, to := c.span(block)
	for n := from; n < to; n++ {
		f := c.flags
		f.seed = c.first + uint64(n%c.seeds)
		rows.Run(int64(n))
		side.runs = append(side.runs, c.broken(f, n, rows, fmt.Errorf("no worker could make it: %w", why)))
	}
	packed, err := side.pack()
	if err != nil {
		return nil, err
	}
	return rows.Part(packed)
}

// awaited gives blocks when they have come.
func (w *sweep) awaited(a *arrivals) blocks {
	return func(ctx context.Context, number int) (*sidecar, error) {
		if err := a.wait(ctx, number); err != nil {
			return nil, err
		}
		side, there, err := w.folder.parts.get(number)
		if err == nil && !there {
			err = fmt.Errorf("block %d is not in %s any more", number, w.folder.parts.dir)
		}
		return side, err
	}
}

// arrivals tells which blocks have come.
type arrivals struct {
	mu     sync.Mutex
	of     map[int]chan struct{}
	over   chan struct{}
	failed error
}

func (a *arrivals) at(block int) chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of[block] == nil {
		a.of[block] = make(chan struct{})
	}
	return a.of[block]
}

// come says that a block has come.
func (a *arrivals) come(block int) { close(a.at(block)) }

// end says that no more come, and why.
func (a *arrivals) end(err error) {
	a.failed = err
	close(a.over)
}

// wait returns when a block has come.
func (a *arrivals) wait(ctx context.Context, block int) error {
	at := a.at(block)
	select {
	case <-at:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-a.over:
	}
	select {
	case <-at:
		return nil
	default:
		return errors.Join(a.failed, fmt.Errorf("block %d did not come", block))
	}
}

// whole tells whether no block is missing.
func (a *arrivals) whole() bool {
	select {
	case <-a.over:
		return a.failed == nil
	default:
		return false
	}
}
