package workqueue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// DefaultAckWait is how long nothing may be heard of the worker of a job before
// the job is given to another.
const DefaultAckWait = 30 * time.Second

// maxWaiting is how many jobs may be waited for at once, by all workers.
const maxWaiting = 16384

// streams are what all sets share. Nothing in them is read from replicas
// (AllowDirect is off): one may be behind, and to miss what is there would be to
// do it twice.
func streams(replicas int) []jetstream.StreamConfig {
	one := func(name, subjects string) jetstream.StreamConfig {
		return jetstream.StreamConfig{
			Name: name, Subjects: []string{subjects}, Storage: jetstream.FileStorage, Replicas: replicas,
			MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
		}
	}
	sets, jobs, results, tries := one(setsStream, setsPrefix+"*"), one(jobsStream, jobsPrefix+"*.*.*"), one(resultsStream, resultsPrefix+"*.*.*"), one(triesStream, triesPrefix+"*.*.*")
	jobs.Retention = jetstream.WorkQueuePolicy
	// Of tries the last counts, which holds those before it.
	tries.Discard, tries.DiscardNewPerSubject = jetstream.DiscardOld, false
	return []jetstream.StreamConfig{sets, jobs, results, tries}
}

// workers is the consumer that all workers share.
func workers(ackWait time.Duration) jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable: consumer, AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait,
		MaxDeliver: -1, // tries are counted by what became of them, see tries.go
		// Jobs that are being done; the server's own limit of 1000 would idle workers.
		MaxAckPending: -1, MaxWaiting: maxWaiting,
	}
}

// prepare makes streams, consumer and bucket where they are not there. What is
// there keeps its replicas: the server answers long before more of them have
// everything, and one that goes meanwhile could take the only copy with it. With an
// ack wait of 0 a consumer that is there is left as it is.
func (c *Conn) prepare(ctx context.Context, replicas int, ackWait time.Duration) error {
	made := cmp.Or(replicas, 1)
	if replicas == 0 && c.nats.ConnectedClusterName() != "" {
		made = 3
	}
	for _, want := range streams(made) {
		err := c.persist(ctx, "making the stream "+want.Name, func(ctx context.Context) error { return c.ensure(ctx, want, replicas) })
		if err != nil {
			return err
		}
	}
	err := c.persist(ctx, "making the consumer "+consumer, func(ctx context.Context) error {
		var err error
		if ackWait == 0 {
			_, err = c.js.Consumer(ctx, jobsStream, consumer)
		}
		if ackWait != 0 || errors.Is(err, jetstream.ErrConsumerNotFound) {
			_, err = c.js.CreateOrUpdateConsumer(ctx, jobsStream, workers(cmp.Or(ackWait, DefaultAckWait)))
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.persist(ctx, "making the object store "+bucket, func(ctx context.Context) error { return c.ensureBucket(ctx, made, replicas) })
}

// ensure makes a stream, unless it is there with at least so many replicas.
func (c *Conn) ensure(ctx context.Context, want jetstream.StreamConfig, replicas int) error {
	there, err := c.js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if _, err = c.js.CreateStream(ctx, want); errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			there, err = c.js.Stream(ctx, want.Name) // another coordinator was faster
		} else {
			return err
		}
	}
	if err != nil {
		return err
	}
	have := there.CachedInfo().Config
	if have.Retention != want.Retention || have.MaxMsgsPerSubject != want.MaxMsgsPerSubject || have.DiscardNewPerSubject != want.DiscardNewPerSubject {
		return fmt.Errorf("the stream %s is there, but it is not ours: delete it, or use another account", want.Name)
	}
	return enough(want.Name, have.Replicas, replicas)
}

func enough(stream string, have, want int) error {
	if have < want {
		return fmt.Errorf("%d servers keep the stream %s, not %d: change it (nats stream update %s --replicas %d), or delete it", have, stream, want, stream, want)
	}
	return nil
}

func (c *Conn) ensureBucket(ctx context.Context, made, replicas int) error {
	there, err := c.js.ObjectStore(ctx, bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		_, err = c.js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{
			Bucket: bucket, Description: "results that are too large for a message", Storage: jetstream.FileStorage, Replicas: made,
		})
		if errors.Is(err, jetstream.ErrBucketExists) {
			return nil // another coordinator was faster
		}
		return err
	}
	if err != nil {
		return err
	}
	status, err := there.Status(ctx)
	if err != nil {
		return err
	}
	return enough(bucketStream, status.Replicas(), replicas)
}
