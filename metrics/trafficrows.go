package metrics

import "slices"

// rows gives the rows of traffic.arrow of one class and direction: at each step
// one for each hub and cause that the run knows there, zeros included.
func (c *class) rows(g *lineage, dir direction) []Traffic {
	t := &c.ways[dir]
	keys := t.keys()
	vias, causes := make([]*string, len(keys)), make([]*string, len(keys))
	for i, k := range keys {
		vias[i], causes[i] = text(k.hub), text(k.cause.String())
	}
	rows := make([]Traffic, 0, len(t.steps)*len(keys))
	for i := range t.steps {
		s := &t.steps[i]
		rates := c.rates(s.cells)
		for i, k := range keys {
			r := Traffic{
				T: int64(s.at), Root: g.rootSeq(s.by.root), Class: c.Name, Direction: dir.String(),
				Via: vias[i], Cause: causes[i],
			}
			if j := slices.IndexFunc(s.cells, func(c cell) bool { return c.key() == k }); j >= 0 {
				r.Inspected, r.Offered, r.Path = s.cells[j].inspected, rates[j], s.pathsOf(k)
				if k.cause == delivered {
					r.Delivered = r.Offered
				} else {
					r.Lost = r.Offered
				}
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// keys gives what tells the rows of a step apart, over the whole run.
func (t *track) keys() []key {
	var keys []key
	for _, s := range t.steps {
		for _, c := range s.cells {
			if !slices.Contains(keys, c.key()) {
				keys = append(keys, c.key())
			}
		}
	}
	slices.SortFunc(keys, byKey)
	return keys
}

// pathsOf gives the paths of one row.
func (s *step) pathsOf(k key) *string {
	paths := ""
	for _, v := range s.routes {
		switch {
		case v.hub != k.hub || v.cause != k.cause:
		case paths == "":
			paths = v.path
		default:
			paths += "; " + v.path
		}
	}
	return text(paths)
}
