package workqueue

import (
	"context"
	"sync"
	"time"
)

// mostSilent is the longest time between two signs of life. Somebody may ask for an
// ack wait that is shorter than the one that we know.
const mostSilent = time.Second

// heartbeat tells the server that the job is being done. When one sign is lost, the
// next is heard in time.
func (d *delivery) heartbeat(ctx context.Context) {
	t := time.NewTimer(between(d.wait.last()))
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if d.step("alive") == nil {
				_ = d.m.InProgress()
			}
			t.Reset(between(d.wait.now(ctx, d.ackWait)))
		}
	}
}

// between is how much time is between two signs of life.
func between(ackWait time.Duration) time.Duration {
	return min(max(ackWait/4, time.Millisecond), mostSilent)
}

// ackWait asks how long nothing may be heard of us.
func (w *work) ackWait(ctx context.Context) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, mostSilent)
	defer cancel()
	info, err := w.from.Info(ctx)
	if err != nil {
		return 0, err
	}
	return info.Config.AckWait, nil
}

// waited is the ack wait as we know it: each offer may change it, for all sets, while
// jobs are under way.
type waited struct {
	mu    sync.Mutex
	is    time.Duration
	asked time.Time
}

func (w *waited) last() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.is
}

// now is last that asks from time to time, not more often than signs of life are due.
func (w *waited) now(ctx context.Context, ask func(context.Context) (time.Duration, error)) time.Duration {
	w.mu.Lock()
	is, due := w.is, time.Since(w.asked) >= mostSilent
	if due {
		w.asked = time.Now()
	}
	w.mu.Unlock()
	if !due {
		return is
	}
	if fresh, err := ask(ctx); err == nil { // or the next sign of life asks
		w.mu.Lock()
		w.is = fresh
		w.mu.Unlock()
		return fresh
	}
	return is
}
