package metrics

import "slices"

// rows gives the rows of traffic.arrow of all classes.
func (t *traffic) rows() []Traffic {
	n := 0
	for _, c := range t.classes {
		for d := range c.ways {
			k := &c.ways[d]
			k.keys, k.hubs = k.allKeys(), k.allHubs()
			n += len(k.steps) * len(k.keys)
		}
	}
	rows := slices.Grow([]Traffic(nil), n)
	for _, c := range t.classes {
		rows = c.rows(rows, t.line, t.net.texts, forward)
		rows = c.rows(rows, t.line, t.net.texts, backward)
	}
	return rows
}

// rows appends the rows of traffic.arrow of one class and direction: at each step
// one for each hub and cause that the run knows there, zeros included.
func (c *class) rows(rows []Traffic, g *lineage, x *texts, dir direction) []Traffic {
	t := &c.ways[dir]
	keys := t.keys
	vias, causes := make([]*string, len(keys)), make([]*string, len(keys))
	for i, k := range keys {
		vias[i], causes[i] = x.text(k.hub), x.text(k.cause.String())
	}
	for i := range t.steps {
		s := &t.steps[i]
		for i, k := range keys {
			r := Traffic{
				T: int64(s.at), Root: g.rootSeq(s.by.root), Class: c.Name, Direction: dir.String(),
				Via: vias[i], Cause: causes[i],
			}
			for _, f := range s.fates {
				if f.key == k {
					r.Inspected, r.Path = r.Inspected || f.inspected, s.pathsOf(x, k)
					r.Offered, r.Delivered, r.Lost = r.Offered+f.offered, r.Delivered+f.delivered, r.Lost+f.lost
				}
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// allKeys gives what tells the rows of a step apart, over the whole run.
func (t *track) allKeys() []key {
	keys := t.keys[:0]
	for i := range t.steps {
		for _, f := range t.steps[i].fates {
			if !slices.Contains(keys, f.key) {
				keys = append(keys, f.key)
			}
		}
	}
	slices.SortFunc(keys, byKey)
	return keys
}

// pathsOf gives the paths of one row.
func (s *step) pathsOf(x *texts, k key) *string {
	paths := x.buffer[:0]
	for _, v := range s.routes {
		if v.hub != k.hub || !v.suffers(k.cause) {
			continue
		}
		if len(paths) > 0 {
			paths = append(paths, "; "...)
		}
		paths = append(paths, v.path...)
	}
	return x.column(paths)
}

// suffers tells whether flows that went a path belong to the row of a cause.
func (v via) suffers(why cause) bool {
	return v.cause == why && (why != delivered || !v.full) || v.full && why == congestion
}
