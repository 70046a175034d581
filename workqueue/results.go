package workqueue

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Result is what became of a job.
type Result struct {
	Job    int
	Bytes  []byte  // what Do returned; nil where the job is parked
	Worker string  // the identity of who made it
	Parked *Parked // why the job has no other result; nil where it has
}

// Results gives the result of each job once, those that skip leaves out aside, in
// the order in which they were stored, and waits for what is not there yet. It
// ends when it has given all, or after its first error: that of ctx, or that
// somebody removed the set. A job whose result is damaged is offered again. Each
// call begins anew.
//
// Results are asked for one after the other, with the position in our hands: a
// subscription would be one more thing to lose when a server goes.
func (s *Set) Results(ctx context.Context) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		r := s.reader()
		for r.left > 0 {
			result, err := r.next(ctx)
			if !yield(result, err) || err != nil {
				return
			}
		}
	}
}

// reader reads the results of a set from the beginning.
type reader struct {
	*Set
	seen     []bool // by job: handed over, or not wanted
	left     int    // how many are not seen
	position uint64 // of the next message in the stream
	heard    time.Time
	suspects []int // jobs that were not in the queue when it was last looked into
	missing  int   // how often in a row the set itself was not there
}

func (s *Set) reader() *reader {
	r := &reader{Set: s, seen: make([]bool, s.jobs), position: 1, heard: time.Now()}
	for n := range r.seen {
		if r.seen[n] = s.skip(n); !r.seen[n] {
			r.left++
		}
	}
	return r
}

// next waits for a result that is not seen.
func (r *reader) next(ctx context.Context) (Result, error) {
	wait := firstWait / 4
	for {
		m, err := r.conn.after(ctx, r.position, resultsPrefix+r.key.String()+".*")
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			if err = r.mend(ctx); err == nil {
				err = pause(ctx, &wait)
			}
			wait = min(wait, time.Second)
			if err != nil {
				return Result{}, err
			}
			continue
		}
		if err != nil {
			return Result{}, err
		}
		r.position, r.heard = m.Sequence+1, time.Now()
		_, n, err := parse(m.Subject, resultsPrefix)
		if err != nil || n >= r.jobs || r.seen[n] {
			continue // a result of a job that nobody offered, or wanted
		}
		result, err := r.conn.open(ctx, n, m)
		if isDamage(err) {
			if err = r.again(ctx, n, err); err == nil {
				continue
			}
		}
		if err == nil {
			r.seen[n] = true
			r.left--
		}
		return result, err
	}
}

// again has a job done again whose result nobody can read, and nobody ever will.
func (r *reader) again(ctx context.Context, n int, damage error) error {
	r.conn.tell(fmt.Sprintf("%v; offering the job again", damage))
	if err := r.conn.purge(ctx, resultsStream, r.key.result(n)); err != nil {
		return err
	}
	return r.put(ctx, []int{n})
}

// after returns the first message at or behind position on subjects of results.
func (c *Conn) after(ctx context.Context, position uint64, subjects string) (m *jetstream.RawStreamMsg, err error) {
	err = c.persist(ctx, "reading results", func(ctx context.Context) error {
		s, err := c.stream(ctx, resultsStream)
		if err == nil {
			m, err = s.GetMsg(ctx, position, jetstream.WithGetMsgSubject(subjects))
		}
		return err
	})
	return m, err
}

// mend puts jobs again that have no result and are not in the queue: a server
// lost its disk, or a worker acknowledged what it had not done. It is called
// when all results there are have been read, and looks only when nothing was heard for
// long.
//
// A result is stored before its job leaves the queue. So a job that was not in
// the queue at one time, and has no result at a later one, is lost.
func (r *reader) mend(ctx context.Context) error {
	var lost []int
	for _, n := range r.suspects {
		if !r.seen[n] {
			lost = append(lost, n)
		}
	}
	if r.suspects = nil; len(lost) > 0 {
		r.conn.tell(fmt.Sprintf("%d jobs of %s are lost; offering them again", len(lost), r.key.name))
		return r.put(ctx, lost)
	}
	if time.Since(r.heard) < 2*r.wait {
		return nil
	}
	r.heard = time.Now()
	if there, err := r.conn.find(ctx, r.key.name); errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && there.key != r.key {
		if r.missing++; r.missing >= looks {
			return fmt.Errorf("%s: somebody removed it: %w", r.key.name, errGone)
		}
		return nil
	} else if err != nil {
		return err
	}
	r.missing = 0
	queued, err := r.conn.numbers(ctx, jobsStream, jobsPrefix, r.key)
	for n, seen := range r.seen {
		if !seen && !queued[n] {
			r.suspects = append(r.suspects, n)
		}
	}
	return err
}

// Load is how much there is to do on a server, of all sets.
type Load struct {
	Queued   int // jobs that nobody does
	UnderWay int // jobs that somebody does, or did who is not heard of any more
	Idle     int // how many jobs more would be begun at once: workers, by what they do at once
}

// Load asks how much there is to do. Of a server to which nothing was offered it is zero.
func (c *Conn) Load(ctx context.Context) (l Load, err error) {
	err = c.persist(ctx, "asking for the load", func(ctx context.Context) error {
		found, err := c.js.Consumer(ctx, jobsStream, consumer)
		if errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil
		}
		if err == nil {
			info := found.CachedInfo()
			l = Load{Queued: int(info.NumPending), UnderWay: info.NumAckPending, Idle: info.NumWaiting}
		}
		return err
	})
	return l, err
}

// numbers returns the jobs of a set of which a stream has a message.
func (c *Conn) numbers(ctx context.Context, stream, prefix string, k key) (map[int]bool, error) {
	numbers := map[int]bool{}
	subjects, err := c.subjects(ctx, stream, prefix+k.String()+".*")
	for subject := range subjects {
		if _, n, err := parse(subject, prefix); err == nil {
			numbers[n] = true
		}
	}
	return numbers, err
}

// subjects returns the subjects of a stream that match filter.
func (c *Conn) subjects(ctx context.Context, stream, filter string) (subjects map[string]uint64, err error) {
	err = c.persist(ctx, "reading "+stream, func(ctx context.Context) error {
		s, err := c.stream(ctx, stream)
		if err != nil {
			return err
		}
		info, err := s.Info(ctx, jetstream.WithSubjectFilter(filter))
		if err == nil {
			subjects = info.State.Subjects
		}
		return err
	})
	return subjects, err
}
