package workqueue

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// footprint lists the subjects of all that the server has.
func footprint(t *testing.T, c *Conn) (all []string) {
	t.Helper()
	for _, stream := range []string{setsStream, jobsStream, resultsStream, triesStream, bucketStream} {
		subjects, err := c.subjects(bounded(t), stream, ">")
		if err != nil {
			t.Fatal(err)
		}
		for s := range subjects {
			all = append(all, s)
		}
	}
	slices.Sort(all)
	return all
}

func TestRemoveLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	other := offer(t, c, Offer{Name: "other", Manifest: []byte("o"), Jobs: 8})
	start(t, dial(t, s), Worker{Identity: "w", Do: do})
	collect(t, other, "o")
	queueEmpties(t, c, other)
	before := footprint(t, c)

	set := offer(t, c, Offer{Name: "other2", Manifest: []byte("m"), Jobs: 8})
	collect(t, set, "m")
	queueEmpties(t, c, set)
	if during := footprint(t, c); len(during) != 2*len(before) {
		t.Errorf("%d subjects of two sets, %d of one", len(during), len(before))
	}
	for range 2 { // the second finds nothing
		if err := set.Remove(bounded(t)); err != nil {
			t.Fatal(err)
		}
		if after := footprint(t, c); !slices.Equal(after, before) {
			t.Errorf("left:\n%q\nthere was:\n%q", after, before)
		}
	}
	if all := collect(t, other, "o"); len(all) != 8 {
		t.Errorf("%d results of the other set", len(all))
	}
}

func TestRemoveByName(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	if err := c.Remove(bounded(t), "nobody"); err != nil {
		t.Error(err)
	}
	if err := c.Remove(bounded(t), "a.b"); err == nil || !strings.Contains(err.Error(), `"a.b" cannot name a set`) {
		t.Error(err)
	}
	offer(t, c, Offer{Name: "old", Manifest: []byte("m"), Jobs: 3})
	if err := c.Remove(bounded(t), "old"); err != nil {
		t.Error(err)
	}
	if left := footprint(t, c); left != nil {
		t.Errorf("%q is left", left)
	}
}

// Who waits for results of a set that somebody removes is told, and its workers do other things.
func TestSetIsRemovedUnderway(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	set := offer(t, c, Offer{Name: "gone", Manifest: []byte("m"), Jobs: 3, AckWait: 100 * time.Millisecond})
	ended := make(chan error, 1)
	go func() {
		for _, err := range set.Results(bounded(t)) {
			ended <- err
		}
	}()
	if err := c.Remove(bounded(t), "gone"); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, errGone) {
		t.Errorf("the coordinator: %v", err)
	}
	// A job that was overlooked is dropped.
	if _, err := c.js.Publish(bounded(t), set.key.job(0), nil); err != nil {
		t.Fatal(err)
	}
	start(t, dial(t, s), Worker{Identity: "w", Do: func(context.Context, []byte, int) ([]byte, error) {
		t.Error("a job of no set is done")
		return nil, nil
	}})
	queueEmpties(t, c, set)
}

func TestLoad(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	is := func(want Load) {
		t.Helper()
		wait := 10 * time.Millisecond
		for ctx := bounded(t); ; {
			got, err := c.Load(ctx)
			if got == want {
				return
			}
			if err != nil || pause(ctx, &wait) != nil {
				t.Fatalf("%+v, not %+v (%v)", got, want, err)
			}
		}
	}
	is(Load{})
	set := offer(t, c, Offer{Name: "load", Manifest: []byte("m"), Jobs: 3})
	is(Load{Queued: 3})
	finish := make(chan bool)
	start(t, dial(t, s), Worker{Identity: "w", AtOnce: 2, Do: func(_ context.Context, m []byte, n int) ([]byte, error) {
		<-finish
		return answer(m, n), nil
	}})
	is(Load{Queued: 1, UnderWay: 2})
	close(finish)
	collect(t, set, "m")
	is(Load{Idle: 2})
}

// What a worker writes where objects are described, and is no description, stops nobody.
func TestJunkIsSwept(t *testing.T) {
	t.Parallel()
	c := dial(t, listen(t))
	offer(t, c, Offer{Name: "before", Jobs: 0})
	if _, err := c.js.Publish(bounded(t), chunksPrefix+"other", []byte("x")); err != nil {
		t.Fatal(err)
	}
	set := offer(t, c, Offer{Name: "set", Jobs: 0})
	for name, junk := range map[string]string{
		"a": "junk", "b": "", "c": `{"name": 1}`, "d": "{}",
		"e": `{"name": "` + set.key.object(0, "x") + `", "nuid": "*"}`, "f": `{"name": "` + set.key.object(0, "y") + `"}`,
	} {
		if _, err := c.js.Publish(bounded(t), metaPrefix+name, []byte(junk)); err != nil {
			t.Fatal(err)
		}
	}
	if err := set.Remove(bounded(t)); err != nil {
		t.Error(err)
	}
	offer(t, c, Offer{Name: "after", Jobs: 0})
	if left, err := c.subjects(bounded(t), bucketStream, ">"); err != nil || len(left) != 1 || left[chunksPrefix+"other"] != 1 {
		t.Errorf("%v (%v)", left, err)
	}
}

