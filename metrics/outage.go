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
	LostPackets int64
	Equivalent  int64 // ns of full outage that lose as much
	Restored    bool
	Lasts       bool // something is lost at the end of its window, even if it was before
}

// loss sums what is lost in a window to one cause, or to all.
type loss struct {
	cause  cause
	ns     int64  // with any
	volume volume // bit/s × ns
	weight volume // what is missing × ns
}

// losses gives the losses of a track in a window by cause, in the order of their
// names, and all together.
func (c *class) losses(t *track, w window) (byCause []loss, all loss) {
	for _, s := range t.spans(w) {
		ns := int64(s.to - s.from)
		for i, f := range s.fates {
			if f.missing == 0 || ns == 0 {
				continue
			}
			l := lossOf(&byCause, f.cause)
			for _, sum := range []*loss{l, &all} {
				sum.volume.add(f.lost, ns)
				sum.weight.add(f.missing, ns)
			}
			if !lostBefore(s.fates[:i], f.cause) {
				l.ns += ns
			}
			if !slices.ContainsFunc(s.fates[:i], fate.loses) {
				all.ns += ns
			}
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

func lostBefore(fates []fate, why cause) bool {
	return slices.ContainsFunc(fates, func(f fate) bool { return f.cause == why && f.loses() })
}

// named is a track and what its direction is called.
type named struct {
	name string
	*track
}

// tracks gives both directions of a class, and what either of them loses.
func (c *class) tracks() [3]named {
	return [3]named{{"forward", &c.ways[forward]}, {"return", &c.ways[backward]}, {"two-way", &c.both}}
}

// outages adds the rows of one class and disturbance: one for each cause that
// lost something, and one without a cause where nothing was lost.
func (c *class) outages(r *Result, x *texts, d Disturbance, w window) {
	for _, t := range c.tracks() {
		byCause, all := c.losses(t.track, w)
		restored := t.restored(w)
		for _, l := range byCause {
			r.Outages = append(r.Outages, Outage{
				Root: int64(d.Seq), Class: c.Name, Direction: t.name, Cause: x.text(l.cause.String()),
				Outage: l.ns, LostBytes: l.volume.bytes(), LostPackets: l.volume.packets(c.PacketBytes), Equivalent: l.weight.over(c.total()), Restored: restored,
			})
		}
		if len(byCause) == 0 {
			r.Outages = append(r.Outages, Outage{Root: int64(d.Seq), Class: c.Name, Direction: t.name, Restored: restored})
		}
		r.Impacts = append(r.Impacts, Impact{
			Disturbance: d.Name, Root: int64(d.Seq), Class: c.Name, Direction: t.name,
			Outage: all.ns, LostBytes: all.volume.bytes(), LostPackets: all.volume.packets(c.PacketBytes), Equivalent: all.weight.over(c.total()), Restored: restored, Lasts: t.losesAfter(w),
		})
	}
}

// text gives a nullable column value: null where s is empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
