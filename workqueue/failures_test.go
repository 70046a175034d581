package workqueue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// However many workers of another version come by: they end, saying why, and the
// job is done by the one that knows how.
func TestRefusedJobsWaitForOthers(t *testing.T) {
	t.Parallel()
	s := listen(t)
	set := offer(t, dial(t, s), Offer{Name: "versions", Manifest: []byte("v2"), Jobs: 5})
	only := func(version string) func([]byte) error {
		return func(manifest []byte) error {
			if string(manifest) != version {
				return fmt.Errorf("I know %s, not %s", version, manifest)
			}
			return nil
		}
	}
	for i := range 2 * maxLost {
		err := dial(t, s).Work(bounded(t), Worker{Identity: identity(i), AtOnce: 2, Accept: only("v1"), Do: do})
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Set != "versions" || !strings.Contains(err.Error(), "I know v1, not v2") {
			t.Fatalf("the worker ended with %v", err)
		}
	}
	start(t, dial(t, s), Worker{Identity: "of v2", Accept: only("v2"), Do: do})
	for n, r := range collect(t, set, "v2") {
		if r.Parked != nil || r.Worker != "of v2" {
			t.Errorf("job %d: %+v", n, r)
		}
	}
}

func TestThreeFailuresParkAJob(t *testing.T) {
	t.Parallel()
	s := listen(t)
	set := offer(t, dial(t, s), Offer{Name: "bad", Manifest: []byte("m"), Jobs: 8})
	var calls [8]atomic.Int32
	bad := func(ctx context.Context, manifest []byte, job int) ([]byte, error) {
		switch call := calls[job].Add(1); {
		case job == 3:
			return nil, fmt.Errorf("no such hub, call %d", call)
		case job == 4:
			panic("index out of range")
		case job == 6 && call < maxFailed:
			return nil, errors.New("not yet")
		}
		return do(ctx, manifest, job)
	}
	start(t, dial(t, s), Worker{Identity: "one", Do: bad})
	start(t, dial(t, s), Worker{Identity: "two", Do: bad})
	all := collect(t, set, "m")
	for n, r := range all {
		if (r.Parked != nil) != (n == 3 || n == 4) {
			t.Errorf("job %d: %v", n, r.Parked)
		}
	}
	for n, want := range map[int]string{3: "failed 3 times: no such hub, call 3", 4: "failed 3 times: panic: index out of range"} {
		if p := all[n].Parked; p == nil || !strings.HasPrefix(p.Error(), want) || len(p.Failed) != maxFailed || calls[n].Load() != maxFailed {
			t.Errorf("job %d: %v after %d calls", n, p, calls[n].Load())
		}
	}
	if p := all[4].Parked; p != nil && !strings.Contains(p.Error(), "failures_test.go") {
		t.Errorf("a panic without its stack: %v", p)
	}
	// Parked is a result as any other: it is there for who comes later.
	again := collect(t, offer(t, dial(t, s), Offer{Name: "bad", Manifest: []byte("m"), Jobs: 8}), "m")
	if len(again) != 8 || again[3].Parked == nil || again[3].Parked.Error() != all[3].Parked.Error() {
		t.Errorf("%d results later, of job 3: %v", len(again), again[3].Parked)
	}
}

// mortal makes workers that die at a step. It returns how often they did.
func mortal(t *testing.T, s *Server, at string) func(n int) error {
	return func(n int) error {
		c := dial(t, s)
		c.step = func(step string) error {
			if step == at {
				c.Close()
				return errCut
			}
			return nil
		}
		return c.Work(bounded(t), Worker{Identity: identity(n), Do: do})
	}
}

func TestTenLostWorkersParkAJob(t *testing.T) {
	t.Parallel()
	s := listen(t)
	set := offer(t, dial(t, s), Offer{Name: "deadly", Manifest: []byte("m"), Jobs: 1, AckWait: 100 * time.Millisecond})
	die := mortal(t, s, "begun")
	for n := range maxLost {
		if err := die(n); !errors.Is(err, errCut) {
			t.Fatal(err)
		}
	}
	// The eleventh is not given the job to die in.
	start(t, dial(t, s), Worker{Identity: "eleventh", Do: func(context.Context, []byte, int) ([]byte, error) {
		t.Error("it was tried once more")
		return nil, nil
	}})
	if p := collect(t, set, "m")[0].Parked; p == nil || p.Error() != "the worker was lost 10 times" {
		t.Errorf("parked: %v", p)
	}
}

// An offer that asks for a shorter ack wait does not make the workers that are there
// look dead: none of their jobs is given to so many others that it is parked.
func TestShorterAckWaitLosesNobody(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	offer(t, c, Offer{Name: "patient", Jobs: 0, AckWait: time.Minute})
	var begun atomic.Int32
	for n := range 2 * maxLost {
		start(t, dial(t, s), Worker{Identity: identity(n), Do: func(_ context.Context, m []byte, n int) ([]byte, error) {
			begun.Add(1)
			time.Sleep(6 * time.Second)
			return answer(m, n), nil
		}})
	}
	for wait := 10 * time.Millisecond; ; {
		if l, err := c.Load(bounded(t)); err != nil || l.Idle == 2*maxLost {
			break
		}
		_ = pause(t.Context(), &wait)
	}
	// Shorter than the signs of life that they give at first; then they know.
	set := offer(t, c, Offer{Name: "hasty", Manifest: []byte("m"), Jobs: 1, AckWait: 400 * time.Millisecond})
	if r := collect(t, set, "m")[0]; r.Parked != nil || begun.Load() > 4 {
		t.Errorf("it was begun %d times, parked: %v", begun.Load(), r.Parked)
	}
}

