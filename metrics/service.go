package metrics

import (
	"slices"
	"strings"

	"dualhome/events"
)

// Service is how one class was served from the first disturbance of a run to its end,
// in both directions at once: a flow that is lost in either is lost.
type Service struct {
	Class             string
	Offered           int64       // ns from the first disturbance to the end
	Outage            int64       // ns with any loss
	Equivalent        int64       // ns of full outage that lose as much
	Settling          int64       // ns from the last repair to the end; 0: nothing was repaired
	AtRepair          int64       // of Equivalent, in that time
	ByCause           []CauseLoss // of Equivalent, in the order of their names
	Before            []CauseLoss // per second, just before the first disturbance: what is lost with nothing broken
	Uninspected       int64       // ns x share of the flows that are delivered to the far end past every NVA
	UninspectedBefore float64     // such a share just before the first disturbance
	Restored          bool        // no less is delivered at the end than before the first disturbance
}

// CauseLoss is what is lost to one cause.
type CauseLoss struct {
	Cause string
	Lost  float64 // ns of full outage; in Before its share
}

// services gives how each class was served; nothing where nothing failed.
func (t *traffic) services(all []Disturbance, horizon events.Time) []Service {
	if len(all) == 0 {
		return nil
	}
	whole := window{from: all[0].At, to: horizon, last: true}
	repaired := window{from: horizon, to: horizon, last: true}
	for _, d := range all {
		if d.Repair {
			repaired.from = d.At
		}
	}
	served := make([]Service, len(t.classes))
	for i, c := range t.classes {
		served[i] = c.service(whole, repaired)
	}
	return served
}

func (c *class) service(whole, repaired window) Service {
	byCause, all := c.losses(&c.both, whole)
	_, late := c.losses(&c.both, repaired)
	s := Service{
		Class: c.Name, Offered: int64(whole.to - whole.from), Outage: all.ns, Equivalent: all.weight.over(c.total()),
		Settling: int64(repaired.to - repaired.from), AtRepair: late.weight.over(c.total()), Restored: c.both.restored(whole),
	}
	for _, span := range c.ways[forward].spans(whole) {
		s.Uninspected += int64(c.unseen(span.cells) * float64(span.to-span.from))
	}
	s.UninspectedBefore = c.unseen(c.ways[forward].before(whole.from).cells)
	for _, l := range byCause {
		s.ByCause = append(s.ByCause, CauseLoss{l.cause.String(), float64(l.weight.over(c.total()))})
	}
	s.Before = c.lacking(c.both.before(whole.from))
	return s
}

// lacking gives what of a class is lost at a step, by cause.
func (c *class) lacking(s *step) (all []CauseLoss) {
	sums := map[cause]int64{}
	for _, f := range s.fates {
		if f.loses() {
			sums[f.cause] += f.missing
		}
	}
	for why, missing := range sums { // order-free: sorted below
		all = append(all, CauseLoss{why.String(), c.share(missing)})
	}
	slices.SortFunc(all, func(a, b CauseLoss) int { return strings.Compare(a.Cause, b.Cause) })
	return all
}

// unseen gives the share that is delivered and passed no NVA.
func (c *class) unseen(cells []cell) float64 {
	return c.share(c.delivers(slices.DeleteFunc(slices.Clone(cells), func(k cell) bool { return k.inspected })))
}
