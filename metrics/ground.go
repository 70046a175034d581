package metrics

// ground is memory that all classes share.
type ground struct {
	entries memory[entry]
	paths   memory[int32]
	legs    memory[leg]
	cells   memory[cell]
	vias    memory[via]
	fates   memory[fate]
	words   memory[uint64] // of sets of flows
	walker  walker
}

func (g *ground) reset() {
	g.entries.reset()
	g.paths.reset()
	g.legs.reset()
	g.cells.reset()
	g.vias.reset()
	g.fates.reset()
	g.words.reset()
}

// shared gives the flows that are in both of two sets: the first itself where that is
// all of it, nil where it is nothing.
func (g *ground) shared(s, t flowSet) flowSet {
	all, none := true, true
	for i, w := range s {
		both := w & t[i]
		all, none = all && both == w, none && both == 0
	}
	switch {
	case all:
		return s
	case none:
		return nil
	}
	both := g.words.take(len(s))
	for i, w := range s {
		both = append(both, w&t[i])
	}
	return both
}

// noFlows gives an empty set of so many flows.
func (g *ground) noFlows(flows int) flowSet {
	words := (flows + 63) / 64
	s := g.words.take(words)[:words]
	clear(s)
	return s
}
