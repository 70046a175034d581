package workqueue

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// putAtOnce is how many jobs are put before the server's answers are awaited.
const putAtOnce = 256

// put puts jobs into the work queue. One that is there is left alone.
//
// The condition that the subject has no message keeps a job from being in the
// queue twice, however long ago it was put. It cannot tell that a job was done and left the
// queue; who puts asks for results first. In between an answer that
// was lost could have a job put again that was done at once: the message id,
// which the server remembers for two minutes, stops that.
func (s *Set) put(ctx context.Context, jobs []int) error {
	round := nonce()
	for len(jobs) > 0 {
		batch := jobs[:min(putAtOnce, len(jobs))]
		jobs = jobs[len(batch):]
		err := s.conn.persist(ctx, "offering the jobs of "+s.key.name, func(ctx context.Context) (err error) {
			batch, err = s.conn.putOnce(ctx, s.key, round, batch)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// putOnce tries to put jobs, and returns those of which it does not know that
// they are in the queue.
func (c *Conn) putOnce(ctx context.Context, k key, round string, jobs []int) (open []int, err error) {
	futures := make([]jetstream.PubAckFuture, len(jobs))
	for i, n := range jobs {
		var wrong error
		id := fmt.Sprintf("%s.%d", round, n)
		futures[i], wrong = c.js.PublishMsgAsync(nats.NewMsg(k.job(n)), jetstream.WithExpectLastSequencePerSubject(0), jetstream.WithMsgID(id))
		if wrong != nil {
			open, err = append(open, n), wrong
		}
	}
	for i, f := range futures {
		if f == nil {
			continue
		}
		var wrong error
		select {
		case <-f.Ok():
		case wrong = <-f.Err():
		case <-ctx.Done():
			wrong = ctx.Err()
		}
		if wrong != nil && !isTaken(wrong) {
			open, err = append(open, jobs[i]), wrong
		}
	}
	return open, err
}
