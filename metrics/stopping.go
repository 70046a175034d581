package metrics

import "fmt"

// Stopping tells when there are enough runs: when the mean of each quantity that it
// watches is known to so much of itself. It is looked at after 100 runs, 125, 157
// and so on, a quarter more each time, never in between: who looks after each run
// stops where the runs happen to agree, and the interval that is shown then covers
// the mean less often than it says (Chow and Robbins, Annals of Mathematical
// Statistics 36, 1965, show that it does in the limit of small widths). What it does
// so is measured: see TestStoppedIntervalCovers.
type Stopping struct {
	Relative float64              // half the 95 % interval of a mean, at most, as a part of the mean
	Watches  func(*Quantity) bool // the quantities it is about
}

// FirstCheck is after how many runs a Stopping is looked at first, and how many
// values of a quantity it wants. After fewer, something rare that had not happened
// yet would be taken for impossible: what has a probability of 3 % happens in 100
// runs, with 95 % confidence.
const FirstCheck = 100

// NextCheck gives after how many runs a Stopping is looked at next, where there are n.
func NextCheck(n int) int {
	next := FirstCheck
	for next <= n {
		next += (next + 3) / 4
	}
	return next
}

// Exactness is how exactly the mean of a quantity is known.
type Exactness string

// How exactly a mean is known. Only what is Wide asks for more runs: what has no
// mean has none after more.
const (
	Reached  Exactness = "reached"  // as exactly as was asked for; all values may be the same, or 0
	Wide     Exactness = "wide"     // not so exactly, or of fewer values than FirstCheck
	Never    Exactness = "never"    // it did not happen in any run
	Censored Exactness = "censored" // an outage that was not restored in some run: there is no mean
)

// Watched is a quantity that a Stopping watches, after the runs so far.
type Watched struct {
	Quantity
	N, Nulls int      // runs with and without a value
	Mean     *float64 // null where there is none
	Relative *float64 // half the interval as a part of the mean; null where there is none
	Is       Exactness
}

// Judge gives all that is watched.
func (s *Stopping) Judge(e *Ensemble) []Watched {
	var all []Watched
	for _, of := range e.series {
		if s.Watches(&of.Quantity) {
			all = append(all, s.judge(of))
		}
	}
	return all
}

func (s *Stopping) judge(of *series) Watched {
	w := Watched{Quantity: of.Quantity, N: len(of.values), Nulls: of.nulls}
	switch {
	case w.Nulls > 0 && of.censored():
		w.Is = Censored
		return w
	case w.N == 0:
		w.Is = Never
		return w
	}
	m := mean(of.values)
	w.Mean = m.Value
	if m.High != nil {
		half := *m.High - *m.Value
		w.Relative = new(0.)
		if half > 0 {
			w.Relative = new(half / *m.Value) // not 0: no value is negative, and they differ
		}
	}
	if w.Is = Wide; w.N >= FirstCheck && *w.Relative <= s.Relative {
		w.Is = Reached
	}
	return w
}

// Enough tells whether nothing that is watched asks for more runs.
func Enough(all []Watched) bool {
	for i := range all {
		if all[i].Is == Wide {
			return false
		}
	}
	return true
}

// String gives the quantity, as sentences have it.
func (w *Watched) String() string {
	text := map[string]string{
		"outage_ns": "outage", "detection_ns": "detection", "control_ns": "control", "forwarding_ns": "forwarding", "traffic_ns": "traffic",
	}[w.Measure]
	if w.Class != "" {
		text += fmt.Sprintf(" of %s %s", w.Class, w.Direction)
	}
	text += " after " + w.Disturbance
	switch {
	case w.Is == Censored:
		text += fmt.Sprintf(": not restored in %d of %d", w.Nulls, w.N+w.Nulls)
	case w.Is == Wide && w.Relative != nil:
		text += fmt.Sprintf(": ±%.3g %%", 100**w.Relative)
		if w.Nulls > 0 {
			text += fmt.Sprintf(" of %d values", w.N)
		}
	}
	return text
}
