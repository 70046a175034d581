package diagram

import (
	"math"
	"slices"

	"dualhome/scenarios"
)

// Routers of plain networks stand in layers, providers above customers, where links
// have business relations, and else as is natural for who is joined to whom: in a row,
// on rings around the first one, or on a circle.

// few is the number of routers up to which each is a box with its AS in it. More are
// dots, with their names beside.
const few = 16

// related tells whether links have business relations.
func (t things) related() bool {
	return slices.ContainsFunc(t.s.Links, func(l scenarios.Link) bool { return l.Relation != "none" && l.Relation != "" })
}

// layers gives the tiers of routers with business relations.
func (t things) layers() []*tier {
	if !t.related() {
		return nil
	}
	rank := t.ranks()
	rows := make([][]*block, slices.Max(rank)+1)
	for i, r := range t.s.Routers {
		rows[rank[i]] = append(rows[rank[i]], &block{box: t.router(r)})
	}
	var all []*tier
	for _, row := range rows {
		all = append(all, inTiers(row)...)
	}
	return all
}

// ranks gives the layer of each router: one below the lowest of its providers.
func (t things) ranks() []int {
	at := map[string]int{}
	for i, r := range t.s.Routers {
		at[r.Name] = i
	}
	rank := make([]int, len(at))
	for range t.s.Routers { // providers of each other end it
		settled := true
		for _, l := range t.s.Links {
			if a, b := at[l.Between[0]], at[l.Between[1]]; l.Relation == "provider" && rank[b] <= rank[a] {
				rank[b], settled = rank[a]+1, false
			}
		}
		if settled {
			break
		}
	}
	return rank
}

func (t things) router(r scenarios.Router) *box {
	text := linesOfRouter(r)
	short := text
	if len(t.s.Routers) > 3*few {
		short = text[:1]
	}
	b := t.one(r.Name, "router", short)
	b.about, b.chips[0].about = about(text), about(text)
	return b
}

// plain places routers without business relations, around a place of their own.
func (p *plan) plain(t things) []*box {
	if len(t.s.Routers) == 0 || t.related() {
		return nil
	}
	g := graphOf(t.s)
	var all []*box
	for _, r := range t.s.Routers {
		b := t.router(r)
		b.free = true
		all = append(all, b)
	}
	switch order := g.chain(); {
	case order != nil:
		serpentine(all, order)
	case g.isTree():
		g.rings(all)
	default:
		circle(all, g)
	}
	for _, b := range all {
		p.add(b)
	}
	return all
}

// circle places routers on a circle, in their order: so large that no line passes
// behind a third one, if it need not be too large for that.
func circle(all []*box, g graph) {
	if len(all) <= few && onCircle(all, g, 110, 330) {
		return
	}
	if len(all) > 1 {
		for _, b := range all {
			b.dot()
		}
		onCircle(all, g, 200, 400)
	}
}

// onCircle tells whether there was a radius for that.
func onCircle(all []*box, g graph, radius, most float64) bool {
	n := float64(len(all))
	for _, b := range all {
		radius = max(radius, n*(max(b.w, b.h)+6)/(2*math.Pi))
	}
	for ; ; radius += 10 {
		for i, b := range all {
			b.around(radius, float64(i)/n*360)
		}
		if g.clear(all) {
			return true
		}
		if radius >= most {
			return false
		}
	}
}

// clear tells whether no line passes behind a router that it does not lead to.
func (g graph) clear(all []*box) bool {
	for i, to := range g {
		for _, j := range to {
			for k, b := range all {
				if k != i && k != j && j > i && b.crossedBy(all[i], all[j]) {
					return false
				}
			}
		}
	}
	return true
}

// crossedBy tells whether the line between two boxes comes near a third.
func (b *box) crossedBy(x, y *box) bool {
	const steps = 100
	for i := range steps {
		at := float64(i) / steps
		dx, dy := x.centerX()+at*(y.centerX()-x.centerX())-b.centerX(), x.centerY()+at*(y.centerY()-x.centerY())-b.centerY()
		if math.Abs(dx) < b.w/2+2 && math.Abs(dy) < b.h/2+2 {
			return true
		}
	}
	return false
}

// dot makes a box a dot with its name beside it.
func (b *box) dot() {
	b.w, b.h = 10, 10
	b.chips[0].beside = true
}

// around puts a box at a distance from the origin, at an angle in degrees from the top
// clockwise.
func (b *box) around(radius, angle float64) {
	sin, cos := math.Sincos(angle * math.Pi / 180)
	x, y := math.Round(100*radius*sin)/100, math.Round(-100*radius*cos)/100
	b.chips[0].turned = angle
	b.move(x-b.w/2, y-b.h/2)
}

// labelWidth is how long a name beside a dot is at most.
const labelWidth = 110

// reach gives how far a name beside a dot reaches.
func (b *box) reach() float64 {
	if !b.chips[0].beside {
		return 0
	}
	return 6 + min(width(b.name, noteSize, false), labelWidth)
}

// serpentine places routers in rows, the way back below the way there.
func serpentine(all []*box, order []int) {
	w, h := 0.0, 0.0
	for _, b := range all {
		w, h = max(w, b.w), max(h, b.h)
	}
	w, h = w+44, h+44
	per := max(2, int(mostWidth/w))
	per = min(per, len(all))
	for i, at := range order {
		row, col := i/per, i%per
		if row%2 == 1 {
			col = per - 1 - col
		}
		b := all[at]
		b.move((float64(col)-float64(per-1)/2)*w-b.w/2, float64(row)*h-b.h/2)
	}
}