func TestWhenAJobIsParked(t *testing.T) {
	t.Parallel()
	failed := func(n int) []Failed { return make([]Failed, n) }
	for _, test := range []struct {
		t        tries
		delivery uint64
		want     string
	}{
		{tries{}, 1, ""},
		{tries{}, 10, ""},
		{tries{}, 11, "the worker was lost 10 times"},
		{tries{Returned: 1}, 11, ""},
		{tries{Returned: 1}, 12, "the worker was lost 10 times"},
		{tries{Returned: 20}, 30, ""}, // in a row
		{tries{Returned: 20}, 31, "the worker was lost 10 times"},
		{tries{Returned: 20}, 2, ""}, // it was offered again since
		{tries{Failed: failed(2), Returned: 2}, 3, ""},
		{tries{Failed: failed(3), Returned: 3}, 3, "failed 3 times"},
		{tries{Failed: failed(2), Returned: 2}, 13, "the worker was lost 10 times"},
	} {
		got := ""
		if p := test.t.parked(test.delivery); p != nil {
			got = p.Why
		}
		if got != test.want {
			t.Errorf("%+v at delivery %d: %q, not %q", test.t, test.delivery, got, test.want)
		}
	}
}

// A worker of which nothing is heard for long is not dead, only late: its result is not the second.
func TestLateResultIsDropped(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	set := offer(t, c, Offer{Name: "late", Manifest: []byte("m"), Jobs: 1, AckWait: 100 * time.Millisecond})
	began, overtaken := make(chan bool), make(chan bool)
	mute := dial(t, s)
	mute.step = func(step string) error {
		if step == "alive" {
			return errCut
		}
		return nil
	}
	ended := make(chan bool)
	first := true
	start(t, mute, Worker{Identity: "late", Do: func(ctx context.Context, m []byte, n int) ([]byte, error) {
		if first {
			first = false
			close(began)
			<-overtaken
			defer close(ended)
		}
		return []byte("too late"), nil
	}})
	<-began
	stop := start(t, dial(t, s), Worker{Identity: "in time", Do: do})
	if r := collect(t, set, "m")[0]; r.Worker != "in time" {
		t.Errorf("the result is by %s", r.Worker)
	}
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(overtaken)
	<-ended
	queueEmpties(t, c, set)
	if r := collect(t, set, "m")[0]; r.Worker != "in time" {
		t.Errorf("later the result is by %s", r.Worker)
	}
	oneMessageEach(t, c, set)
}

// A worker that leaves gives its jobs back: here the ack wait is longer than the test.
func TestLeavingGivesJobsBackAtOnce(t *testing.T) {
	t.Parallel()
	s := listen(t)
	set := offer(t, dial(t, s), Offer{Name: "leave", Manifest: []byte("m"), Jobs: 4, AckWait: time.Hour})
	began := make(chan bool, 4)
	for i := range maxLost + 2 {
		stop := start(t, dial(t, s), Worker{Identity: identity(i), AtOnce: 4, Do: func(ctx context.Context, _ []byte, _ int) ([]byte, error) {
			began <- true
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		for range 4 {
			<-began
		}
		if err := stop(); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	start(t, dial(t, s), Worker{Identity: "patient", Do: do})
	for n, r := range collect(t, set, "m") {
		if r.Worker != "patient" || r.Parked != nil {
			t.Errorf("job %d: %+v", n, r)
		}
	}
}

// What is done when the worker is told to end is not done again.
func TestLeavingStoresWhatIsDone(t *testing.T) {
	t.Parallel()
	s := listen(t)
	set := offer(t, dial(t, s), Offer{Name: "done", Manifest: []byte("m"), Jobs: 1, AckWait: time.Hour})
	began, leave := make(chan bool), make(chan bool)
	stop := start(t, dial(t, s), Worker{Identity: "last words", Do: func(_ context.Context, m []byte, n int) ([]byte, error) {
		close(began)
		<-leave
		return answer(m, n), nil
	}})
	<-began
	go func() { time.Sleep(10 * time.Millisecond); close(leave) }()
	_ = stop()
	if r := collect(t, set, "m")[0]; r.Worker != "last words" {
		t.Errorf("%+v", r)
	}
}

// queueEmpties waits until no job of the set is in the queue.
func queueEmpties(t *testing.T, c *Conn, s *Set) {
	t.Helper()
	wait := 10 * time.Millisecond
	for ctx := bounded(t); ; {
		left, err := c.numbers(ctx, jobsStream, jobsPrefix, s.key)
		if err == nil && len(left) > 0 {
			err = pause(ctx, &wait)
			wait = 10 * time.Millisecond
		}
		if err != nil {
			t.Fatalf("%d jobs stay in the queue: %v", len(left), err)
		}
		if len(left) == 0 {
			return
		}
	}
}

// oneMessageEach looks at what the server has: one message for each result.
func oneMessageEach(t *testing.T, c *Conn, s *Set) {
	t.Helper()
	subjects, err := c.subjects(bounded(t), resultsStream, resultsPrefix+s.key.String()+".*")
	if err != nil || len(subjects) != s.jobs {
		t.Errorf("%d of %d jobs have a result (%v)", len(subjects), s.jobs, err)
	}
	for subject, n := range subjects {
		if n != 1 {
			t.Errorf("%s: %d messages", subject, n)
		}
	}
}
