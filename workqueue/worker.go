package workqueue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Worker does jobs, of all sets that are offered.
type Worker struct {
	Identity string // who did a job, in its result: host and process, say; 1 to 128 printable characters
	AtOnce   int    // how many jobs are done at once; 0: 1

	// Accept says whether this worker can do the jobs of a manifest; its error
	// says why not. It is called once for each set, before its first job. May be nil: all.
	Accept func(manifest []byte) error

	// Do does one job and returns its result. It is called from AtOnce goroutines,
	// which share the manifest and must not change it. It may take as long as it
	// takes: signs of life go to the server meanwhile.
	// When its context ends it should end too; the job is given back, and what
	// Do returns then with an error is no failed try.
	Do func(ctx context.Context, manifest []byte, job int) ([]byte, error)

	// Tell is told, a line each time, what is worth a line: a try that failed, a
	// job that is parked. May be nil.
	Tell func(message string)
}

// RefusedError says that a worker does not accept a set of jobs.
type RefusedError struct {
	Set string // its name
	Err error  // what Accept said
}

// Error implements error.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("this worker cannot do the jobs of %s: %v", e.Set, e.Err)
}

// Unwrap returns what Accept said.
func (e *RefusedError) Unwrap() error { return e.Err }

// work is one call of Work.
type work struct {
	Worker
	*Conn
	end  context.CancelCauseFunc // ends all slots
	from jetstream.Consumer
	wait waited

	mu   sync.Mutex
	sets map[key]*accepted
}

// accepted is a set as the worker knows it.
type accepted struct {
	once     sync.Once
	manifest []byte
	jobs     int // how many there are
	err      error
}

var errGone = errors.New("the set is gone")

// Work does jobs until ctx ends; its error is then that of ctx. Jobs that are not
// done by then are given back at once. A job whose manifest Accept does not
// accept is given back too, for others, and Work ends with a *RefusedError. Other
// errors are those of a server that forbids what a worker needs. A server that
// is away is waited for.
func (c *Conn) Work(ctx context.Context, w Worker) error {
	if w.Identity == "" || len(w.Identity) > 128 || strings.ContainsFunc(w.Identity, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("%q does not identify a worker: 1 to 128 printable characters do", w.Identity)
	}
	if w.Accept == nil {
		w.Accept = func([]byte) error { return nil }
	}
	if w.Tell == nil {
		w.Tell = func(string) {}
	}
	slots, end := context.WithCancelCause(ctx)
	defer end(nil)
	job := &work{Worker: w, Conn: c, end: end, sets: map[key]*accepted{}}
	var err error
	if job.from, err = job.consumer(slots); err != nil {
		return err
	}
	job.wait.is = job.from.CachedInfo().Config.AckWait
	var all sync.WaitGroup
	for range max(1, w.AtOnce) {
		all.Go(func() { job.slot(slots) })
	}
	all.Wait()
	return context.Cause(slots)
}

// consumer waits until jobs were offered to this server for the first time.
func (w *work) consumer(ctx context.Context) (found jetstream.Consumer, err error) {
	wait, told := firstWait, false
	for {
		err = w.persist(ctx, "looking for jobs", func(ctx context.Context) error {
			found, err = w.js.Consumer(ctx, jobsStream, consumer)
			return err
		})
		if !errors.Is(err, jetstream.ErrStreamNotFound) && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return found, err
		}
		if !told {
			w.tell("no jobs were offered yet; waiting")
			told = true
		}
		if err := pause(ctx, &wait); err != nil {
			return nil, err
		}
	}
}

// slot does one job after the other. A job is asked for when there is time for it,
// so that none waits here while another worker is idle.
func (w *work) slot(ctx context.Context) {
	expiry, wait, told := max(min(w.wait.last(), 5*time.Second), 100*time.Millisecond), firstWait, ""
	for ctx.Err() == nil {
		m, err := w.next(ctx, expiry)
		switch {
		case err == nil:
			wait, told = firstWait, ""
			if err := w.handle(ctx, m); err != nil {
				w.end(err)
			}
		case ctx.Err() != nil, errors.Is(err, nats.ErrTimeout): // no job came
		default:
			if err.Error() != told {
				told = err.Error()
				w.tell(fmt.Sprintf("asking for a job: %v; trying again", err))
			}
			_ = pause(ctx, &wait) // the loop sees why it ended
		}
	}
}

// next waits for a job, for as long as expiry says.
func (w *work) next(ctx context.Context, expiry time.Duration) (jetstream.Msg, error) {
	batch, err := w.from.Fetch(1, jetstream.FetchMaxWait(expiry))
	if err != nil {
		return nil, err
	}
	select {
	case m := <-batch.Messages():
		if m != nil {
			return m, nil
		}
		if err := batch.Error(); err != nil {
			return nil, err
		}
		return nil, nats.ErrTimeout
	case <-ctx.Done():
		go func() { // the server does not know yet that we want none
			for m := range batch.Messages() {
				if d, err := w.delivery(m); err == nil {
					d.giveBack(context.WithoutCancel(ctx))
				}
			}
		}()
		return nil, context.Cause(ctx)
	}
}

// set returns the manifest of the set of job n, once Accept has seen it. The error is
// errGone, or a *RefusedError.
func (w *work) set(ctx context.Context, k key, n int) ([]byte, error) {
	w.mu.Lock()
	a := w.sets[k]
	if a == nil {
		a = &accepted{}
		w.sets[k] = a
	}
	w.mu.Unlock()
	a.once.Do(func() { a.manifest, a.jobs, a.err = w.accept(ctx, k) })
	if errors.Is(a.err, errGone) { // not for ever: see accept
		w.mu.Lock()
		delete(w.sets, k)
		w.mu.Unlock()
	}
	if a.err == nil && n >= a.jobs {
		return nil, errGone // the coordinator did not offer it
	}
	return a.manifest, a.err
}

// looks is how often a set must be missing to be gone. In a cluster a server that
// has just become leader may not know yet what was stored.
const looks = 3

func (w *work) accept(ctx context.Context, k key) (manifest []byte, jobs int, err error) {
	wait := firstWait
	for range looks {
		there, err := w.find(ctx, k.name)
		switch {
		case err == nil && there.key == k:
			if err := w.Accept(there.manifest); err != nil {
				return nil, 0, &RefusedError{k.name, err}
			}
			return there.manifest, there.jobs, nil
		case err != nil && !errors.Is(err, jetstream.ErrMsgNotFound):
			return nil, 0, err
		}
		if err := pause(ctx, &wait); err != nil {
			return nil, 0, err
		}
	}
	return nil, 0, errGone
}
