package metrics

import (
	"slices"
	"strings"
)

// Impact is what one class suffered in one direction from all causes together
// after a disturbance.
type Impact struct {
	Disturbance string
	Root        int64
	Class       string
	Direction   string // forward, return, two-way
	Outage      int64  // ns with any loss
	LostBytes   int64
	Equivalent  int64 // ns of full outage that lose as much
	Restored    bool
}

// loss sums what is lost in a window to one cause, or to all.
type loss struct {
	cause  cause
	ns     int64  // with any
	volume volume // bit/s × ns
	flows  volume // flows × ns
}

// losses gives the losses of a track in a window by cause, in the order of their
// names, and all together.
func (c *class) losses(t *track, w window) (byCause []loss, all loss) {
	for _, s := range t.spans(w) {
		ns := int64(s.to - s.from)
		rates := c.rates(s.cells)
		var seen cause
		for i, cell := range s.cells {
			if cell.cause == delivered || ns == 0 {
				continue
			}
			l := lossOf(&byCause, cell.cause)
			l.volume.add(rates[i], ns)
			l.flows.add(int64(cell.flows), ns)
			all.volume.add(rates[i], ns)
			all.flows.add(int64(cell.flows), ns)
			if !lostBefore(s.cells[:i], cell.cause) {
				l.ns += ns
			}
			seen = cell.cause
		}
		if seen != delivered {
			all.ns += ns
		}
	}
	slices.SortFunc(byCause, func(a, b loss) int { return strings.Compare(a.cause.String(), b.cause.String()) })
	return byCause, all
}

func lossOf(all *[]loss, why cause) *loss {
	i := slices.IndexFunc(*all, func(l loss) bool { return l.cause == why })
	if i < 0 {
		i = len(*all)
		*all = append(*all, loss{cause: why})
	}
	return &(*all)[i]
}

func lostBefore(cells []cell, why cause) bool {
	return slices.ContainsFunc(cells, func(c cell) bool { return c.cause == why })
}

// rates gives the bits per second of each cell of a step; they sum to the rate
// of the class.
func (c *class) rates(cells []cell) []int64 {
	weights := make([]int, len(cells))
	for i := range cells {
		weights[i] = cells[i].flows
	}
	return apportion(c.BitsPerSec, weights, c.Flows)
}

// named is a track and what its direction is called.
type named struct {
	name string
	*track
}

// tracks gives both directions of a class, and what either of them loses.
func (c *class) tracks() []named {
	return []named{{"forward", &c.ways[forward]}, {"return", &c.ways[backward]}, {"two-way", &c.both}}
}

// outages gives the rows of one class and disturbance: one for each cause that
// lost something, and one without a cause where nothing was lost.
func (c *class) outages(d Disturbance, w window) (rows []Outage, impacts []Impact) {
	for _, t := range c.tracks() {
		byCause, all := c.losses(t.track, w)
		restored := t.restored(w)
		for _, l := range byCause {
			rows = append(rows, Outage{
				Root: int64(d.Seq), Class: c.Name, Direction: t.name, Cause: text(l.cause.String()),
				Outage: l.ns, LostBytes: l.volume.bytes(), Equivalent: l.flows.over(int64(c.Flows)), Restored: restored,
			})
		}
		if len(byCause) == 0 {
			rows = append(rows, Outage{Root: int64(d.Seq), Class: c.Name, Direction: t.name, Restored: restored})
		}
		impacts = append(impacts, Impact{
			Disturbance: d.Name, Root: int64(d.Seq), Class: c.Name, Direction: t.name,
			Outage: all.ns, LostBytes: all.volume.bytes(), Equivalent: all.flows.over(int64(c.Flows)), Restored: restored,
		})
	}
	return rows, impacts
}

// text gives a nullable column value: null where s is empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
