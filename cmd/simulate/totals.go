package main

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"

	"dualhome/metrics"
)

// totals is what the runs of a campaign add up to, taken in their order. It keeps no
// run, and of each point no more than close makes of it.
type totals struct {
	*ensemble                                      // of the point whose runs come now; nil before the first
	point     int                                  // which that is
	close     func(point int, all *ensemble) error // hears of each point that is over
	told      func()                               // hears of each run
	study     *metrics.Study                       // hears of each run too; nil: of one point
	look      func(*ensemble) error                // may end it after a run

	made    int       // runs, of all points
	blocks  int       // that were taken
	digests hash.Hash // of theirs, in their order
	invalid []invalidPoint
	failed  []failedRun // the first
	failing tally       // runs in which something went wrong
	unmet   tally       // runs in which an expectation does not hold
	bounded tally       // runs that hit a bound
	restive tally       // runs that came to their horizon, and had not converged
}

// failedRun is a run in which something went wrong.
type failedRun struct {
	Run   int64  `json:"run"`
	Point int64  `json:"point"`
	Seed  int64  `json:"seed"`
	Error string `json:"error"`
}

// failedKept bounds how many of them are told of one by one.
const failedKept = 100

func newTotals() *totals { return &totals{point: -1, digests: sha256.New()} }

// take adds the runs of the next block.
func (t *totals) take(side *sidecar) error {
	t.blocks++
	for _, p := range side.invalid {
		if !slices.Contains(t.invalid, p) { // it may be in several blocks
			t.invalid = append(t.invalid, p)
		}
	}
	for _, r := range side.runs {
		if err := t.takeRun(r); err != nil {
			return err
		}
	}
	return nil
}

func (t *totals) takeRun(r *replication) error {
	if point := int(r.row.Point); point != t.point {
		if err := t.end(); err != nil {
			return err
		}
		t.point, t.ensemble = point, newEnsemble()
	}
	t.made++
	t.digests.Write([]byte(r.row.Digest + "\n"))
	t.note(r)
	if err := t.add(r); err != nil {
		return err
	}
	if t.study != nil {
		if err := t.study.Add(&r.row); err != nil {
			return err
		}
	}
	if t.told != nil {
		t.told()
	}
	if t.look != nil {
		return t.look(t.ensemble)
	}
	return nil
}

// note counts what people are told of a run, whichever point it is of.
func (t *totals) note(r *replication) {
	seed := r.row.Seed
	switch {
	case r.failed != "":
		t.failing.add(seed, r.failed)
		if len(t.failed) < failedKept {
			t.failed = append(t.failed, failedRun{r.row.Run, r.row.Point, seed, r.failed})
		}
	case r.ended != nil:
		t.bounded.add(seed, r.ended.Error())
	case !r.row.Converged && !expectedUnrest(r.checks):
		t.restive.add(seed, r.outcome.Why)
	}
	if bad := broken(r.checks); len(bad) > 0 && r.failed == "" {
		t.unmet.add(seed, "expected "+bad[0].Measure+" "+bad[0].Rule+", measured "+bad[0].Measured)
	}
}

// expectedUnrest tells whether a run was not to converge.
func expectedUnrest(checks []checked) bool {
	return slices.ContainsFunc(checks, func(c checked) bool { return c.Measure == "converged" && c.Holds })
}

// end says that no more runs come.
func (t *totals) end() error {
	if t.ensemble == nil || t.close == nil {
		return nil
	}
	return t.close(t.point, t.ensemble)
}

// digest gives SHA-256 over the digests of all runs.
func (t *totals) digest() string { return hex.EncodeToString(t.digests.Sum(nil)) }
