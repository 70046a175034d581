package chart

import (
	"strconv"
	"strings"

	"dualhome/report/svg"
)

// What is counted where there are many sessions; the figures of the course.
const (
	bothUp = iota // sessions that are established at both ends
	someUp        // at one end at least
	countFigures
)

// sessionCounts gives a band with the number of established sessions over time.
func (s *sheet) sessionCounts(all []beat, pairs []pair) []band {
	pieces := s.counted(all, pairs)
	const height = 56.0
	b := band{title: "BGP sessions", note: "how many of " + strconv.Itoa(len(pairs)) + " are established", height: height}
	s.legend = append(s.legend, entry{kind: "up", text: "established at both ends"}, entry{kind: "mixed", text: "at one end only"})
	b.draw = func(top float64) {
		s.Open("g", "class", "lane session-counts", "data-lane", "sessions")
		y := linear(number, 0, float64(len(pairs)), top+height, top+4)
		y.upright(&s.Writer, s.axis.from, s.axis.to)
		zero := func(piece) float64 { return 0 }
		both := func(p piece) float64 { return p.v[bothUp] }
		some := func(p piece) float64 { return p.v[someUp] }
		s.Leaf("path", "class", "end-mixed", "fill", s.pattern("mixed"), "d", area(pieces, y, both, some))
		s.Leaf("path", "class", "end-up", "d", area(pieces, y, zero, both))
		s.Close()
	}
	return []band{b}
}

// counted follows how many sessions are up.
func (s *sheet) counted(all []beat, pairs []pair) []piece {
	c := newCourse(s.grid, countFigures)
	type state struct{ up, gone [2]bool }
	states := make(map[pair]*state, len(pairs))
	of := map[string][]pair{}
	for _, p := range pairs {
		states[p] = &state{}
		of[p[0]], of[p[1]] = append(of[p[0]], p), append(of[p[1]], p)
	}
	now := [countFigures]float64{}
	change := func(p pair, how func(*state)) {
		one := states[p]
		weigh := func(by float64) {
			a, b := one.up[0] && !one.gone[0], one.up[1] && !one.gone[1]
			if a && b {
				now[bothUp] += by
			}
			if a || b {
				now[someUp] += by
			}
		}
		weigh(-1)
		how(one)
		weigh(1)
	}
	for i := range all {
		b := &all[i]
		if b.t > s.stop {
			break
		}
		if b.peer == "" {
			for _, p := range of[b.actor] {
				change(p, func(one *state) {
					for k, actor := range p {
						one.gone[k] = one.gone[k] && actor != b.actor || actor == b.actor && !b.on
					}
				})
			}
		} else {
			p, k := pairOf(b.actor, b.peer)
			change(p, func(one *state) { one.up[k] = b.on })
		}
		c.to(b.t, now[:])
	}
	return c.end()
}

// area gives the path of the area between two figures of pieces; where there is none
// between them, the path is interrupted.
func area(pieces []piece, y axis, low, high func(piece) float64) string {
	var b strings.Builder
	for i := 0; i < len(pieces); i++ {
		if high(pieces[i]) <= low(pieces[i]) {
			continue
		}
		first := i
		for i+1 < len(pieces) && high(pieces[i+1]) > low(pieces[i+1]) {
			i++
		}
		outline(&b, pieces[first:i+1], y, low, high)
	}
	return b.String()
}

// outline goes along the upper edge of pieces, and back along the lower.
func outline(b *strings.Builder, pieces []piece, y axis, low, high func(piece) float64) {
	last := len(pieces) - 1
	at := svg.Number(y.at(high(pieces[0])))
	b.WriteString("M" + n(pieces[0].from) + " " + at)
	for _, p := range pieces[1:] {
		if next := n(y.at(high(p))); next != at {
			b.WriteString("H" + n(p.from) + "V" + next)
			at = next
		}
	}
	at = n(y.at(low(pieces[last])))
	b.WriteString("H" + n(pieces[last].to) + "V" + at)
	for i := last - 1; i >= 0; i-- {
		if next := n(y.at(low(pieces[i]))); next != at {
			b.WriteString("H" + n(pieces[i].to) + "V" + next)
			at = next
		}
	}
	b.WriteString("H" + n(pieces[0].from) + "z")
}
