package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"dualhome/workqueue"
)

// workerFlags are the flags of the command worker.
type workerFlags struct {
	accessFlags
	runFlags
	url     string
	workers int
}

func newWorker(s *shell) *cobra.Command {
	var f workerFlags
	c := &cobra.Command{
		Use:   "worker --nats URL",
		Short: "Make runs of sweeps that others began, over NATS",
		Long: `Makes runs of the sweeps that were begun with "sweep --nats" or "sweep --listen" at the
same NATS server, until it is interrupted. Workers may come and go at any time: what one
leaves undone another does, and no run is lost or counted twice.

It refuses sweeps of another version of simulate, or of another kind of processor,
whose figures could differ.`,
		Example: `  simulate worker --nats nats://127.0.0.1:4222
  simulate worker --nats nats://192.0.2.10:4222 --keys group --workers 8`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return s.runWorker(c.Context(), &f) },
	}
	c.Flags().StringVar(&f.url, "nats", "", "the NATS server, or several with commas between: nats://host:4222")
	c.Flags().IntVar(&f.workers, "workers", 0, "runs made at once (default one a core)")
	c.Flags().StringVar(&f.bus, "bus", "memory", "how messages of a run travel: memory, or embedded (a NATS server in this process)")
	c.Flags().DurationVar(&f.busTimeout, "bus-timeout", 30*time.Second, "wall time after which a message counts as lost by the bus")
	f.accessFlags.flags(c)
	return c
}

// runWorker works until it is interrupted.
func (s *shell) runWorker(ctx context.Context, f *workerFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	switch {
	case f.url == "":
		return usage("which server? simulate worker --nats nats://127.0.0.1:4222")
	case f.workers < 0:
		return usage("--workers %d: it is how many runs are made at once", f.workers)
	case f.workers == 0:
		f.workers = runtime.GOMAXPROCS(0)
	}
	p := s.newProgress().start()
	defer p.end()
	p.enter("connecting")
	conn, err := workqueue.Dial(ctx, f.url, f.access(workqueue.WorkerRole, p.say))
	if err != nil {
		return dialed(err)
	}
	defer conn.Close()
	defer carryBallast()()
	worker := newWorkerOf(f.workers, p.say, f.runFlags)
	var done atomic.Int64
	do := worker.Do
	worker.Do = func(ctx context.Context, manifest []byte, job int) ([]byte, error) {
		part, err := do(ctx, manifest, job)
		if err == nil {
			done.Add(1)
		}
		return part, err
	}
	p.follow(func(since time.Duration) string {
		return fmt.Sprintf("%d at once: %d blocks of runs done after %v", f.workers, done.Load(), since.Round(time.Second))
	})
	err = conn.Work(ctx, worker)
	p.end()
	if _, refused := errors.AsType[*workqueue.RefusedError](err); refused {
		return &exitError{exitUsage, err}
	}
	if errors.Is(err, context.Canceled) {
		return &exitError{exitInterrupted, fmt.Errorf("interrupted after %d blocks of runs; what was under way is for others", done.Load())}
	}
	return err
}

// newWorkerOf gives a worker that makes blocks of whichever sweep they are of.
func newWorkerOf(atOnce int, tell func(string), f runFlags) workqueue.Worker {
	known := &knownSweeps{flags: f, held: map[[sha256.Size]byte]*knownSweep{}}
	return workqueue.Worker{
		Identity: identity(), AtOnce: atOnce, Tell: tell,
		Accept: func(manifest []byte) error {
			_, err := known.campaign(manifest)
			return err
		},
		Do: func(ctx context.Context, manifest []byte, job int) ([]byte, error) {
			c, err := known.campaign(manifest)
			if err != nil {
				return nil, err
			}
			part, _, err := c.block(ctx, job)
			return part, err
		},
	}
}

// knownSweeps keeps what a worker has read of sweeps.
type knownSweeps struct {
	flags runFlags
	mu    sync.Mutex
	held  map[[sha256.Size]byte]*knownSweep
}

type knownSweep struct {
	read     sync.Once
	campaign *campaign
	err      error
}

// sweepsKept bounds how many sweeps a worker remembers.
const sweepsKept = 16

func (k *knownSweeps) campaign(text []byte) (*campaign, error) {
	s := k.of(sha256.Sum256(text))
	s.read.Do(func() { s.campaign, s.err = readCampaign(text, k.flags) })
	return s.campaign, s.err
}

func (k *knownSweeps) of(name [sha256.Size]byte) *knownSweep {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.held[name]
	if s == nil {
		if len(k.held) == sweepsKept {
			clear(k.held)
		}
		s = &knownSweep{}
		k.held[name] = s
	}
	return s
}

// readCampaign makes the campaign of a manifest that came over the network.
func readCampaign(text []byte, f runFlags) (*campaign, error) {
	m := &manifest{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("its plan cannot be read: %w", err)
	}
	if err := m.runnable(); err != nil {
		return nil, err
	}
	plan, _, err := m.plan(m.noted)
	if err != nil {
		return nil, err
	}
	return m.campaign(plan, f)
}
