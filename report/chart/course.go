package chart

import (
	"math"
	"slices"
)

// grid is the time of a timeline: its axis, in nanoseconds since the run's start, and
// the bins that what is too dense to be drawn one by one is gathered in.
type grid struct {
	axis
	bin float64 // the width of a bin
}

// bins counts the bins.
func (g grid) bins() int { return int(math.Ceil((g.to - g.from) / g.bin)) }

// binAt gives the bin in which a coordinate lies.
func (g grid) binAt(x float64) int {
	return min(max(int((x-g.from)/g.bin), 0), g.bins()-1)
}

// left and right give the ends of a bin.
func (g grid) left(bin int) float64  { return g.from + float64(bin)*g.bin }
func (g grid) right(bin int) float64 { return min(g.left(bin+1), g.to) }

// x gives the coordinate of a time, or the nearer end of the axis.
func (g grid) x(t int64) float64 { return g.within(float64(t)) }

// piece is a stretch of a course.
type piece struct {
	from, to float64 // coordinates
	v        []float64
	several  bool // a bin in which more than one thing changed: v are means over time
}

// course follows figures that hold until they change. It gives the stretches as they
// are where there is at most one change in a bin, and else the means of the bin, so
// that there are at most two pieces to a bin, whatever happens.
type course struct {
	grid
	pieces []piece

	now    []float64 // the figures, from since on
	since  float64
	bin    int       // in which since lies
	spans  int       // with other figures than before, so far in the bin
	sum    []float64 // of figures times width, so far in the bin
	before []float64 // the figures of its first span
	split  float64   // where the second began
}

func newCourse(g grid, figures int) *course {
	return &course{
		grid: g, since: g.from, now: make([]float64, figures), sum: make([]float64, figures), before: make([]float64, figures),
	}
}

// to says that the figures are v from a time on; times do not go back.
func (c *course) to(t int64, v []float64) {
	if slices.Equal(v, c.now) {
		return
	}
	c.advance(c.x(t))
	copy(c.now, v)
}

// end gives the pieces, up to the end of the axis.
func (c *course) end() []piece {
	c.advance(c.axis.to)
	c.flush()
	return c.pieces
}

// advance goes on to a coordinate with the figures as they are.
func (c *course) advance(x float64) {
	if last := c.binAt(x); last > c.bin {
		c.span(c.right(c.bin))
		c.flush()
		if edge := c.left(last); edge > c.since {
			c.add(c.since, edge, c.now, false)
			c.since = edge
		}
		c.bin = last
	}
	c.span(x)
}

// span adds what holds until x to the bin.
func (c *course) span(x float64) {
	width := x - c.since
	if width <= 0 {
		return
	}
	switch {
	case c.spans == 0:
		copy(c.before, c.now)
		c.spans = 1
	case c.spans == 1 && !slices.Equal(c.before, c.now):
		c.spans, c.split = 2, c.since
	case c.spans > 1:
		c.spans++
	}
	for i, v := range c.now {
		c.sum[i] += v * width
	}
	c.since = x
}

// flush adds the pieces of the bin.
func (c *course) flush() {
	left, right := c.left(c.bin), c.since
	switch c.spans {
	case 0:
	case 1:
		c.add(left, right, c.before, false)
	case 2:
		c.add(left, c.split, c.before, false)
		c.add(c.split, right, c.now, false)
	default:
		mean := c.sum
		for i := range mean {
			mean[i] /= right - left
		}
		c.add(left, right, mean, true)
	}
	clear(c.sum)
	c.spans = 0
}

// add appends a piece, or makes the last one longer.
func (c *course) add(from, to float64, v []float64, several bool) {
	if last := len(c.pieces) - 1; last >= 0 && c.pieces[last].several == several && slices.Equal(c.pieces[last].v, v) {
		c.pieces[last].to = to
		return
	}
	c.pieces = append(c.pieces, piece{from, to, slices.Clone(v), several})
}

// tally counts what happens at instants, by bin.
type tally struct {
	grid
	n     []int32
	first []float64 // where the first in a bin is
	all   int
}

func newTally(g grid) *tally {
	return &tally{grid: g, n: make([]int32, g.bins()), first: make([]float64, g.bins())}
}

// add counts something at a time, unless it lies beyond the axis.
func (a *tally) add(t int64) {
	if float64(t) < a.low || float64(t) > a.high {
		return
	}
	x := a.x(t)
	b := a.binAt(x)
	if a.n[b] == 0 {
		a.first[b] = x
	}
	a.n[b]++
	a.all++
}

// most gives the largest count of a bin.
func (a *tally) most() int { return int(slices.Max(a.n)) }

// place gives what a bin is drawn as: one instant as a line where it is, several as
// the bin.
func (a *tally) place(bin int) (from, to float64) {
	if a.n[bin] == 1 {
		x := min(max(a.first[bin], a.from+tickWidth/2), a.to-tickWidth/2)
		return x - tickWidth/2, x + tickWidth/2
	}
	to = max(a.right(bin), a.left(bin)+tickWidth)
	return a.left(bin), min(to, a.to)
}

// tickWidth is how wide the line of one instant is.
const tickWidth = 2.0
