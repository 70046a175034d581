package workqueue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	patience  = 5 * time.Second        // how long one question to the server may stay unanswered
	firstWait = 100 * time.Millisecond // between tries; doubles each time
	longWait  = 3 * time.Second        // the longest
)

// A line is what lasts from one connection to the next: answers to what was asked
// on an earlier one do not come, and need not be waited for.
type line struct {
	ctx context.Context
	cut context.CancelFunc
}

func newLine() *line {
	ctx, cut := context.WithCancel(context.Background())
	return &line{ctx, cut}
}

// pause waits as long as *wait says, and doubles it.
func pause(ctx context.Context, wait *time.Duration) error {
	t := time.NewTimer(*wait)
	defer t.Stop()
	*wait = min(2**wait, longWait)
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// persist asks the server until it answers: with success, with an error that
// another try would not change, or until ctx ends. What must be safe to do twice, since
// an answer can be lost.
func (c *Conn) persist(ctx context.Context, what string, ask func(context.Context) error) error {
	return c.persistFor(ctx, patience, what, ask)
}

// persistFor is persist with another limit for each try.
func (c *Conn) persistFor(ctx context.Context, limit time.Duration, what string, ask func(context.Context) error) error {
	wait, told := firstWait, ""
	for {
		try, cancel := context.WithTimeout(ctx, limit)
		stop := context.AfterFunc(c.line.Load().ctx, cancel)
		err := ask(try)
		stop()
		lost := errors.Is(try.Err(), context.Canceled) // and the answer with the line
		cancel()
		denied := c.denied.Load()
		switch {
		case err == nil:
			c.denied.Store(nil)
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("%s: %w", what, context.Cause(ctx))
		case denied != nil:
			return fmt.Errorf("%s: %w", what, *denied)
		case lost:
			continue
		case !isPassing(err):
			return fmt.Errorf("%s: %w", what, err)
		}
		if err.Error() != told {
			told = err.Error()
			c.tell(fmt.Sprintf("%s: %v; trying again", what, err))
		}
		if err := pause(ctx, &wait); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
}

// noPeers says that fewer servers than replicas are there, so far.
const noPeers jetstream.ErrorCode = 10005

// isPassing tells whether err may be gone at the next try: the server is away,
// has no leader yet, or has no room at the moment.
func isPassing(err error) bool {
	if api, ok := errors.AsType[*jetstream.APIError](err); ok {
		return api.Code >= 500 || api.ErrorCode == noPeers
	}
	for _, passing := range []error{
		context.DeadlineExceeded, nats.ErrTimeout, nats.ErrNoResponders, jetstream.ErrNoStreamResponse, jetstream.ErrNoHeartbeat,
		nats.ErrConnectionReconnecting, nats.ErrDisconnected, nats.ErrReconnectBufExceeded, nats.ErrStaleConnection,
		jetstream.ErrServerShutdown, jetstream.ErrConsumerLeadershipChanged, jetstream.ErrAsyncPublishTimeout, nats.ErrNoServers,
	} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}

// isTaken tells whether a message was not stored since another is there.
func isTaken(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) &&
		(api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}
