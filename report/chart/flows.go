package chart

import (
	"cmp"
	"slices"
	"strings"

	"dualhome/metrics"
)

// flow is what becomes of one class in one direction, or of several classes together.
type flow struct {
	class, direction string
	hubs             []string // "" is none; those that deliver something
	causes           []string // of loss
	pieces           []piece  // figures: what each hub delivers, then what each cause costs, in bit/s
	offered          float64  // the most that is offered, bit/s
}

// delivered and lost give the sums of a piece.
func (f *flow) delivered(p piece) float64 { return f.below(p, len(f.hubs)) }
func (f *flow) lost(p piece) float64      { return f.below(p, len(p.v)) - f.delivered(p) }

// below gives the sum of the first figures of a piece.
func (f *flow) below(p piece, figures int) (sum float64) {
	for _, v := range p.v[:figures] {
		sum += v
	}
	return sum
}

// level gives the sum of the first figures as a share of what is offered then.
func (f *flow) level(figures int) func(piece) float64 {
	return func(p piece) float64 {
		if all := f.below(p, len(p.v)); all > 0 {
			return f.below(p, figures) / all
		}
		return 0
	}
}

// steady tells whether nothing changes and nothing is lost.
func (f *flow) steady() bool {
	return len(f.pieces) == 1 && f.lost(f.pieces[0]) == 0
}

// stream is the rows of one class and direction, in the order of their times.
type stream struct {
	class, direction string
	rows             []metrics.Traffic
}

// streams divides the rows of traffic.arrow, which are in this order already.
func streams(rows []metrics.Traffic) (all []stream) {
	first := 0
	for i := range rows {
		if i+1 < len(rows) && rows[i+1].Class == rows[first].Class && rows[i+1].Direction == rows[first].Direction {
			continue
		}
		all = append(all, stream{rows[first].Class, rows[first].Direction, rows[first : i+1]})
		first = i + 1
	}
	return all
}

// during gives the rows of a stream that matter: those of the time that is shown, and
// of the step before.
func (s *sheet) during(rows []metrics.Traffic) []metrics.Traffic {
	byTime := func(row metrics.Traffic, t int64) int { return cmp.Compare(row.T, t) }
	from, _ := slices.BinarySearchFunc(rows, s.start, byTime)
	if from > 0 {
		from, _ = slices.BinarySearchFunc(rows, rows[from-1].T, byTime)
	}
	to, _ := slices.BinarySearchFunc(rows, s.stop+1, byTime)
	return rows[from:to]
}

// flow follows one stream.
func (s *sheet) flow(one stream) flow {
	f := flow{class: one.class, direction: one.direction}
	one.rows = s.during(one.rows)
	f.know(one.rows)
	c := newCourse(s.grid, len(f.hubs)+len(f.causes))
	v := make([]float64, len(c.now))
	for i := range one.rows {
		row := &one.rows[i]
		f.add(v, row)
		if i+1 == len(one.rows) || one.rows[i+1].T != row.T {
			c.to(row.T, v)
			clear(v)
		}
	}
	f.end(c)
	return f
}

// together follows several streams as one.
func (s *sheet) together(all []stream, class, direction string) flow {
	f := flow{class: class, direction: direction}
	var steps []step
	for i := range all {
		rows := s.during(all[i].rows)
		f.know(rows)
		for from := 0; from < len(rows); {
			to := from + 1
			for to < len(rows) && rows[to].T == rows[from].T {
				to++
			}
			steps = append(steps, step{i, rows[from:to]})
			from = to
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.rows[0].T, b.rows[0].T) })
	c := newCourse(s.grid, len(f.hubs)+len(f.causes))
	now, sum := make([][]float64, len(all)), make([]float64, len(c.now))
	for i := range now {
		now[i] = make([]float64, len(sum))
	}
	for i := range steps {
		one := &steps[i]
		clear(now[one.of])
		for k := range one.rows {
			f.add(now[one.of], &one.rows[k])
		}
		if i+1 < len(steps) && steps[i+1].rows[0].T == one.rows[0].T {
			continue
		}
		clear(sum)
		for _, v := range now {
			for k := range sum {
				sum[k] += v[k]
			}
		}
		c.to(one.rows[0].T, sum)
	}
	f.end(c)
	return f
}

// step is the rows of one stream at one time.
type step struct {
	of   int
	rows []metrics.Traffic
}

// know notes the hubs and causes of rows, in the order of their names.
func (f *flow) know(rows []metrics.Traffic) {
	for i := range rows {
		row := &rows[i]
		if row.Delivered > 0 {
			f.hubs = with(f.hubs, text(row.Via))
		}
		if row.Lost > 0 {
			f.causes = with(f.causes, text(row.Cause))
		}
	}
}

// with gives sorted names with one more, if it is not among them.
func with(names []string, name string) []string {
	i, known := slices.BinarySearchFunc(names, name, strings.Compare)
	if known {
		return names
	}
	return slices.Insert(names, i, name)
}

// add adds a row to the figures of its step.
func (f *flow) add(v []float64, row *metrics.Traffic) {
	if row.Delivered > 0 {
		v[slices.Index(f.hubs, text(row.Via))] += float64(row.Delivered)
	}
	if row.Lost > 0 {
		v[len(f.hubs)+slices.Index(f.causes, text(row.Cause))] += float64(row.Lost)
	}
}

func (f *flow) end(c *course) {
	f.pieces = c.end()
	for _, p := range f.pieces {
		f.offered = max(f.offered, f.below(p, len(p.v)))
	}
}

// text gives the value of a column, or "" where it is null.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
