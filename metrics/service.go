package metrics

import "dualhome/events"

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
		Class: c.Name, Offered: int64(whole.to - whole.from), Outage: all.ns, Equivalent: all.flows.over(int64(c.Flows)),
		Settling: int64(repaired.to - repaired.from), AtRepair: late.flows.over(int64(c.Flows)), Restored: c.both.restored(whole),
	}
	for _, span := range c.ways[forward].spans(whole) {
		s.Uninspected += int64(uninspected(span.cells) / float64(c.Flows) * float64(span.to-span.from))
	}
	s.UninspectedBefore = uninspected(c.ways[forward].before(whole.from).cells) / float64(c.Flows)
	for _, l := range byCause {
		s.ByCause = append(s.ByCause, CauseLoss{l.cause.String(), float64(l.flows.over(int64(c.Flows)))})
	}
	for _, cell := range c.both.before(whole.from).cells {
		if cell.cause != delivered {
			s.Before = append(s.Before, CauseLoss{cell.cause.String(), float64(cell.flows) / float64(c.Flows)})
		}
	}
	return s
}

// uninspected gives how many flows are delivered and passed no NVA.
func uninspected(cells []cell) (flows float64) {
	for _, c := range cells {
		if c.cause == delivered && !c.inspected {
			flows += float64(c.flows)
		}
	}
	return flows
}
