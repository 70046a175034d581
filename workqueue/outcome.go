package workqueue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// inline is how many bytes of a result go into its message. Up to there one
// question to the server stores a result. An object takes four, and leaves
// rests behind where its worker dies; but a message may have 1 MiB at most where
// the server has no other limit (max_payload).
const inline = 256 << 10

// Headers of the message of a result.
const (
	headerWorker = "Workqueue-Worker"
	headerForm   = "Workqueue-Form" // of its payload
)

// Forms of the payload of a result.
const (
	formBytes  = "bytes"  // it is the result
	formObject = "object" // JSON of an object, which is the result
	formParked = "parked" // JSON of Parked
)

// object says where the bytes of a result are.
type object struct {
	Name   string `json:"name"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"` // of the bytes: a worker can replace the objects of others, but not this
}

// outcome is a result on its way to the server.
type outcome struct {
	try    string // its nonce
	worker string
	form   string
	bytes  []byte
}

// store stores what one try gave as the result of a job, unless it has one.
// first tells whether it had none.
func (c *Conn) store(ctx context.Context, k key, n int, o outcome) (first bool, err error) {
	if o.form == formBytes && len(o.bytes) > min(inline, int(c.nats.MaxPayload()/2)) {
		if o, err = c.storeObject(ctx, k, n, o); err != nil {
			return false, err
		}
		if err := c.step("object"); err != nil {
			return false, err
		}
	}
	m := nats.NewMsg(k.result(n))
	m.Header.Set(headerWorker, o.worker)
	m.Header.Set(headerForm, o.form)
	m.Data = o.bytes
	err = c.persist(ctx, fmt.Sprintf("storing the result of job %d of %s", n, k.name), func(ctx context.Context) error {
		// The id lets the server know our second try from another's first.
		_, err := c.js.PublishMsg(ctx, m, jetstream.WithExpectLastSequencePerSubject(0), jetstream.WithMsgID(o.try))
		return err
	})
	if isTaken(err) {
		return false, nil
	}
	return err == nil, err
}

// storeObject puts the bytes of a result into the object store, under a name that
// only this try has: what two workers write at once must not mix.
func (c *Conn) storeObject(ctx context.Context, k key, n int, o outcome) (outcome, error) {
	sum := sha256.Sum256(o.bytes)
	at := object{Name: k.object(n, o.try), Size: len(o.bytes), SHA256: hex.EncodeToString(sum[:])}
	what := fmt.Sprintf("storing the result of job %d of %s", n, k.name)
	err := c.persistFor(ctx, patienceFor(len(o.bytes)), what, func(ctx context.Context) error {
		objects, err := c.js.ObjectStore(ctx, bucket)
		if err == nil {
			_, err = objects.Put(ctx, jetstream.ObjectMeta{Name: at.Name}, bytes.NewReader(o.bytes))
		}
		return err
	})
	if err != nil {
		return o, err
	}
	o.form = formObject
	o.bytes, err = json.Marshal(at)
	return o, err
}

// patienceFor is how long size bytes may take to be sent: 64 KiB/s is slow.
func patienceFor(size int) time.Duration {
	return patience + time.Duration(size/(64<<10))*time.Second
}

// open turns the message of a result into the result of job n.
func (c *Conn) open(ctx context.Context, n int, m *jetstream.RawStreamMsg) (Result, error) {
	r := Result{Job: n, Worker: m.Header.Get(headerWorker)}
	var err error
	switch form := m.Header.Get(headerForm); form {
	case formBytes:
		r.Bytes = m.Data
	case formParked:
		r.Parked = &Parked{}
		err = json.Unmarshal(m.Data, r.Parked)
	case formObject:
		r.Bytes, err = c.fetch(ctx, m.Data)
	default:
		err = fmt.Errorf("its form %q is unknown", form)
	}
	if err != nil {
		return r, fmt.Errorf("the result of job %d, by %s: %w", n, r.Worker, err)
	}
	return r, nil
}

// fetches is how often an object is read that is not whole. In a cluster it may
// be read from a server that has not got all of it yet.
const fetches = 8

func (c *Conn) fetch(ctx context.Context, where []byte) (b []byte, err error) {
	var at object
	if err := json.Unmarshal(where, &at); err != nil {
		return nil, err
	}
	wait := firstWait
	for range fetches {
		err = c.persistFor(ctx, patienceFor(at.Size), "reading the object "+at.Name, func(ctx context.Context) error {
			objects, err := c.js.ObjectStore(ctx, bucket)
			if err == nil {
				b, err = objects.GetBytes(ctx, at.Name)
			}
			return err
		})
		sum := sha256.Sum256(b)
		if err == nil && (len(b) != at.Size || hex.EncodeToString(sum[:]) != at.SHA256) {
			err = errReplaced
		}
		if err == nil || ctx.Err() != nil {
			return b, err
		}
		if err := pause(ctx, &wait); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("the object %s: %w", at.Name, err)
}

var errReplaced = errors.New("it is not what the worker wrote")

// isDamage tells whether a result is there that will never be whole: its object is
// gone, or another. A server that does not answer, or forbids, is another matter.
func isDamage(err error) bool {
	return errors.Is(err, errReplaced) || errors.Is(err, jetstream.ErrObjectNotFound) || errors.Is(err, jetstream.ErrDigestMismatch)
}
