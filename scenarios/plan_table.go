package scenarios

// table has the values of the axes of a plan; points are rows of places in it.
type table struct {
	axes   []*axis
	values [][]setting      // by axis
	place  []map[string]int // by axis: of the keys of its values
}

func newTable(axes []*axis) *table {
	t := &table{axes: axes, values: make([][]setting, len(axes))}
	for range axes {
		t.place = append(t.place, map[string]int{})
	}
	return t
}

// put gives the place of a value of an axis.
func (t *table) put(a int, v setting) int {
	at, known := t.place[a][v.key]
	if !known {
		at = len(t.values[a])
		t.values[a] = append(t.values[a], v)
		t.place[a][v.key] = at
	}
	return at
}

// grid gives all combinations of the values, the last axis fastest. There are not
// too many.
func (t *table) grid() [][]int {
	rows := [][]int{{}}
	for a, axis := range t.axes {
		n := int(axis.size().Int64())
		next := make([][]int, 0, len(rows)*n)
		for _, row := range rows {
			for i := range n {
				longer := append(make([]int, 0, len(t.axes)), row...)
				next = append(next, append(longer, t.put(a, axis.value(i))))
			}
		}
		rows = next
	}
	return rows
}

// value gives the i-th value of an axis of which a grid has all.
func (a *axis) value(i int) setting {
	if a.span != nil {
		return a.made(a.span.at(int64(i)))
	}
	return a.values[i]
}

// row gives the point of an item; -1 where it has no value for an axis.
func (t *table) row(it item, r *report) []int {
	row := make([]int, len(t.axes))
	for a, axis := range t.axes {
		row[a] = -1
		for _, g := range it.values {
			if g.axis != axis.name {
				continue
			}
			if v, ok := axis.setting(g.value, r); ok {
				row[a] = t.put(a, v)
			}
		}
	}
	return row
}

// plan gives a plan the points of the rows, and of the values those that are used.
func (t *table) plan(rows [][]int, p *Plan) {
	order := make([]map[int]int, len(t.axes)) // by axis: the places of the values that are used
	p.settings = make([][]setting, len(t.axes))
	for a := range t.axes {
		order[a] = map[int]int{-1: -1}
	}
	for _, row := range rows {
		point := Point{Values: make([]int, len(row))}
		for a, v := range row {
			at, known := order[a][v]
			if !known {
				at = len(p.settings[a])
				order[a][v] = at
				p.settings[a] = append(p.settings[a], t.values[a][v])
			}
			point.Values[a] = at
		}
		p.Points = append(p.Points, point)
	}
	for a, axis := range t.axes {
		all := Axis{Name: axis.name}
		for _, v := range p.settings[a] {
			all.Values = append(all.Values, v.text)
		}
		all.Numbers, all.Unit = numbers(p.settings[a])
		p.Axes = append(p.Axes, all)
	}
}
