package chart

import (
	"iter"
	"maps"
	"slices"
	"strconv"

	"dualhome/metrics"
)

// actorTally is what changed at one actor.
type actorTally struct {
	name  string
	upper *tally // of best routes, or of NICs
	lower *tally // of FIBs; nil: of NICs
}

const (
	mostActors = 18 // lanes of ticks
	tickLane   = 15.0
	nicLane    = 14.0
)

// routes gives the bands of changes of best routes and FIBs, by actor, and of NICs, by
// group.
func (s *sheet) routes() []band {
	var bands []band
	if all := s.actors("loc-rib", "fib"); len(all) > mostActors {
		bands = append(bands, s.density("Best-route and FIB changes", "actors", len(all), "loc-rib", "fib"))
	} else if len(all) > 0 {
		bands = append(bands, band{
			title: "Routes", note: "changes of best routes (up) and of FIBs (down); higher: several at once",
			height: float64(len(all)) * tickLane, draw: s.routeLanes(s.changes(all, "loc-rib", "fib")),
		})
	}
	if all := s.actors("nic"); len(all) > mostActors {
		bands = append(bands, s.density("NIC changes", "groups of NICs", len(all), "nic"))
	} else if len(all) > 0 {
		bands = append(bands, band{
			title: "NICs", note: "changes of effective routes; higher: several at once",
			height: float64(len(all)) * nicLane, draw: s.nicLanes(s.changes(all, "nic", "")),
		})
	}
	if len(bands) == 0 {
		bands = append(bands, band{title: "Routes and NICs", note: "nothing changes"})
	}
	return bands
}

// changed gives the rows that are shown of some tables of routes.
func (s *sheet) changed(tables ...string) iter.Seq[*metrics.Route] {
	return func(yield func(*metrics.Route) bool) {
		for i := range s.run.Routes {
			row := &s.run.Routes[i]
			if row.T >= s.start && row.T <= s.stop && slices.Contains(tables, row.Table) && !yield(row) {
				return
			}
		}
	}
}

// actors gives those at which something changes, in the order of their names.
func (s *sheet) actors(tables ...string) []string {
	known := map[string]bool{}
	for row := range s.changed(tables...) {
		known[row.Actor] = true
	}
	return slices.SortedFunc(maps.Keys(known), compareNames)
}

// changes counts the changes of one or two tables by actor.
func (s *sheet) changes(actors []string, upper, lower string) []actorTally {
	all, index := make([]actorTally, len(actors)), map[string]int{}
	for i, name := range actors {
		all[i], index[name] = actorTally{name, newTally(s.grid), newTally(s.grid)}, i
	}
	for row := range s.changed(upper, lower) {
		if row.Table == upper {
			all[index[row.Actor]].upper.add(row.T)
		} else {
			all[index[row.Actor]].lower.add(row.T)
		}
	}
	return all
}

func (s *sheet) routeLanes(all []actorTally) func(float64) {
	return func(top float64) {
		for i := range all {
			s.routeLane(&all[i], top+float64(i)*tickLane)
		}
	}
}

func (s *sheet) nicLanes(all []actorTally) func(float64) {
	return func(top float64) {
		for i := range all {
			s.nicLane(&all[i], top+float64(i)*nicLane)
		}
	}
}

func (s *sheet) routeLane(a *actorTally, top float64) {
	s.Open("g", "class", "lane routes", "data-actor", a.name)
	middle := top + tickLane/2
	s.laneName(a.name, middle+4)
	s.Leaf("line", "class", "lane-line", "x1", s.axis.from, "y1", middle, "x2", s.axis.to, "y2", middle)
	if a.upper.all > 0 {
		s.Leaf("path", "class", "tick-best", "d", a.upper.grown(middle, -6.5))
	}
	if a.lower.all > 0 {
		s.Leaf("path", "class", "tick-fib", "d", a.lower.grown(middle, 6.5))
	}
	s.Close()
}

func (s *sheet) nicLane(a *actorTally, top float64) {
	s.Open("g", "class", "lane nic", "data-actor", a.name)
	s.laneName(a.name, top+nicLane-2)
	s.Leaf("line", "class", "lane-line", "x1", s.axis.from, "y1", top+nicLane-1, "x2", s.axis.to, "y2", top+nicLane-1)
	s.Leaf("path", "class", "tick-nic", "d", a.upper.grown(top+nicLane-1, 3-nicLane))
	s.Close()
}

// density gives the band of how much changes at many actors together, in each bin.
func (s *sheet) density(title, what string, actors int, tables ...string) band {
	sum := newTally(s.grid)
	for row := range s.changed(tables...) {
		sum.add(row.T)
	}
	const height = 44.0
	per := about((s.high - s.low) / float64(s.bins()))
	b := band{title: title, note: "at " + strconv.Itoa(actors) + " " + what + ": " + strconv.Itoa(sum.all) + " in all, as many at once as the bars are high (in " + per + ")", height: height}
	b.draw = func(top float64) {
		s.Open("g", "class", "lane density", "data-lane", title)
		y := linear(number, 0, float64(sum.most()), top+height, top+4)
		y.upright(&s.Writer, s.axis.from, s.axis.to)
		s.Leaf("path", "class", "tick-best", "d", sum.bars(y))
		s.Close()
	}
	return b
}
