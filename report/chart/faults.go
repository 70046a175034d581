package chart

import (
	"strings"

	"dualhome/metrics"
)

// disturbance is a fault or a repair.
type disturbance struct {
	name, what string // the name, and a sentence
	at         int64
}

// failure is a fault and its repair, or a repair of nothing that is known.
type failure struct {
	fault, repair disturbance // the name of either may be empty: it is not there
	ends          int64       // the repair, or the end of what is known
}

// starts gives when a failure begins to show.
func (f *failure) starts() int64 {
	if f.fault.name == "" {
		return f.repair.at
	}
	return f.fault.at
}

// label gives the name of a failure.
func (f *failure) label() string {
	if f.fault.name == "" {
		return f.repair.name
	}
	return f.fault.name
}

// failures gives all faults of a run with their repairs, in the order in which they
// began.
func failures(r *metrics.Result, end int64) []failure {
	var all []failure
	open := map[string]int{} // by the name of the fault
	for i := range r.Disturbances {
		d := &r.Disturbances[i]
		one := disturbance{d.Name, d.String(), int64(d.At)}
		if !d.Repair {
			open[d.Name] = len(all)
			all = append(all, failure{fault: one, ends: end})
			continue
		}
		fault := strings.TrimSuffix(d.Name, "-repair")
		if k, is := open[fault]; is {
			all[k].repair, all[k].ends = one, one.at
			delete(open, fault)
			continue
		}
		all = append(all, failure{repair: one, ends: one.at})
	}
	return all
}

// flag is a failure that is shown, and where.
type flag struct {
	*failure
	from, to float64 // the bar
	text     string
	textAt   float64
	anchor   string

	repairAt     float64 // where it says that it is repaired
	repairAnchor string  // "": there is no room for that

	row   int  // -1: there is no room for it
	begun bool // before the left end
}

const (
	flagRow  = 17.0
	mostRows = 5
	marker   = 9.0 // the room of a flag's triangle
)

// flags gives the band of faults and repairs: in each row bars from fault to repair
// with the name at their beginning; below them a mark for each, named or not.
func (s *sheet) flags() band {
	placed, rows, named := s.placed()
	if len(placed) == 0 {
		return band{height: 14, draw: func(top float64) {
			s.Text("text", "nothing fails", "class", "lane-name", "x", s.axis.from-8, "y", top+11, "text-anchor", "end")
		}}
	}
	faults, repairs := s.tallied()
	height := float64(rows) * flagRow
	if faults.all+repairs.all > mostLines {
		height += 12
	}
	s.legend = append(s.legend, entry{kind: "fault", text: "fault, until its repair"})
	return band{height: height, draw: func(top float64) {
		s.Open("g", "class", "lane faults", "data-lane", "faults")
		s.laneName("faults", top+11)
		if named < len(placed) {
			s.Text("text", decimal(float64(named), 1)+" of "+decimal(float64(len(placed)), 1)+" named", "class", "note", "x", s.axis.from-8, "y", top+24, "text-anchor", "end")
		}
		for i := range placed {
			if placed[i].row >= 0 {
				s.flag(&placed[i], top+float64(placed[i].row)*flagRow)
			}
		}
		if faults.all+repairs.all > mostLines {
			s.Leaf("path", "class", "mark-fault", "d", faults.grown(top+height-5, -6))
			s.Leaf("path", "class", "mark-repair", "d", repairs.grown(top+height-5, 6))
		}
		s.Close()
	}}
}

// placed gives the failures that are shown, each in the first row with room for it.
func (s *sheet) placed() (all []flag, rows, named int) {
	ends := [mostRows]float64{}
	for i := range s.failures {
		f := &s.failures[i]
		if f.ends < s.start || f.starts() > s.stop {
			continue
		}
		one := flag{failure: f, from: s.x(f.starts()), to: s.x(f.ends), begun: f.starts() < s.start, row: -1}
		low, high := s.label(&one)
		for row := range ends {
			if low >= ends[row] {
				one.row, ends[row], rows, named = row, high+6, max(rows, row+1), named+1
				break
			}
		}
		all = append(all, one)
	}
	return all, rows, named
}

