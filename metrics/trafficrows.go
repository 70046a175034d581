package metrics

import "slices"

// rows appends the rows of traffic.arrow of one class and direction: at each step
// one for each hub and cause that the run knows there, zeros included.
func (c *class) rows(rows []Traffic, g *lineage, x *texts, dir direction) []Traffic {
	t := &c.ways[dir]
	keys := t.keys()
	vias, causes := make([]*string, len(keys)), make([]*string, len(keys))
	for i, k := range keys {
		vias[i], causes[i] = x.column(k.hub), x.column(k.cause.String())
	}
	rows = slices.Grow(rows, len(t.steps)*len(keys))
	for i := range t.steps {
		s := &t.steps[i]
		for i, k := range keys {
			r := Traffic{
				T: int64(s.at), Root: g.rootSeq(s.by.root), Class: c.Name, Direction: dir.String(),
				Via: vias[i], Cause: causes[i],
			}
			for _, f := range s.fates {
				if f.key == k {
					r.Inspected, r.Path = r.Inspected || f.inspected, x.column(s.pathsOf(k))
					r.Offered, r.Delivered, r.Lost = r.Offered+f.offered, r.Delivered+f.delivered, r.Lost+f.lost
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
		for _, f := range s.fates {
			if !slices.Contains(keys, f.key) {
				keys = append(keys, f.key)
			}
		}
	}
	slices.SortFunc(keys, byKey)
	return keys
}

// pathsOf gives the paths of one row.
func (s *step) pathsOf(k key) (paths string) {
	for _, v := range s.routes {
		switch {
		case v.hub != k.hub || !v.suffers(k.cause):
		case paths == "":
			paths = v.path
		default:
			paths += "; " + v.path
		}
	}
	return paths
}

// suffers tells whether flows that went a path belong to the row of a cause.
func (v via) suffers(why cause) bool {
	return v.cause == why && (why != delivered || !v.full) || v.full && why == congestion
}
