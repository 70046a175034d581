package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// blocks gives a block: its part is in the store then.
type blocks func(ctx context.Context, number int) (*sidecar, error)

// source gives where the blocks of a sweep come from: those that are there from the
// folder, the others from this machine, or from workers. What it returns beside is for
// the end.
func (w *sweep) source(ctx context.Context, p *progress) (from blocks, end func(), err error) {
	tell := &sweepProgress{runs: w.campaign.runs()}
	p.follow(tell.line)
	made, end := w.here(), func() {}
	if w.flags.cluster.used() {
		if made, end, err = w.elsewhere(ctx, p); err != nil {
			return nil, nil, err
		}
	}
	return func(ctx context.Context, number int) (*sidecar, error) {
		side, there, err := w.folder.parts.get(number)
		if err != nil {
			return nil, err
		}
		if !there {
			if side, err = made(ctx, number); err != nil {
				return nil, err
			}
		}
		tell.count(side, there)
		return side, nil
	}, end, nil
}

// here makes blocks on this machine.
func (w *sweep) here() blocks { return w.campaign.into(w.folder.parts) }

// into makes blocks, and keeps each in a store.
func (c *campaign) into(store partStore) blocks {
	return func(ctx context.Context, number int) (*sidecar, error) {
		part, side, err := c.block(ctx, number)
		if err == nil {
			err = store.put(number, part)
		}
		if err != nil {
			return nil, err
		}
		return side, nil
	}
}

// sweepProgress tells how far a sweep is.
type sweepProgress struct {
	runs                int
	done, again, failed atomic.Int64
}

// count takes the runs of a block; again: they were there.
func (s *sweepProgress) count(side *sidecar, again bool) {
	n := int64(len(side.runs))
	s.done.Add(n)
	if again {
		s.again.Add(n)
	}
	for _, r := range side.runs {
		if r.failed != "" {
			s.failed.Add(1)
		}
	}
}

func (s *sweepProgress) line(since time.Duration) string {
	done, made := s.done.Load(), s.done.Load()-s.again.Load()
	line := fmt.Sprintf("%d of %s after %v", done, runsText(s.runs), since.Round(time.Second))
	if made > 0 && since > 0 {
		rate := float64(made) / since.Seconds()
		left := time.Duration(float64(int64(s.runs)-done) / rate * float64(time.Second))
		line += fmt.Sprintf(", %s a second, about %v left", rateText(rate), left.Round(time.Second))
	}
	if n := s.failed.Load(); n > 0 {
		line += fmt.Sprintf(", %d failed", n)
	}
	return line
}

// rateText writes a rate with about two digits.
func rateText(rate float64) string {
	if rate < 10 {
		return fmt.Sprintf("%.1f", rate)
	}
	return fmt.Sprintf("%.0f", rate)
}
