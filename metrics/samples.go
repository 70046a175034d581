package metrics

import (
	"fmt"
	"slices"
)

// Quantity is something that each run of a scenario measures once.
type Quantity struct {
	Disturbance string
	Class       string // empty where it is about no traffic, as Direction
	Direction   string
	Measure     string // detection_ns, outage_ns, announcements and so on: the name of its column in the file of a run
}

// Sample is what one run measured. Nil: it did not happen; of an outage, that
// its end is not known, because it was not restored.
type Sample struct {
	Quantity
	Value *int64
}

// Samples gives the headline measures of a run: of each disturbance when it was
// detected and settled, how often routes were sent, changed and came back (until
// the run's end, so of one that never settles the more the longer it is), and what
// each class lost.
func (r *Result) Samples() []Sample {
	var all []Sample
	impacts, flapping := r.Impacts, r.Flapping // in the order of the disturbances
	for i := range r.Convergence {
		c := &r.Convergence[i]
		add := func(class, direction, measure string, value *int64) {
			all = append(all, Sample{Quantity{c.Disturbance, class, direction, measure}, value})
		}
		add("", "", "detection_ns", c.Detection)
		add("", "", "control_ns", c.Control)
		add("", "", "forwarding_ns", c.Forwarding)
		add("", "", "traffic_ns", c.Traffic)
		add("", "", "announcements", &c.Announcements)
		add("", "", "withdrawals", &c.Withdrawals)
		add("", "", "best_changes", &c.BestChanges)
		returns := int64(0)
		for ; len(flapping) > 0 && flapping[0].Root == c.Root; flapping = flapping[1:] {
			returns += flapping[0].Returns
		}
		add("", "", "returns", &returns)
		for ; len(impacts) > 0 && impacts[0].Root == c.Root; impacts = impacts[1:] {
			m := &impacts[0]
			add(m.Class, m.Direction, "outage_ns", m.known(m.Outage))
			add(m.Class, m.Direction, "equivalent_ns", m.known(m.Equivalent))
			add(m.Class, m.Direction, "lost_bytes", m.known(m.LostBytes))
		}
	}
	return all
}

// known gives a figure of an outage that ends. Of one that does not, because it was not
// restored or because something was lost before too, only what is lost until its
// window ends is known.
func (i *Impact) known(n int64) *int64 {
	if i.Lasts {
		return nil
	}
	return &n
}

// Ensemble is the samples of many runs of one scenario. The zero value is ready.
// It keeps eight bytes for each.
type Ensemble struct {
	series []*series
	index  map[Quantity]*series
	held   int
}

type series struct {
	Quantity
	values []float64
	nulls  int
}

// samplesKept bounds the memory of an Ensemble to half a gigabyte.
const samplesKept = 64 << 20

// Add takes the samples of a run.
func (e *Ensemble) Add(run []Sample) error {
	if e.held += len(run); e.held > samplesKept {
		return fmt.Errorf("more than %d values: %d of each run are kept for the percentiles; take fewer seeds", samplesKept, len(run))
	}
	if e.index == nil {
		e.index = map[Quantity]*series{}
	}
	for _, s := range run {
		of := e.index[s.Quantity]
		if of == nil {
			of = &series{Quantity: s.Quantity}
			e.index[s.Quantity], e.series = of, append(e.series, of)
		}
		if s.Value == nil {
			of.nulls++
		} else {
			of.values = append(of.values, float64(*s.Value))
		}
	}
	return nil
}

// Summary is the distribution of a quantity over the runs in which it happened; of
// outages, over all, as censored says. An estimate that is not known is null.
type Summary struct {
	Quantity
	N                   int // runs in which it happened
	Nulls               int // runs in which it did not
	Min, Max            *float64
	Mean, P50, P95, P99 Estimate
}

// Summaries gives the distributions, in the order in which the quantities were
// first measured.
func (e *Ensemble) Summaries() []Summary {
	all := make([]Summary, len(e.series))
	for i, s := range e.series {
		all[i] = s.summary()
	}
	return all
}

func (s *series) summary() Summary {
	sum := Summary{Quantity: s.Quantity, N: len(s.values), Nulls: s.nulls}
	if sum.N == 0 {
		return sum
	}
	slices.Sort(s.values)
	sum.Min, sum.Max = new(s.values[0]), new(s.values[sum.N-1]) // who keeps these does not keep all
	beyond := 0
	if s.censored() {
		beyond = s.nulls
	}
	if beyond == 0 {
		sum.Mean = mean(s.values)
	}
	sum.P50, sum.P95, sum.P99 = percentile(s.values, beyond, 50), percentile(s.values, beyond, 95), percentile(s.values, beyond, 99)
	return sum
}

// censored tells whether a null is a figure that is only known to be large: what
// is lost in an outage that was not restored. It counts in percentiles, as higher
// than all others, and leaves no mean. Other nulls are of what did not happen.
func (q *Quantity) censored() bool {
	switch q.Measure {
	case "outage_ns", "equivalent_ns", "lost_bytes", "outage_two_way_ns", "outage_forward_ns", "outage_return_ns":
		return true
	}
	return false
}
