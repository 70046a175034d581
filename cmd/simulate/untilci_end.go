package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"dualhome/metrics"
)

// Why no more runs were made, in sweep.json.
const (
	stopReached     = "reached"     // all that is watched and has a mean is known as exactly as was asked for
	stopNothing     = "nothing"     // nothing that is watched has a mean: more runs tell no more
	stopLimit       = "limit"       // all runs were made that --seeds allows
	stopInterrupted = "interrupted" // by a Ctrl-C
)

// errEnough ends many runs when there are enough. It is no error.
var errEnough = errors.New("there are enough runs")

// look judges what is known after some runs, where it is time to, and gives
// errEnough where there need be no more.
func (u *untilCI) look(e *ensemble) error {
	if u == nil || e.runs < u.next {
		return nil
	}
	u.next = metrics.NextCheck(e.runs)
	u.watched = u.Judge(&e.samples)
	if !metrics.Enough(u.watched) {
		return nil
	}
	return errEnough
}

// end says why there are no more runs.
func (u *untilCI) end(e *ensemble, partial bool) {
	if u == nil {
		return
	}
	u.watched = u.Judge(&e.samples)
	switch {
	case partial:
		u.reason = stopInterrupted
	case !metrics.Enough(u.watched):
		u.reason = stopLimit
	case !u.some(metrics.Reached):
		u.reason = stopNothing
	default:
		u.reason = stopReached
	}
}

func (u *untilCI) some(is metrics.Exactness) bool {
	return slices.ContainsFunc(u.watched, func(w metrics.Watched) bool { return w.Is == is })
}

// of gives the quantities of which something is so, as a sentence has them, and how
// many there are.
func (u *untilCI) of(is metrics.Exactness) (text string, n int) {
	const shown = 6
	var all []string
	for i := range u.watched {
		if w := &u.watched[i]; w.Is == is {
			all = append(all, w.String())
		}
	}
	n = len(all)
	if more := n - shown; more > 0 {
		all = append(all[:shown], fmt.Sprintf("%d more", more))
	}
	return strings.Join(all, "; "), n
}

// words says for people what came of the rule.
func (u *untilCI) words(runs int) (lines []string) {
	if u == nil {
		return nil
	}
	what := strings.Join(u.measures, ", ")
	switch u.reason {
	case stopReached:
		lines = append(lines, fmt.Sprintf("%s were enough: half of the 95 %% interval of each mean of %s is at most %s of it", runsText(runs), what, u.text))
	case stopNothing:
		lines = append(lines, fmt.Sprintf("stopped after %s: no measure of %s has a mean", runsText(runs), what))
	case stopLimit:
		wide, _ := u.of(metrics.Wide)
		lines = append(lines, fmt.Sprintf("%s were NOT enough for means within %s: %s", runsText(runs), u.text, wide))
	}
	if censored, n := u.of(metrics.Censored); n > 0 {
		lines = append(lines, "without a mean: "+censored)
	}
	if never, n := u.of(metrics.Never); n > 0 {
		lines = append(lines, "did not happen: "+never)
	}
	return lines
}

// stopJSON is the rule, and why no more runs were made, in sweep.json.
type stopJSON struct {
	UntilCI  string        `json:"until_ci"` // half of the 95 % interval of a mean, as a part of it
	Measures []string      `json:"measures"` // what was watched
	Reason   string        `json:"reason"`   // reached; nothing: no mean to know; limit; interrupted
	Watched  []watchedJSON `json:"watched"`  // each mean
}

type watchedJSON struct {
	Disturbance string   `json:"disturbance"`         // its name
	Class       *string  `json:"class"`               // null: not about traffic
	Direction   *string  `json:"direction"`           // forward, return, two-way
	Measure     string   `json:"measure"`             // as in summary.arrow
	N           int      `json:"n"`                   // runs in which it happened
	Nulls       int      `json:"nulls"`               // runs in which it did not
	Mean        *float64 `json:"mean"`                // null where there is none
	Relative    *float64 `json:"relative_half_width"` // half of the 95 % interval, as a part of the mean
	Is          string   `json:"is"`                  // reached, wide, never, censored
}

// data gives nil where there is no rule.
func (u *untilCI) data() *stopJSON {
	if u == nil {
		return nil
	}
	j := &stopJSON{UntilCI: u.text, Measures: u.measures, Reason: u.reason, Watched: []watchedJSON{}}
	for _, w := range u.watched {
		j.Watched = append(j.Watched, watchedJSON{
			w.Disturbance, nullable(w.Class), nullable(w.Direction), w.Measure, w.N, w.Nulls, w.Mean, w.Relative, string(w.Is),
		})
	}
	return j
}
