package metrics

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// factor is an axis as some points have it: values, or classes of values.
type factor struct {
	axis   int
	names  []string // of its levels
	levels []int    // by point
	values []int    // by point: before they were put into classes
}

// ownValue is how the level is called that points have where an axis is left out.
const ownValue = "as in the scenario"

// factors gives the axes that differ between some points.
func (s *Study) factors(points []int) []factor {
	var all []factor
	for axis := range s.Axes {
		f := factor{axis: axis, values: make([]int, len(points))}
		for i, p := range points {
			f.values[i] = s.Points[p][axis]
		}
		if slices.Min(f.values) != slices.Max(f.values) {
			all = append(all, f)
		}
	}
	for i := range all {
		f := &all[i]
		order := s.ordered(f)
		classes := mostClasses(len(points), len(all))
		sampled := 2*s.alike(points, f.axis) < len(points) || len(all) > 1 && 3*len(order) > 2*len(points)
		if len(order) > classes && s.Axes[f.axis].Numbers != nil && order[0] >= 0 && sampled {
			f.classify(&s.Axes[f.axis], order, classes)
			continue
		}
		level := map[int]int{}
		for _, value := range order {
			level[value] = len(f.names)
			f.names = append(f.names, s.Axes[f.axis].name(value))
		}
		for _, value := range f.values {
			f.levels = append(f.levels, level[value])
		}
	}
	return all
}

// alike gives how many of some points have another one that differs from them in an
// axis alone: in a grid all; of samples none, but where the other axes are so few or so
// coarse that they meet by chance (which then have each value of this one but once: in
// a grid of two axes or more none has a value for more than half of the points).
func (s *Study) alike(points []int, axis int) (n int) {
	others := map[string]int{}
	for _, p := range points {
		others[s.others(p, axis)]++
	}
	for _, p := range points {
		if others[s.others(p, axis)] > 1 {
			n++
		}
	}
	return n
}

// others names what a point has on all axes but one.
func (s *Study) others(point, axis int) string {
	var key []byte
	for a, v := range s.Points[point] {
		if a != axis {
			key = binary.AppendVarint(key, int64(v))
		}
	}
	return string(key)
}

// ordered gives the values of a factor: those that have a number by that, others as
// they came.
func (s *Study) ordered(f *factor) []int {
	order := slices.Clone(f.values)
	slices.SortFunc(order, func(a, b int) int {
		if numbers := s.Axes[f.axis].Numbers; numbers != nil && a >= 0 && b >= 0 {
			return cmp.Or(cmp.Compare(numbers[a], numbers[b]), cmp.Compare(a, b))
		}
		return cmp.Compare(a, b)
	})
	return slices.Compact(order)
}

func (a *Axis) name(value int) string {
	if value < 0 {
		return ownValue
	}
	return a.Values[value]
}

// mostClasses gives into how many classes the values of a sampled factor are put: the
// square root of the points, so that a class has as many points as there are classes,
// and so few that half of the points are left to tell chance from (after Plischke,
// Borgonovo and Smith, European Journal of Operational Research 226, 2013: first-order
// indices from given data; their bias is that of few points in a class).
func mostClasses(points, factors int) int {
	root := int(math.Round(math.Sqrt(float64(points))))
	return max(2, min(root, 1+(points-1)/(2*factors), (mostColumns-1)/factors))
}

// classify puts the values of a factor into classes of about as many points each.
func (f *factor) classify(axis *Axis, order []int, classes int) {
	count := map[int]int{}
	for _, v := range f.values {
		count[v]++
	}
	class, before, last := map[int]int{}, 0, -1
	var from, to []int // the least and the greatest value of each
	for _, v := range order {
		c := (2*before + count[v]) * classes / (2 * len(f.values)) // that of its middle
		before += count[v]
		if c != last {
			from, to, last = append(from, v), append(to, v), c
		}
		to[len(to)-1], class[v] = v, len(to)-1
	}
	for i := range from {
		name := axis.Values[from[i]]
		if to[i] != from[i] {
			name += " to " + axis.Values[to[i]]
		}
		f.names = append(f.names, name)
	}
	for _, v := range f.values {
		f.levels = append(f.levels, class[v])
	}
}

// levelsOf gives the levels of all factors but one; -1: of all.
func levelsOf(factors []factor, without int) (all [][]int) {
	for i := range factors {
		if i != without {
			all = append(all, factors[i].levels)
		}
	}
	return all
}
