package metrics

import (
	"fmt"
	"slices"
)

// Figure is a quantity in which designs are compared, or the part of it that one
// cause of loss has.
type Figure struct {
	Quantity
	Cause string // empty: of all causes together
}

// Reading is what one run measured of a figure. Nil as in Sample: it did not happen;
// of what is lost, that nobody knows how much, since it was not restored.
type Reading struct {
	Figure
	Value *int64
}

// Readings gives what a run says about a design: what each class lost in each
// episode, by cause too, and when each disturbance was detected and settled.
func (r *Result) Readings() []Reading {
	var all []Reading
	for i := range r.Episodes {
		e := &r.Episodes[i]
		add := func(measure string, value int64) {
			one := Reading{Figure{Quantity{e.Disturbance, e.Class, e.Direction, measure}, e.Cause}, &value}
			if !e.Restored && measure != "uninspected_ns" {
				one.Value = nil
			}
			all = append(all, one)
		}
		add("outage_ns", e.Outage)
		add("equivalent_ns", e.Equivalent)
		add("lost_bytes", e.LostBytes)
		if e.Cause == "" && e.Direction != "two-way" {
			add("uninspected_ns", e.Uninspected)
		}
	}
	for i := range r.Convergence {
		c := &r.Convergence[i]
		add := func(measure string, value *int64) {
			all = append(all, Reading{Figure{Quantity: Quantity{Disturbance: c.Disturbance, Measure: measure}}, value})
		}
		add("detection_ns", c.Detection)
		add("detection_last_ns", c.DetectionLast)
		add("control_ns", c.Control)
		add("forwarding_ns", c.Forwarding)
		add("traffic_ns", c.Traffic)
	}
	return all
}

// Record is the readings of runs of one design, in the order of their seeds. The
// zero value is ready. It keeps 16 bytes for each.
type Record struct {
	runs    int
	held    int
	figures []Figure
	columns map[Figure][]figureOfRun
}

// figureOfRun is what one run says of a figure.
type figureOfRun struct {
	value float64
	known bool
}

// Add takes the readings of the next run; none, of one that says nothing.
func (r *Record) Add(run []Reading) error {
	if r.held += len(run); r.held > samplesKept {
		return fmt.Errorf("more than %d values: %d of each run are kept; take fewer seeds", samplesKept, len(run))
	}
	if r.columns == nil {
		r.columns = map[Figure][]figureOfRun{}
	}
	for _, reading := range run {
		column, met := r.columns[reading.Figure]
		if !met {
			r.figures = append(r.figures, reading.Figure)
		}
		one := figureOfRun{known: reading.Value != nil}
		if one.known {
			one.value = float64(*reading.Value)
		}
		r.columns[reading.Figure] = append(padded(column, r.runs), one)
	}
	r.runs++
	return nil
}

// padded fills a column up to a number of runs with such as say nothing.
func padded(column []figureOfRun, runs int) []figureOfRun {
	return append(column, make([]figureOfRun, runs-len(column))...)
}

// Runs gives how many were added.
func (r *Record) Runs() int { return r.runs }

// Figures gives all figures, in the order in which they were first measured.
func (r *Record) Figures() []Figure { return r.figures }

// Has tells whether a run measured the figure, or, of a cause, lost anything at all.
func (r *Record) Has(f Figure) bool {
	_, met := r.columns[Figure{Quantity: f.Quantity}]
	return met
}

// of gives what each run says of a figure. A run that names no loss to a cause lost
// nothing to it, if it says what it lost.
func (r *Record) of(f Figure) []figureOfRun {
	column := padded(slices.Clone(r.columns[f]), r.runs)
	if f.Cause == "" {
		return column
	}
	for i, all := range padded(slices.Clone(r.columns[Figure{Quantity: f.Quantity}]), r.runs) {
		column[i].known = all.known
	}
	return column
}

// Level is the mean of a figure over the runs that have one.
type Level struct {
	N     int // runs that have one
	Nulls int // runs that have none
	Mean  Estimate
}

// Level gives the mean of a figure with Student's t interval, cut at zero. Of losses
// there is none where one was not restored.
func (r *Record) Level(f Figure) Level {
	var values []float64
	for _, one := range r.of(f) {
		if one.known {
			values = append(values, one.value)
		}
	}
	l := Level{N: len(values), Nulls: r.runs - len(values)}
	if l.N > 0 && (l.Nulls == 0 || !f.censored()) {
		l.Mean = mean(values)
	}
	return l
}

// Paired is how a figure of one design differs from that of another in runs with
// the same seeds.
type Paired struct {
	N          int // pairs of runs that both have the figure
	OnlyA      int // pairs of which only the run of a has it
	OnlyB      int
	Neither    int
	Difference Estimate // the mean of that of b less that of a
}

// Pair compares a figure of two designs run by run: the n-th of a with the n-th of b,
// which have the same seed. The interval is Student's t interval of the mean of the
// differences, which may be of either sign: what luck does to both cancels (common
// random numbers; Law, Simulation Modeling and Analysis, section 11.2). Of losses
// there is none where one was not restored; of one pair there is no interval.
func Pair(a, b *Record, f Figure) Paired {
	var p Paired
	var differences []float64
	of := b.of(f)
	for i, in := range a.of(f) {
		switch {
		case i >= len(of):
		case in.known && of[i].known:
			differences = append(differences, of[i].value-in.value)
		case in.known:
			p.OnlyA++
		case of[i].known:
			p.OnlyB++
		default:
			p.Neither++
		}
	}
	p.N = len(differences)
	if missing := p.OnlyA + p.OnlyB + p.Neither; p.N > 0 && (missing == 0 || !f.censored()) {
		p.Difference = student(differences)
	}
	return p
}
