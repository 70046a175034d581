package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	flowHeight = 44.0
	flowGap    = 16.0
	mostFlows  = 16 // lanes of traffic
)

// traffic gives the band of what is delivered and lost, by class and direction.
func (s *sheet) traffic() []band {
	flows, note := s.flows()
	if len(flows) == 0 && note == "" {
		return nil
	}
	height := flowHeight
	if s.opts.Brief || len(flows) > 8 {
		height = 34
	}
	b := band{title: "Traffic, % of what is offered", note: note, height: float64(len(flows)) * (height + flowGap)}
	s.explain(flows)
	for i := range flows {
		s.words = append(s.words, flows[i].words(s))
	}
	b.draw = func(top float64) {
		for i := range flows {
			s.lane(&flows[i], top+float64(i)*(height+flowGap)+4, height)
		}
	}
	return []band{b}
}

// flows gives what is shown: each class and direction, or all classes together where
// they are many; of a part of the run those where something changes or is lost.
func (s *sheet) flows() (shown []flow, note string) {
	all := streams(s.run.Traffic)
	if len(all) > mostFlows {
		return s.sums(all)
	}
	quiet := 0
	for _, one := range all {
		f := s.flow(one)
		if !s.whole() && f.steady() {
			quiet++
			continue
		}
		shown = append(shown, f)
	}
	if quiet > 0 && len(shown) == 0 {
		return nil, "nothing changes and nothing is lost"
	}
	if quiet > 0 {
		note = "nothing changes in " + strconv.Itoa(quiet) + " more"
	}
	return shown, note
}

// sums gives all classes together, by direction.
func (s *sheet) sums(all []stream) (shown []flow, note string) {
	directions := []string{}
	of := map[string][]stream{}
	for _, one := range all {
		if of[one.direction] == nil {
			directions = append(directions, one.direction)
		}
		of[one.direction] = append(of[one.direction], one)
	}
	for _, d := range directions {
		f := s.together(of[d], "all "+strconv.Itoa(len(of[d]))+" classes", d)
		shown = append(shown, f)
	}
	return shown, "all classes together, by bit/s"
}

// explain adds the hubs and the loss to the legend.
func (s *sheet) explain(flows []flow) {
	used, direct, loss := map[string]bool{}, false, false
	for i := range flows {
		for k, hub := range flows[i].hubs {
			for _, p := range flows[i].pieces {
				used[hub] = used[hub] || p.v[k] > 0
			}
		}
		for _, p := range flows[i].pieces {
			loss = loss || flows[i].lost(p) > 0
		}
	}
	for _, h := range s.hubs {
		if used[h.Hub] {
			s.legend = append(s.legend, entry{kind: "area " + h.Class, text: "delivered via " + h.Hub})
		}
	}
	if direct = used[""]; direct {
		s.legend = append(s.legend, entry{kind: "area " + noHub, text: "delivered without a hub"})
	}
	if loss {
		s.legend = append(s.legend, entry{kind: "loss", text: "lost"}, entry{kind: "strip", text: "something is lost then, however little"})
	}
}

// lane draws a class and direction: the shares of hubs from below, then those of
// causes of loss, and above them a strip wherever anything is lost.
func (s *sheet) lane(f *flow, top, height float64) {
	s.Open("g", "class", "lane flow", "data-class", f.class, "data-direction", f.direction)
	s.named(f.class, s.axis.from-34, top+height/2-1, s.axis.from-38)
	s.Text("text", f.direction, "class", "note", "x", s.axis.from-34, "y", top+height/2+12, "text-anchor", "end")
	y := linear(share, 0, 1, top+height, top)
	s.Leaf("rect", "class", "plot", "x", s.axis.from, "y", top, "width", s.axis.to-s.axis.from, "height", height)
	for i, hub := range f.hubs {
		s.Leaf("path", "class", "area "+classOf(s.hubs, hub), "data-hub", hubName(hub), "d", area(f.pieces, y, f.level(i), f.level(i+1)))
	}
	for i, cause := range f.causes {
		k := len(f.hubs) + i
		s.Leaf("path", "class", "area lost", "fill", s.pattern("loss"), "data-cause", cause, "d", area(f.pieces, y, f.level(k), f.level(k+1)))
	}
	s.Leaf("path", "class", "strip", "d", f.strip(top-4))
	y.upright(&s.Writer, s.axis.from, s.axis.from)
	for i, hub := range f.hubs {
		s.labels(f, y, i, hubName(hub), "area-name")
	}
	for i, cause := range f.causes {
		s.labels(f, y, len(f.hubs)+i, cause, "area-name loss-name")
	}
	s.Close()
}

func hubName(hub string) string {
	if hub == "" {
		return "no hub"
	}
	return hub
}

// strip gives the path of marks over all pieces in which something is lost.
func (f *flow) strip(top float64) string {
	var b strings.Builder
	for i := 0; i < len(f.pieces); i++ {
		if f.lost(f.pieces[i]) == 0 {
			continue
		}
		from := f.pieces[i].from
		for i+1 < len(f.pieces) && f.lost(f.pieces[i+1]) > 0 {
			i++
		}
		b.WriteString(box(from, max(f.pieces[i].to, from+tickWidth), top, 3))
	}
	return b.String()
}

// labels writes the name of a figure into its area, in the widest places where it has
// room: three at most, and none close to another.
func (s *sheet) labels(f *flow, y axis, figure int, name, class string) {
	name = fitted(name, small, 200)
	width := textWidth(name, small) + 8
	var at []float64
	for _, p := range f.places(y, figure, width) {
		x := (p.from + p.to) / 2
		if len(at) == 3 || slices.ContainsFunc(at, func(other float64) bool { return math.Abs(other-x) < 150 }) {
			continue
		}
		at = append(at, x)
		s.Text("text", name, "class", class, "x", x, "y", p.y+4, "text-anchor", "middle")
	}
}
