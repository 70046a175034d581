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
	path    []int32        // of the walk that goes on
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

// noFlows gives an empty set of so many flows.
func (g *ground) noFlows(flows int) flowSet {
	words := (flows + 63) / 64
	s := g.words.take(words)[:words]
	clear(s)
	return s
}