// label places the texts of a flag, and gives the room that all of it needs.
func (s *sheet) label(f *flag) (low, high float64) {
	f.text = fitted(f.failure.label(), small, 180)
	width := textWidth(f.text, small)
	f.textAt, f.anchor = f.from+marker, "start"
	repaired := f.fault.name != "" && f.repair.name != "" && f.repair.at <= s.stop
	within := !repaired || f.to-f.from >= width+2*marker
	before := f.from-marker-width >= s.axis.from // beside the fault: beside the repair it would be taken for its name
	if !within && !before {
		f.textAt = f.to + marker
	}
	low, high = f.from-marker/2, max(f.to+marker/2, f.textAt+width)
	if !within && before || f.textAt+width > s.axis.to {
		f.textAt, f.anchor = f.from-marker, "end"
		low, high = f.textAt-width, f.to+marker/2
	}
	word := textWidth("repaired", small)
	switch {
	case !repaired || f.anchor == "end":
	case f.to-f.textAt-width > word+2*marker:
		f.repairAt, f.repairAnchor = f.to-marker, "end"
	case f.textAt+width < f.to && f.to+marker+word < s.axis.to:
		f.repairAt, f.repairAnchor = f.to+marker, "start"
		high = f.repairAt + word
	}
	return low, high
}

// flag draws one with its bar.
func (s *sheet) flag(f *flag, y float64) {
	s.Open("g", "class", "flag", "data-fault", f.failure.label())
	s.Text("title", f.hover())
	s.Leaf("rect", "class", "fault-bar", "x", f.from, "y", y+13, "width", max(f.to-f.from, 1), "height", 3)
	x := f.from
	switch {
	case f.begun:
		s.Leaf("path", "class", "fault-flag", "d", triangle(x+7, y+8, -7, 0))
	case f.fault.name == "":
		s.Leaf("path", "class", "repair-flag", "d", triangle(x, y+12, 0, 8))
	default:
		s.Leaf("path", "class", "fault-flag", "d", triangle(x, y+12, 0, 8))
	}
	s.Text("text", f.text, "class", "flag-name", "x", f.textAt, "y", y+11, "text-anchor", f.anchor)
	if f.fault.name != "" && f.repair.name != "" && f.repair.at <= s.stop {
		s.Leaf("path", "class", "repair-flag", "d", triangle(f.to, y+12, 0, 8))
	}
	if f.repairAnchor != "" {
		s.Text("text", "repaired", "class", "note", "x", f.repairAt, "y", y+11, "text-anchor", f.repairAnchor)
	}
	s.Close()
}

// hover says what a flag stands for.
func (f *failure) hover() string {
	switch {
	case f.fault.name == "":
		return f.repair.what + " at " + Seconds(f.repair.at)
	case f.repair.name == "":
		return f.fault.what + " at " + Seconds(f.fault.at) + ", not repaired"
	}
	return f.fault.what + " at " + Seconds(f.fault.at) + ", repaired at " + Seconds(f.repair.at)
}

// shade shades the time between faults and repairs.
func (s *sheet) shade(top, bottom float64) {
	var edges [][2]float64
	for i := range s.failures {
		f := &s.failures[i]
		if f.ends < s.start || f.starts() > s.stop {
			continue
		}
		from, to := s.x(f.starts()), s.x(f.ends)
		if last := len(edges) - 1; last >= 0 && from < edges[last][1]+1 {
			edges[last][1] = max(edges[last][1], to)
			continue
		}
		edges = append(edges, [2]float64{from, to})
	}
	for _, e := range edges {
		if e[1] > e[0] {
			s.Leaf("rect", "class", "span", "x", e[0], "y", top, "width", e[1]-e[0], "height", bottom-top)
		}
	}
}

// marks draws a line over a band at each fault and repair, unless there are too many
// for that.
func (s *sheet) marks(top, bottom float64) {
	faults, repairs := s.tallied()
	if faults.all+repairs.all > mostLines {
		return
	}
	if faults.all > 0 {
		s.Leaf("path", "class", "fault-line", "d", faults.lines(top, bottom))
	}
	if repairs.all > 0 {
		s.Leaf("path", "class", "repair-line", "d", repairs.lines(top, bottom))
	}
}

// mostLines bounds the lines over bands.
const mostLines = 40

// tallied counts the faults and the repairs.
func (s *sheet) tallied() (faults, repairs *tally) {
	faults, repairs = newTally(s.grid), newTally(s.grid)
	for i := range s.failures {
		if f := &s.failures[i].fault; f.name != "" {
			faults.add(f.at)
		}
		if r := &s.failures[i].repair; r.name != "" {
			repairs.add(r.at)
		}
	}
	return faults, repairs
}
