package workqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// leave is how long a worker that ends takes to give a job back.
const leave = 3 * time.Second

// delivery is a job that was given to us.
type delivery struct {
	*work
	m      jetstream.Msg
	key    key
	n      int
	number uint64 // how often the job was given to somebody, this time included
	try    string // a nonce
}

func (w *work) delivery(m jetstream.Msg) (*delivery, error) {
	d := &delivery{work: w, m: m, try: nonce()}
	meta, err := m.Metadata()
	if err != nil {
		return nil, err
	}
	d.number = meta.NumDelivered
	d.key, d.n, err = parse(m.Subject(), jobsPrefix)
	return d, err
}

// handle does the job of m. Its error ends the worker; the job was given back.
func (w *work) handle(ctx context.Context, m jetstream.Msg) error {
	d, err := w.delivery(m)
	if err != nil {
		w.tell(fmt.Sprintf("a message that is no job is dropped: %v", err))
		return m.Term()
	}
	beat, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	go d.heartbeat(beat)
	err = d.run(ctx)
	switch {
	case err == nil || errors.Is(err, errCut):
		return err
	case errors.Is(err, errGone):
		return m.TermWithReason(errGone.Error())
	}
	stop()     // or a late sign of life could follow the return
	w.end(err) // or this worker could get it again
	d.giveBack(context.WithoutCancel(ctx))
	return err
}

// errCut is how a step of a test ends a worker without a word.
var errCut = errors.New("cut")

// run does the job to the end: its result is stored and the job is out of the
// queue, or it failed and is given back. Any error means that neither happened.
func (d *delivery) run(ctx context.Context) error {
	if err := d.step("received"); err != nil {
		return err
	}
	manifest, err := d.set(ctx, d.key, d.n)
	if err != nil {
		return err
	}
	// No job is given up before this many deliveries: most need not ask.
	if d.number > maxFailed {
		t, err := d.tries(ctx, d.key, d.n)
		if err != nil {
			return err
		}
		if p := t.parked(d.number); p != nil {
			return d.park(ctx, p)
		}
	}
	if err := d.step("begun"); err != nil {
		return err
	}
	result, failure := d.do(ctx, manifest)
	if err := d.step("done"); err != nil {
		return err
	}
	switch {
	case failure == nil:
		return d.finish(ctx, outcome{try: d.try, worker: d.Identity, form: formBytes, bytes: result})
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return d.fail(ctx, failure)
}

// do calls Do; a panic is an error.
func (d *delivery) do(ctx context.Context, manifest []byte) (result []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return d.Do(ctx, manifest, d.n)
}

// finish stores the result and takes the job out of the queue, in this order. A
// worker that is told to end does that yet: the work is done.
func (d *delivery) finish(ctx context.Context, o outcome) error {
	ctx, cancel := d.linger(ctx)
	defer cancel()
	first, err := d.store(ctx, d.key, d.n, o)
	if err != nil {
		return err
	}
	if !first {
		d.tell(fmt.Sprintf("job %d of %s was done by another worker first", d.n, d.key.name))
	}
	if err := d.step("stored"); err != nil {
		return err
	}
	d.acknowledge(ctx)
	return d.step("acknowledged")
}

// linger returns a context that outlives ctx by what it takes to give a job back.
func (d *delivery) linger(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		t := time.AfterFunc(leave, cancel)
		context.AfterFunc(longer, func() { t.Stop() })
	})
	return longer, func() { stop(); cancel() }
}

// acknowledge takes the job out of the queue. Where that fails the job is given to
// somebody again, who will find that it has a result. So it is tried twice, and
// anew with a new connection, but not for long: a queue that lost the job does
// not answer at all.
func (d *delivery) acknowledge(ctx context.Context) {
	for range 2 {
		try, cancel := context.WithTimeout(ctx, patience)
		stop := context.AfterFunc(d.line.Load().ctx, cancel)
		err := d.m.DoubleAck(try)
		stop()
		cancel()
		if err == nil {
			return
		}
	}
}

// fail reports a failed try, and gives the job back or, after the third, up.
func (d *delivery) fail(ctx context.Context, failure error) error {
	d.Tell(fmt.Sprintf("job %d of %s failed: %v", d.n, d.key.name, failure))
	t, err := d.report(ctx, d.key, d.n, func(t *tries) {
		t.failed(Failed{Try: d.try, Worker: d.Identity, Error: failure.Error()})
		t.Returned = max(t.Returned, d.number)
	})
	if err != nil {
		return err
	}
	if err := d.step("reported"); err != nil {
		return err
	}
	if p := t.parked(d.number); p != nil {
		return d.park(ctx, p)
	}
	_ = d.m.Nak() // where it is lost, the ack wait ends
	return nil
}

// park makes why the job is given up its result.
func (d *delivery) park(ctx context.Context, p *Parked) error {
	d.Tell(fmt.Sprintf("job %d of %s is parked: %s", d.n, d.key.name, p.Why))
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return d.finish(ctx, outcome{try: d.try, worker: d.Identity, form: formParked, bytes: text})
}

// giveBack gives the job to others, at once, and says that nobody was lost. Where
// the server is away both fail, and the ack wait ends.
func (d *delivery) giveBack(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, leave)
	defer cancel()
	if d.m.Nak() != nil || d.nats.FlushWithContext(ctx) != nil {
		return
	}
	_, _ = d.report(ctx, d.key, d.n, func(t *tries) { t.Returned = max(t.Returned, d.number) })
}
