package diagram

import (
	"math"
	"slices"

	"dualhome/scenarios"
)

// graph is who is joined to whom, by the place of routers in the scenario.
type graph [][]int

func graphOf(s *scenarios.Scenario) graph {
	at := map[string]int{}
	for i, r := range s.Routers {
		at[r.Name] = i
	}
	g := make(graph, len(s.Routers))
	for _, l := range s.Links {
		a, b := at[l.Between[0]], at[l.Between[1]]
		g[a], g[b] = append(g[a], b), append(g[b], a)
	}
	return g
}

// isTree tells whether there is exactly one way between any two.
func (g graph) isTree() bool {
	links := 0
	for _, to := range g {
		links += len(to)
	}
	return links == 2*(len(g)-1) && len(g.walk(0)) == len(g)
}

// chain gives the order of routers that stand in a row; nil where they do not.
func (g graph) chain() []int {
	if len(g) < 2 || !g.isTree() || slices.ContainsFunc(g, func(to []int) bool { return len(to) > 2 }) {
		return nil
	}
	return g.walk(slices.IndexFunc(g, func(to []int) bool { return len(to) == 1 }))
}

// walk gives what can be reached from one, each before what is behind it.
func (g graph) walk(from int) []int {
	seen := make([]bool, len(g))
	var order []int
	next := []int{from}
	for len(next) > 0 {
		last := len(next) - 1
		i := next[last]
		next = next[:last]
		if seen[i] {
			continue
		}
		seen[i] = true
		order = append(order, i)
		for _, to := range slices.Backward(g[i]) {
			if !seen[to] {
				next = append(next, to)
			}
		}
	}
	return order
}

// rings places a tree around its first router: each ring is one link farther away, and
// what is behind a router stands in its sector.
func (g graph) rings(all []*box) {
	depth, angle := g.sectors()
	deepest, dots := slices.Max(depth), len(all) > few
	for i, b := range all {
		if dots && i > 0 && len(g[i]) == 1 {
			b.dot()
			depth[i] = deepest
		} else if dots {
			b.pill()
		}
	}
	for step := 60.0; ; step += 10 {
		for i, b := range all {
			b.around(step*float64(depth[i]), angle[i])
		}
		if step > 900 || !crowded(all) {
			return
		}
	}
}

// pill makes a box as small as its name.
func (b *box) pill() {
	b.chips[0].lines = b.chips[0].lines[:1]
	b.lines = b.lines[:1]
	w, h := lead(b.lines)
	b.w, b.h = min(w, 80)+10, h+6
}

// sectors gives how many links each router is away from the first, and its angle: the
// ends of the tree have equal shares of the circle.
func (g graph) sectors() (depth []int, angle []float64) {
	depth, angle = make([]int, len(g)), make([]float64, len(g))
	order, parent := g.walk(0), make([]int, len(g))
	leaves := 0
	for _, i := range order {
		for _, to := range g[i] {
			if i == 0 || to != parent[i] {
				parent[to], depth[to] = i, depth[i]+1
			}
		}
		if len(g[i]) == 1 && i != 0 {
			leaves++
		}
	}
	leaf := 0
	for _, i := range order {
		if len(g[i]) == 1 && i != 0 {
			angle[i] = float64(leaf) * 360 / float64(leaves)
			leaf++
		}
	}
	for _, i := range slices.Backward(order) {
		behind, sum := 0, 0.0
		for _, to := range g[i] {
			if i == 0 || to != parent[i] {
				behind, sum = behind+1, sum+angle[to]
			}
		}
		if behind > 0 {
			angle[i] = sum / float64(behind)
		}
	}
	return depth, angle
}

// crowded tells whether two boxes are too near each other, or names beside dots.
func crowded(all []*box) bool {
	for i, a := range all {
		for _, b := range all[:i] {
			dx, dy := math.Abs(a.centerX()-b.centerX()), math.Abs(a.centerY()-b.centerY())
			switch {
			case a.chips[0].beside && b.chips[0].beside:
				if math.Hypot(dx, dy) < noteLine+1 {
					return true
				}
			case dx < (a.w+b.w)/2+8 && dy < (a.h+b.h)/2+8:
				return true
			}
		}
	}
	return false
}
