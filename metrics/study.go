package metrics

import (
	"fmt"
	"math"
	"slices"
)

// Axis is a parameter of a sweep.
type Axis struct {
	Name    string
	Values  []string  // as they are written
	Numbers []float64 // of each value, where all are quantities of one kind; nil: names, without an order
}

// Study is how the measures of runs.arrow depend on the parameters of a sweep. It
// keeps eight bytes for each run and measure that is known of any.
type Study struct {
	Axes   []Axis
	Points [][]int // of each point the value of each axis, by its place in Values; -1: what the scenario itself has
	Seeds  int     // runs of each point; run n of all points has the same seed

	columns []*studied
	made    []int // runs of each point, but for those that hit a bound
}

// studied is a measure of all runs, by point and in the order of the seeds. NaN: there
// is no figure; infinite: it is higher than all that are known, as Sample says.
type studied struct {
	measure string
	values  [][]float64
}

// headline is a measure of a run.
type headline struct {
	measure string
	lost    bool // null also where a loss lasts
	ranked  bool // Sensitivity speaks of it; what follows from others it leaves out
	of      func(*Run) *int64
}

// headlines gives the measures of runs.arrow by which points are compared.
func headlines() []headline {
	return []headline{
		{"outage_two_way_ns", true, true, func(r *Run) *int64 { return r.TwoWay }},
		{"outage_forward_ns", true, false, func(r *Run) *int64 { return r.Forward }},
		{"outage_return_ns", true, false, func(r *Run) *int64 { return r.Return }},
		{"lost_bytes", true, true, func(r *Run) *int64 { return r.LostBytes }},
		{"detection_ns", false, true, func(r *Run) *int64 { return r.Detection }},
		{"control_ns", false, true, func(r *Run) *int64 { return r.Control }},
		{"forwarding_ns", false, true, func(r *Run) *int64 { return r.Forwarding }},
		{"traffic_ns", false, false, func(r *Run) *int64 { return r.Traffic }},
		{"announcements", false, true, func(r *Run) *int64 { return r.Announcements }},
		{"withdrawals", false, false, func(r *Run) *int64 { return r.Withdrawals }},
		{"best_changes", false, true, func(r *Run) *int64 { return r.BestChanges }},
		{"returns", false, true, func(r *Run) *int64 { return r.Returns }},
	}
}

// Headlines gives the names of the measures of runs.arrow by which points are compared.
func Headlines() (names []string) {
	for _, h := range headlines() {
		names = append(names, h.measure)
	}
	return names
}

// Add takes a run, in any order. One that hit a bound says nothing.
func (s *Study) Add(run *Run) error {
	seed := run.Run - run.Point*int64(s.Seeds)
	if run.Point < 0 || run.Point >= int64(len(s.Points)) || seed < 0 || seed >= int64(s.Seeds) {
		return fmt.Errorf("run %d is of point %d: of %d points with %d runs each it is none", run.Run, run.Point, len(s.Points), s.Seeds)
	}
	if run.Status != "complete" {
		return nil
	}
	if s.made == nil {
		s.made = make([]int, len(s.Points))
	}
	s.made[run.Point]++
	for i, h := range headlines() {
		value, lasts := h.of(run), h.lost && run.Lasts != nil && *run.Lasts
		switch {
		case value != nil:
			s.set(i, int(run.Point), int(seed), float64(*value))
		case lasts:
			s.set(i, int(run.Point), int(seed), math.Inf(1))
		}
	}
	return nil
}

// set keeps a value. What nothing is known of takes no memory.
func (s *Study) set(measure, point, seed int, value float64) {
	if s.columns == nil {
		s.columns = make([]*studied, len(headlines()))
	}
	c := s.columns[measure]
	if c == nil {
		c = &studied{measure: headlines()[measure].measure, values: make([][]float64, len(s.Points))}
		s.columns[measure] = c
	}
	of := c.values[point]
	for len(of) <= seed {
		of = append(of, math.NaN())
	}
	of[seed], c.values[point] = value, of
}

// Lasting gives in how many runs of a point the measure is a loss that lasts.
func (s *Study) Lasting(measure string, point int) (runs int) {
	_, runs = s.Values(measure, point)
	return runs
}

// Values gives what a measure was in the runs of a point, in ascending order, and in how
// many more it is a loss that lasts. Those that hit a bound are not among them.
func (s *Study) Values(measure string, point int) (values []float64, lasting int) {
	for _, c := range s.columns {
		if c == nil || c.measure != measure {
			continue
		}
		for _, v := range c.values[point] {
			switch {
			case math.IsInf(v, 1):
				lasting++
			case !math.IsNaN(v):
				values = append(values, v)
			}
		}
	}
	slices.Sort(values)
	return values, lasting
}

// Summary gives the distribution of a measure of runs.arrow over the runs of a point;
// those that hit a bound are not counted. The nulls of a loss are those that last: a run
// without traffic has neither.
func (s *Study) Summary(measure string, point int) Summary {
	one, lasting := series{Quantity: Quantity{Measure: measure}}, 0
	one.values, lasting = s.Values(measure, point)
	switch {
	case one.censored():
		one.nulls = lasting
	case s.made != nil:
		one.nulls = s.made[point] - len(one.values)
	}
	return one.summary()
}
