package scenarios

import "dualhome/sim"

// edge is a link between two routers of a generator.
type edge struct {
	a, b     int
	relation string
}

func (g Generator) edges() []edge {
	switch n := g.Count; g.Kind {
	case "clique":
		return clique(0, n)
	case "ring":
		return append(chain(0, n), edge{a: n - 1, b: 0})
	case "chain":
		return chain(0, n)
	case "star":
		return eachOf(n, func(i int) int { return 0 })
	case "tree":
		return eachOf(n, func(i int) int { return (i - 1) / 2 })
	case "b-clique":
		half := n / 2
		return append(append(chain(0, half), clique(half, n)...), edge{a: 0, b: half}, edge{a: half - 1, b: n - 1})
	case "focus":
		return focus(n)
	case "random":
		return g.random()
	}
	return g.hierarchy()
}

// clique joins all routers from one to before another.
func clique(from, to int) []edge {
	var all []edge
	for i := from; i < to; i++ {
		for j := i + 1; j < to; j++ {
			all = append(all, edge{a: i, b: j})
		}
	}
	return all
}

func chain(from, to int) []edge {
	var all []edge
	for i := from; i+1 < to; i++ {
		all = append(all, edge{a: i, b: i + 1})
	}
	return all
}

// eachOf joins every router but the first to one before it.
func eachOf(n int, to func(i int) int) []edge {
	var all []edge
	for i := 1; i < n; i++ {
		all = append(all, edge{a: to(i), b: i})
	}
	return all
}

// focus joins router 0 by chains of 1 to k relays to one router, and that to two
// more in a row.
func focus(k int) []edge {
	var all []edge
	end := 1 + k*(k+1)/2
	for i, first := 1, 1; i <= k; i++ {
		all = append(all, edge{a: 0, b: first})
		all = append(all, chain(first, first+i)...)
		all = append(all, edge{a: first + i - 1, b: end})
		first += i
	}
	return append(all, chain(end, end+3)...)
}

// dice are the draws of a generator: the same for the same name, kind and count.
type dice struct {
	key sim.Key
	n   uint64
}

func (g Generator) dice() *dice {
	return &dice{key: sim.KeyOf("generate").Str(g.Kind).Str(g.name(g.Count))}
}

// below gives a number from 0 to before n.
func (d *dice) below(n int) int {
	d.n++
	return int(sim.Bits(0, d.key.Int(d.n)) % uint64(n))
}

// random joins every router to one before it, so that all are connected, and
// then pairs that are not joined until the mean degree is reached.
func (g Generator) random() []edge {
	d := g.dice()
	all := eachOf(g.Count, func(i int) int { return d.below(i) })
	return g.fill(all, d, "", 0)
}

// fill joins further pairs of routers, the first not before from.
func (g Generator) fill(all []edge, d *dice, relation string, from int) []edge {
	joined := map[[2]int]bool{}
	for _, e := range all {
		joined[[2]int{e.a, e.b}] = true
	}
	want := g.Count * g.Degree / 2
	for tries := 0; len(all) < want && g.Count-from > 1 && tries < 20*want; tries++ {
		a, b := from+d.below(g.Count-from), from+d.below(g.Count-from)
		a, b = min(a, b), max(a, b)
		if a != b && !joined[[2]int{a, b}] {
			joined[[2]int{a, b}] = true
			all = append(all, edge{a, b, relation})
		}
	}
	return all
}

// hierarchy makes providers, customers and peers: a tenth of the routers, at most
// ten, are peers of each other and have no provider; each other one has one or
// two providers before it, so that nobody is its own; further pairs below the top
// are peers.
func (g Generator) hierarchy() []edge {
	top := min(max(g.Count/10, 1), 10)
	all := clique(0, top)
	for i := range all {
		all[i].relation = "peer"
	}
	d := g.dice()
	for i := top; i < g.Count; i++ {
		first := d.below(i)
		all = append(all, edge{first, i, "provider"})
		if second := d.below(i); second != first && d.below(2) == 0 {
			all = append(all, edge{second, i, "provider"})
		}
	}
	return g.fill(all, d, "peer", top)
}
