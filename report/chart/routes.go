package chart

import (
	"slices"
	"strconv"
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
	speakers, groups := s.changes("loc-rib", "fib"), s.changes("nic", "")
	var bands []band
	if len(speakers) > mostActors {
		bands = append(bands, s.density("Best-route and FIB changes", "actors", speakers))
	} else if len(speakers) > 0 {
		b := band{title: "Routes", note: "changes of best routes (up) and of FIBs (down); higher: several at once", height: float64(len(speakers)) * tickLane}
		b.draw = func(top float64) {
			for i := range speakers {
				s.routeLane(&speakers[i], top+float64(i)*tickLane)
			}
		}
		bands = append(bands, b)
	}
	if len(groups) > mostActors {
		return append(bands, s.density("NIC changes", "groups of NICs", groups))
	}
	if len(groups) > 0 {
		b := band{title: "NICs", note: "changes of effective routes; higher: several at once", height: float64(len(groups)) * nicLane}
		b.draw = func(top float64) {
			for i := range groups {
				s.nicLane(&groups[i], top+float64(i)*nicLane)
			}
		}
		bands = append(bands, b)
	}
	if len(bands) == 0 {
		bands = append(bands, band{title: "Routes and NICs", note: "nothing changes"})
	}
	return bands
}

// changes counts the changes of one or two tables of routes by actor, of those where
// something changes, in the order of their names.
func (s *sheet) changes(upper, lower string) []actorTally {
	byName := map[string]*actorTally{}
	var all []actorTally
	of := func(name string) *actorTally {
		one := byName[name]
		if one == nil {
			one = &actorTally{name: name, upper: newTally(s.grid), lower: newTally(s.grid)}
			byName[name] = one
		}
		return one
	}
	for i := range s.run.Routes {
		row := &s.run.Routes[i]
		if row.T < s.start || row.T > s.stop {
			continue
		}
		switch row.Table {
		case upper:
			of(row.Actor).upper.add(row.T)
		case lower:
			of(row.Actor).lower.add(row.T)
		}
	}
	for _, one := range byName { // order-free: sorted below
		all = append(all, *one)
	}
	slices.SortFunc(all, func(a, b actorTally) int { return compareNames(a.name, b.name) })
	return all
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

// density draws how much changed at many actors together, in each bin.
func (s *sheet) density(title, what string, all []actorTally) band {
	sum := newTally(s.grid)
	for i := range all {
		for _, t := range []*tally{all[i].upper, all[i].lower} {
			for b, count := range t.n {
				if count > 0 && sum.n[b] == 0 {
					sum.first[b] = t.first[b]
				}
				sum.n[b] += count
				sum.all += int(count)
			}
		}
	}
	const height = 44.0
	per := Seconds(int64((s.high - s.low) / float64(s.bins())))
	b := band{title: title, note: "at " + strconv.Itoa(len(all)) + " " + what + ": " + strconv.Itoa(sum.all) + " in all, as many at once as the bars are high (in " + per + ")", height: height}
	b.draw = func(top float64) {
		s.Open("g", "class", "lane density", "data-lane", title)
		y := linear(number, 0, float64(sum.most()), top+height, top+4)
		y.upright(&s.Writer, s.axis.from, s.axis.to)
		s.Leaf("path", "class", "tick-best", "d", sum.bars(y))
		s.Close()
	}
	return b
}
