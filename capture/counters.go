package capture

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"dualhome/events"
	"dualhome/metrics"
)

// ribOf is a table of an actor.
type ribOf struct{ actor, table string }

func byTable(a, b ribOf) int {
	return cmp.Or(cmp.Compare(a.actor, b.actor), cmp.Compare(a.table, b.table))
}

// routes writes how many routes each table has, after each instant at which that
// changed.
func (o *tracer) routes(rows iter.Seq2[metrics.Route, error]) error {
	ribs := map[ribOf]map[string]bool{}
	changed := map[ribOf]bool{}
	at := events.Time(0)
	show := func() {
		for _, of := range slices.SortedFunc(maps.Keys(changed), byTable) {
			b := o.counter(process{actor: events.ActorID(of.actor)}, of.table, at)
			b.number("routes", uint64(len(ribs[of])))
			b.close()
			o.put()
		}
		clear(changed)
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if t := events.Time(row.T); t != at {
			show()
			at = t
		}
		of := ribOf{row.Actor, row.Table}
		rib := ribs[of]
		if rib == nil {
			rib = map[string]bool{}
			ribs[of] = rib
		}
		before := len(rib)
		if rib[row.Prefix] = true; len(row.NextHops) == 0 {
			delete(rib, row.Prefix)
		}
		if len(rib) != before {
			changed[of] = true
		}
	}
	show()
	return nil
}

// counter begins the value of a counter, whose series come next.
func (o *tracer) counter(p process, name string, at events.Time) *object {
	pid := o.pid(p)
	b := o.event("C", name, at)
	b.number("pid", pid)
	b.args()
	return b
}

// share is what a class gets in one direction at one time.
type share struct {
	t                int64
	class, direction string
	offered, lost    int64
	by               map[string]int64 // delivered, by hub
}

// traffic writes, for each class and direction, the share of what is offered that is
// delivered by each hub, and that is lost.
func (o *tracer) traffic(rows iter.Seq2[metrics.Traffic, error]) error {
	var s share
	for row, err := range rows {
		if err != nil {
			return err
		}
		if row.T != s.t || row.Class != s.class || row.Direction != s.direction {
			o.share(&s)
			s = share{t: row.T, class: row.Class, direction: row.Direction, by: map[string]int64{}}
		}
		hub := "no hub"
		if row.Via != nil {
			hub = "by " + *row.Via
		}
		s.offered += row.Offered
		s.lost += row.Lost
		s.by[hub] += row.Delivered
	}
	o.share(&s)
	return nil
}

func (o *tracer) share(s *share) {
	if s.offered <= 0 {
		return
	}
	b := o.counter(process{name: "traffic"}, s.class+" "+s.direction, events.Time(s.t))
	for _, hub := range slices.Sorted(maps.Keys(s.by)) {
		b.float(hub, float64(s.by[hub])/float64(s.offered))
	}
	b.float("lost", float64(s.lost)/float64(s.offered))
	b.close()
	o.put()
}
