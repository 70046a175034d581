package workqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	maxFailed = 3  // tries that may fail before a job is parked
	maxLost   = 10 // workers that a job may lose in a row before it is parked
	maxError  = 8 << 10
)

// Parked says why a job is given up. It is an error.
type Parked struct {
	Why    string   `json:"why"`              // "failed 3 times" or "the worker was lost 10 times"
	Failed []Failed `json:"failed,omitempty"` // the tries that ended with an error, in their order
}

// Failed is a try at a job that ended with an error or a panic.
type Failed struct {
	Try    string `json:"try"`    // a nonce
	Worker string `json:"worker"` // its identity
	Error  string `json:"error"`  // cut after 8 KiB; of a panic with the stack
}

// Error implements error: why, and the last error.
func (p *Parked) Error() string {
	if len(p.Failed) == 0 {
		return p.Why
	}
	return p.Why + ": " + p.Failed[len(p.Failed)-1].Error
}

// tries is what became of the tries at a job so far, but for the successful.
type tries struct {
	Failed []Failed `json:"failed,omitempty"`

	// Returned is the number of the last delivery after which the job was given
	// back in order. Of those after it, nobody was heard again.
	Returned uint64 `json:"returned,omitempty"`
}

// parked returns why a job must be given up that is delivered for the delivery-th
// time; nil where it need not.
func (t *tries) parked(delivery uint64) *Parked {
	switch lost := delivery - 1 - min(t.Returned, delivery-1); {
	case len(t.Failed) >= maxFailed:
		return &Parked{Why: fmt.Sprintf("failed %d times", len(t.Failed)), Failed: t.Failed}
	case lost >= maxLost:
		return &Parked{Why: fmt.Sprintf("the worker was lost %d times", lost), Failed: t.Failed}
	}
	return nil
}

// tries reads what became of the tries at a job.
func (c *Conn) tries(ctx context.Context, k key, n int) (t tries, err error) {
	err = c.persist(ctx, "reading the tries at a job", func(ctx context.Context) error {
		t, _, err = c.readTries(ctx, k, n)
		return err
	})
	return t, err
}

// report changes what is known of the tries at a job, and returns it. Several may
// do so at once: each change is made to what is there, or made again. It must
// be safe to make a change twice.
func (c *Conn) report(ctx context.Context, k key, n int, change func(*tries)) (t tries, err error) {
	err = c.persist(ctx, "reporting a try at a job", func(ctx context.Context) error {
		for {
			var at uint64
			if t, at, err = c.readTries(ctx, k, n); err != nil {
				return err
			}
			change(&t)
			text, err := json.Marshal(t)
			if err != nil {
				return err
			}
			if _, err = c.js.Publish(ctx, k.tries(n), text, jetstream.WithExpectLastSequencePerSubject(at)); !isTaken(err) {
				return err
			}
		}
	})
	return t, err
}

// readTries returns also the position of the message that says it: 0 for none.
func (c *Conn) readTries(ctx context.Context, k key, n int) (t tries, at uint64, err error) {
	m, err := c.last(ctx, triesStream, k.tries(n))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return tries{}, 0, nil
	}
	if err != nil {
		return tries{}, 0, err
	}
	return t, m.Sequence, json.Unmarshal(m.Data, &t)
}

// failed adds a failed try, once.
func (t *tries) failed(f Failed) {
	for _, known := range t.Failed {
		if known.Try == f.Try {
			return
		}
	}
	f.Error = f.Error[:min(len(f.Error), maxError)]
	t.Failed = append(t.Failed, f)
}
