package scenarios

import "fmt"

// item is one of include or exclude.
type item struct {
	at     *node
	values []given
}

// given is a value that an item has for an axis, by its name.
type given struct {
	axis  string
	key   *node
	value *node
}

// items reads include or exclude.
func (s *sweep) items(key, n *node) []item {
	if n.bad {
		return nil
	}
	if n.kind != list {
		s.report.error(n, fmt.Sprintf("%s must be a list, not %s", key.text, n.describe()), "like [{hold: 10s}]")
		return nil
	}
	var all []item
	for _, m := range n.items {
		switch {
		case m.bad:
			continue
		case m.kind != mapping:
			s.report.error(m, fmt.Sprintf("an item of %s is a map of axes to values, not %s", key.text, m.describe()), "like {hold: 10s}")
			continue
		}
		it := item{at: m}
		for i, k := range m.keys {
			it.values = append(it.values, given{k.text, k, m.items[i]})
		}
		all = append(all, it)
	}
	return all
}

// checkItems checks the values of items of the file, whose axes are those of the file.
func (s *sweep) checkItems(items []item) {
	for _, it := range items {
		for _, g := range it.values {
			a := s.axis(g.axis)
			switch {
			case a != nil:
				if v, ok := a.setting(g.value, s.report); ok {
					s.check(a, v)
				}
			case s.doc.matrix.get(g.axis) == nil: // else what is wrong with that axis is reported
				s.report.error(g.key, "there is no axis "+g.axis, didYouMean(g.axis, s.names()))
			}
		}
	}
}

func (s *sweep) names() []string {
	var names []string
	for _, a := range s.axes {
		names = append(names, a.name)
	}
	return names
}

// axis gives the axis of a name, nil where there is none.
func (s *sweep) axis(name string) *axis {
	for _, a := range s.axes {
		if a.name == name {
			return a
		}
	}
	return nil
}
