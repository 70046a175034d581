package metrics

import "dualhome/events"

// ground is memory that walks share: what they keep, many in one allocation, and
// where the walk that goes on notes its way.
type ground struct {
	entries events.Slab[entry]
	paths   []int32
	path    []int32
}

// chose keeps an entry that chose a hop.
func (w *walker) chose(e entry) *entry { return w.net.ground.entries.New(e) }

// walked keeps the path of now.
func (w *walker) walked() []int32 {
	g := &w.net.ground
	if len(w.path) > cap(g.paths)-len(g.paths) {
		g.paths = make([]int32, 0, max(256, len(w.path)))
	}
	from := len(g.paths)
	g.paths, g.path = append(g.paths, w.path...), w.path
	return g.paths[from:len(g.paths):len(g.paths)]
}