// A set of a name that was there before has nothing of the former: not its results, not what
// a late worker of it gives, and what is left of it is swept.
func TestNewSetOfAnOldName(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	o := Offer{Name: "name", Manifest: []byte("old"), Jobs: 8}
	old := offer(t, c, o)
	stop := start(t, dial(t, s), Worker{Identity: "w", Do: do})
	collect(t, old, "old")
	_ = stop()
	// The coordinator died in Remove after its first step.
	if err := c.purge(bounded(t), setsStream, setsPrefix+"name"); err != nil {
		t.Fatal(err)
	}
	o.Manifest = []byte("new")
	set := offer(t, c, o)
	if set.key == old.key {
		t.Fatal("both are one")
	}
	if first, err := c.store(bounded(t), old.key, 3, outcome{try: nonce(), worker: "late", form: formBytes}); err != nil || !first {
		t.Errorf("first %v (%v)", first, err)
	}
	start(t, dial(t, s), Worker{Identity: "w", Do: do})
	if all := collect(t, set, "new"); len(all) != 8 {
		t.Errorf("%d results", len(all))
	}
	queueEmpties(t, c, set)
	offer(t, c, o) // sweeps what came late
	for _, subject := range footprint(t, c) {
		for _, prefix := range []string{jobsPrefix, resultsPrefix, triesPrefix} {
			if k, _, err := parse(subject, prefix); err == nil && k != set.key {
				t.Errorf("%s is left", subject)
			}
		}
	}
}

// Jobs that are not wanted are neither offered nor read, also if they have a result.
func TestSkip(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	o := Offer{Name: "skip", Manifest: []byte("m"), Jobs: 12, Skip: func(job int) bool { return job%3 == 0 }}
	start(t, dial(t, s), Worker{Identity: "w", Do: do})
	if all := collect(t, offer(t, c, o), "m"); len(all) != 8 {
		t.Errorf("%d results", len(all))
	}
	o.Skip = func(job int) bool { return job%3 != 0 }
	if all := collect(t, offer(t, c, o), "m"); len(all) != 4 {
		t.Errorf("%d results of the others", len(all))
	}
	o.Skip = func(int) bool { return true }
	if all := collect(t, offer(t, c, o), "m"); len(all) != 0 {
		t.Errorf("%d results of none", len(all))
	}
	o.Skip = nil
	if all := collect(t, offer(t, c, o), "m"); len(all) != 12 {
		t.Errorf("%d results of all", len(all))
	}
}

// Jobs that left the queue without a result are offered again.
func TestLostJobsAreOfferedAgain(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	set := offer(t, c, Offer{Name: "lost", Manifest: []byte("m"), Jobs: 20, AckWait: 100e6})
	for n := 5; n < 15; n++ {
		if err := c.purge(bounded(t), jobsStream, set.key.job(n)); err != nil {
			t.Fatal(err)
		}
	}
	start(t, dial(t, s), Worker{Identity: "w", Do: do})
	if all := collect(t, set, "m"); len(all) != 20 {
		t.Errorf("%d results", len(all))
	}
	oneMessageEach(t, c, set)
}

// A result of which the object is gone is made again: otherwise who goes on with the
// set would find it so again, for ever.
func TestDamagedResultIsMadeAgain(t *testing.T) {
	t.Parallel()
	s := listen(t)
	told := newNotes()
	c, err := s.Dial(bounded(t), told.tell)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	set := offer(t, c, Offer{Name: "damaged", Manifest: []byte("m"), Jobs: 8}) // of which job 5 has an object
	start(t, dial(t, s), Worker{Identity: "w", Do: do})
	queueEmpties(t, c, set)
	if err := c.purge(bounded(t), bucketStream, ">"); err != nil {
		t.Fatal(err)
	}
	if all := collect(t, set, "m"); len(all) != 8 {
		t.Errorf("%d results", len(all))
	}
	if !told.has("the result of job 5, by w") || !told.has("offering the job again") {
		t.Errorf("%q", told.lines)
	}
	oneMessageEach(t, c, set)
}
