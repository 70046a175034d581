package metrics

import (
	"cmp"
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"
)

// alike is points that differ in one factor alone. Where that does nothing, it does not
// matter which of the runs with one seed is of which of them.
type alike struct {
	members []int    // places of the points
	highest []valued // the highest values, in their order: as many as were looked at so far
	rest    cursors  // where the others are
	gaps    []valued // where there is no value: these seeds stay
}

// valued is a run of a member, and its value.
type valued struct {
	value        float64
	member, seed int32
}

// blocks gives those of a factor. Points that have none like them are in none.
func (q *survey) blocks(f *factor) (all []alike) {
	order := make([]int, len(q.points))
	for i := range order {
		order[i] = i
	}
	others := func(a, b int) int {
		for axis := range q.study.Axes {
			if axis == f.axis {
				continue
			}
			if c := cmp.Compare(q.study.Points[q.points[a]][axis], q.study.Points[q.points[b]][axis]); c != 0 {
				return c
			}
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Or(others(a, b), cmp.Compare(f.values[a], f.values[b])) })
	for first := 0; first < len(order); {
		last := first + 1
		for last < len(order) && others(order[first], order[last]) == 0 {
			last++
		}
		one := alike{members: order[first:last]}
		if slices.ContainsFunc(one.members, func(m int) bool { return f.levels[m] != f.levels[order[first]] }) {
			all = append(all, one)
		}
		first = last
	}
	return all
}

// open begins to go through the values of a group.
func (b *alike) open(q *survey) {
	for m, place := range b.members {
		if order := q.order[place]; len(order) > 0 {
			b.rest = append(b.rest, cursor{q.values[place], order, int32(m)})
		}
		if len(q.order[place]) == q.seeds {
			continue
		}
		for seed, v := range q.values[place] {
			if math.IsNaN(v) {
				b.gaps = append(b.gaps, valued{v, int32(m), int32(seed)})
			}
		}
	}
	heap.Init(&b.rest)
}

// at gives the i-th highest value.
func (b *alike) at(i int) valued {
	for i >= len(b.highest) {
		c := &b.rest[0]
		b.highest = append(b.highest, valued{c.value(), c.member, c.order[0]})
		if c.order = c.order[1:]; len(c.order) > 0 {
			heap.Fix(&b.rest, 0)
		} else {
			heap.Pop(&b.rest)
		}
	}
	return b.highest[i]
}

// cursor is the seeds of a member that are left, from the highest value on.
type cursor struct {
	values []float64
	order  []int32
	member int32
}

func (c *cursor) value() float64 { return c.values[c.order[0]] }

// cursors is a heap with the highest value first.
type cursors []cursor

func (c cursors) Len() int           { return len(c) }
func (c cursors) Less(i, j int) bool { return c[i].value() > c[j].value() }
func (c cursors) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c *cursors) Push(x any)        { *c = append(*c, x.(cursor)) }

func (c *cursors) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// exchanged gives the figures of all points where, of each seed, the runs of a group
// are handed round by a random number of places, the same in all blocks that are as
// large; but for seeds that some of its members have no value of: these stay, as a point
// of which fewer runs were made would take some of another, and its figure be better
// known than it is. These exchanges are a group, so that the test is exact whatever the
// distribution (Lehmann and Romano, Testing Statistical Hypotheses, section 15.2).
func (q *survey) exchanged(blocks []alike, random *rand.Rand, into *figures) {
	copy(into.p95, q.observed.p95)
	copy(into.mean, q.observed.mean)
	turn := make([]float64, q.seeds)
	for i := range turn {
		turn[i] = random.Float64()
	}
	shift := make([]int32, q.seeds)
	for i := range blocks {
		b := &blocks[i]
		for s, t := range turn {
			shift[s] = int32(t * float64(len(b.members)))
		}
		for _, g := range b.gaps {
			shift[g.seed] = 0
		}
		b.exchange(q, shift, into)
	}
}

// exchange gives the figures of the points of a group after an exchange.
func (b *alike) exchange(q *survey, shift []int32, into *figures) {
	n := int32(len(b.members))
	known, sums := make([]int, n), make([]float64, n)
	for i := range known {
		known[i] = len(shift)
	}
	for _, g := range b.gaps {
		known[g.member]--
	}
	for m, place := range b.members {
		for seed, v := range q.values[place] {
			to := int32(m) + shift[seed]
			if to >= n {
				to -= n
			}
			if v == v { // else there is none
				sums[to] += v
			}
		}
	}
	left, open := make([]int, n), 0
	for m, k := range known {
		if k > 0 {
			into.mean[b.members[m]] = sums[m] / float64(k)
			left[m], open = above(k), open+1
		}
	}
	for i := 0; open > 0; i++ {
		v := b.at(i)
		m := (v.member + shift[v.seed]) % n
		if left[m]--; left[m] == 0 {
			into.p95[b.members[m]] = v.value
			open--
		}
	}
}

// above gives the rank of the 95th percentile of n values, counted from the highest.
func above(n int) int { return n - (n*95+99)/100 + 1 }
