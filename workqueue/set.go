package workqueue

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Offer is a set of jobs to be done.
type Offer struct {
	Name     string // of the set: 1 to 64 letters, digits, - and _; one set at a time has it
	Manifest []byte // what the jobs are about; each worker gets it once. Compressed it must fit into a message of the server (max_payload)
	Jobs     int    // how many; they have the numbers 0 to Jobs-1

	// Skip says which jobs need not be done, nor read, as their results are known. May be nil.
	Skip func(job int) bool

	// Replicas is how many servers keep each message, at least. It is settled when
	// something is first offered to a server, for all sets: then 0 means 3 in a
	// cluster, else 1. Later 0 takes what there is, and more is an error.
	Replicas int

	// AckWait is how long nothing may be heard of the worker of a job before the
	// job is given to another. 0: DefaultAckWait. It holds for all sets of the
	// server: the last that was asked for.
	AckWait time.Duration
}

// Set is a set of jobs that is offered. It is safe for concurrent use.
type Set struct {
	conn *Conn
	key  key
	jobs int
	skip func(int) bool
	wait time.Duration // the ack wait
}

// ManifestError says that another set of that name is offered already.
type ManifestError struct {
	Name                  string
	There, Ours           []byte // the manifest of the set that is there, and that of the offer
	JobsThere, JobsOffers int    // how many jobs each has
}

// Error implements error.
func (e *ManifestError) Error() string {
	if bytes.Equal(e.There, e.Ours) {
		return fmt.Sprintf("the set %s is there with %d jobs, not %d", e.Name, e.JobsThere, e.JobsOffers)
	}
	return fmt.Sprintf("the set %s is there with another manifest", e.Name)
}

// Headers of the message of a set. Its payload is the manifest, compressed.
const (
	headerNonce = "Workqueue-Nonce"
	headerJobs  = "Workqueue-Jobs"
)

// Offer offers a set of jobs, or finds the one that was offered under that name
// and goes on with it: jobs that have a result, or are offered already, are not
// offered again. So a coordinator that was killed at any moment begins again
// with Offer. If the set that is there has another manifest or number of jobs the error is
// a *ManifestError. A server that is away is waited for until ctx ends.
func (c *Conn) Offer(ctx context.Context, o Offer) (*Set, error) {
	if err := checkName(o.Name); err != nil {
		return nil, err
	}
	if o.Jobs < 0 {
		return nil, fmt.Errorf("offering %s: %d jobs", o.Name, o.Jobs)
	}
	if o.AckWait == 0 {
		o.AckWait = DefaultAckWait
	}
	if o.Skip == nil {
		o.Skip = func(int) bool { return false }
	}
	if err := c.prepare(ctx, o.Replicas, o.AckWait); err != nil {
		return nil, err
	}
	there, err := c.register(ctx, o)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(there.manifest, o.Manifest) || there.jobs != o.Jobs {
		return nil, &ManifestError{o.Name, there.manifest, o.Manifest, there.jobs, o.Jobs}
	}
	s := &Set{conn: c, key: there.key, jobs: o.Jobs, skip: o.Skip, wait: o.AckWait}
	if err := c.sweep(ctx, s.key); err != nil {
		return nil, err
	}
	done, err := c.numbers(ctx, resultsStream, resultsPrefix, s.key)
	if err != nil {
		return nil, err
	}
	var missing []int
	for n := range o.Jobs {
		if !done[n] && !o.Skip(n) {
			missing = append(missing, n)
		}
	}
	return s, s.put(ctx, missing)
}

// entry is what setsStream says of a set.
type entry struct {
	key      key
	jobs     int
	manifest []byte
}

// register writes the set down, unless one of that name is there, and returns
// what is there then.
func (c *Conn) register(ctx context.Context, o Offer) (there entry, err error) {
	packed, err := pack(o.Manifest)
	if err != nil {
		return entry{}, err
	}
	m := nats.NewMsg(setsPrefix + o.Name)
	m.Header.Set(headerNonce, nonce())
	m.Header.Set(headerJobs, strconv.Itoa(o.Jobs))
	m.Data = packed
	err = c.persist(ctx, "offering "+o.Name, func(ctx context.Context) error {
		_, err := c.js.PublishMsg(ctx, m, jetstream.WithExpectLastSequencePerSubject(0))
		if err != nil && !isTaken(err) {
			return err
		}
		there, err = c.lookUp(ctx, o.Name)
		return err
	})
	if errors.Is(err, nats.ErrMaxPayload) {
		err = fmt.Errorf("%w: the manifest has %d bytes compressed; the server takes %d (max_payload)", err, len(packed), c.nats.MaxPayload())
	}
	return there, err
}

// lookUp reads the set of that name; jetstream.ErrMsgNotFound where there is none.
func (c *Conn) lookUp(ctx context.Context, name string) (entry, error) {
	m, err := c.last(ctx, setsStream, setsPrefix+name)
	if err != nil {
		return entry{}, err
	}
	jobs, err := strconv.Atoi(m.Header.Get(headerJobs))
	if err != nil {
		return entry{}, fmt.Errorf("the set %s: %w", name, err)
	}
	manifest, err := unpack(m.Data)
	if err != nil {
		return entry{}, fmt.Errorf("the manifest of %s: %w", name, err)
	}
	return entry{key{name, m.Header.Get(headerNonce)}, jobs, manifest}, nil
}

// last reads the last message on a subject, from the leader of the stream. Without
// the stream there is none either.
func (c *Conn) last(ctx context.Context, stream, subject string) (m *jetstream.RawStreamMsg, err error) {
	s, err := c.stream(ctx, stream)
	if err == nil {
		m, err = s.GetLastMsgForSubject(ctx, subject)
	}
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		err = jetstream.ErrMsgNotFound
	}
	return m, err
}

// stream returns a handle of a stream, for which the server is asked once.
func (c *Conn) stream(ctx context.Context, name string) (jetstream.Stream, error) {
	if s, ok := c.known.Load(name); ok {
		return s.(jetstream.Stream), nil
	}
	s, err := c.js.Stream(ctx, name)
	if err == nil {
		c.known.Store(name, s)
	}
	return s, err
}

func pack(manifest []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(manifest); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// maxManifest bounds what a manifest may become when it is unpacked.
const maxManifest = 1 << 30

func unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	manifest, err := io.ReadAll(io.LimitReader(z, maxManifest+1))
	if err == nil && len(manifest) > maxManifest {
		err = fmt.Errorf("it has more than %d bytes", maxManifest)
	}
	return manifest, err
}
