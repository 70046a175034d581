package chart

import (
	"math"
	"strconv"

	"dualhome/report/svg"
)

// unit is what the values of an axis are.
type unit uint8

const (
	number        unit = iota // without a unit
	nanoseconds               // shown in µs, ms, s, min or h
	bitsPerSecond             // shown in bit/s to Tbit/s
	octets                    // shown in B to PB
	share                     // 1 is shown as 100 %
	counts                    // shown in millions and more where they are that many
)

// measure is a unit in which values are shown, and how many of the values make one.
type measure struct {
	name string
	of   float64
}

// measures gives the units in which the values of u may be shown, from the smallest.
func (u unit) measures() []measure {
	switch u {
	case nanoseconds:
		return []measure{{"ns", 1}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}}
	case bitsPerSecond:
		return []measure{{"bit/s", 1}, {"kbit/s", 1e3}, {"Mbit/s", 1e6}, {"Gbit/s", 1e9}, {"Tbit/s", 1e12}}
	case octets:
		return []measure{{"B", 1}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"PB", 1e15}}
	case share:
		return []measure{{"%", 0.01}}
	case counts:
		return []measure{{"", 1}, {"million", 1e6}, {"billion", 1e9}, {"trillion", 1e12}}
	default:
		return []measure{{"", 1}}
	}
}

// shownIn gives the unit that suits values up to most: the largest that most holds
// once, but that minutes begin at 100 and hours at 10: times of a run are compared with
// those of its summary, which are in seconds.
func (u unit) shownIn(most float64) measure {
	all := u.measures()
	best := all[0]
	for _, m := range all[1:] {
		least := m.of
		switch m.name {
		case "min":
			least = 100 * m.of
		case "h":
			least = 10 * m.of
		}
		if most >= least {
			best = m
		}
	}
	return best
}

// axis maps values to coordinates, and knows the round values between its ends.
type axis struct {
	low, high float64 // the values at its ends
	from, to  float64 // the coordinates of its ends; of a vertical axis from is the larger
	log       bool    // low and high are above zero
	shown     measure
}

// linear gives the axis of values from low to high between two coordinates.
func linear(u unit, low, high, from, to float64) axis {
	if high <= low {
		high = low + 1
	}
	return axis{low: low, high: high, from: from, to: to, shown: u.shownIn(max(math.Abs(low), math.Abs(high)))}
}

// logarithmic gives the same with equal factors as equal ways. Low must be above zero.
func logarithmic(u unit, low, high, from, to float64) axis {
	if high <= low {
		high = 10 * low
	}
	return axis{low: low, high: high, from: from, to: to, log: true, shown: u.shownIn(high)}
}

// at gives the coordinate of a value. One beyond an end lies beyond it.
func (a axis) at(v float64) float64 {
	part := (v - a.low) / (a.high - a.low)
	if a.log {
		part = math.Log(v/a.low) / math.Log(a.high/a.low)
	}
	return a.from + part*(a.to-a.from)
}

// within gives the coordinate of a value, or that of the nearer end.
func (a axis) within(v float64) float64 { return a.at(min(max(v, a.low), a.high)) }

// widened gives an axis whose ends are round, with at most so many ticks.
func (a axis) widened(most int) axis {
	if !a.log {
		step := a.step(most)
		a.low, a.high = math.Floor(a.low/step+1e-9)*step, math.Ceil(a.high/step-1e-9)*step
	}
	return a
}

// tick is a round value of an axis.
type tick struct {
	value float64
	at    float64 // its coordinate
	text  string  // without the unit
}

// ticks gives at most so many round values between the ends, from the lowest.
func (a axis) ticks(most int) []tick {
	if a.log {
		if all := a.logTicks(most); len(all) > 1 {
			return all
		}
	}
	step := a.step(most)
	var all []tick
	for i := math.Ceil(a.low/step - 1e-9); i*step <= a.high+step*1e-9; i++ {
		all = append(all, a.tick(i*step, step))
	}
	return all
}

func (a axis) tick(v, step float64) tick {
	return tick{v, a.within(v), decimal(v/a.shown.of, step/a.shown.of)}
}

// step gives the way between at most so many round values: 1, 2 or 5 of a power of
// ten of the shown unit, of minutes and hours also what divides 60 and 24.
func (a axis) step(most int) float64 {
	most = max(most, 2)
	least := (a.high - a.low) / a.shown.of / float64(most)
	power := math.Pow(10, math.Floor(math.Log10(least)))
	steps := []float64{power, 2 * power, 5 * power, 10 * power, 20 * power, 50 * power}
	switch {
	case a.shown.name == "min" && least > 1:
		steps = []float64{2, 5, 10, 15, 30, 60, 120, 240}
	case a.shown.name == "h" && least > 1:
		steps = []float64{2, 3, 6, 12, 24}
	}
	for _, s := range steps {
		if s *= a.shown.of; a.rounds(s) <= float64(most) {
			return s
		}
	}
	last := steps[len(steps)-1]
	return math.Ceil(2*least/last) * last * a.shown.of
}

// rounds counts the multiples of a step between the ends.
func (a axis) rounds(step float64) float64 {
	return math.Floor(a.high/step+1e-9) - math.Ceil(a.low/step-1e-9) + 1
}

// logTicks gives powers of ten, and 2 and 5 of them where there is room.
func (a axis) logTicks(most int) []tick {
	for _, factors := range [][]float64{{1, 2, 5}, {1, 3}, {1}} {
		if all := a.decades(factors, 1); len(all) <= most {
			return all
		}
	}
	for every := 2.0; ; every++ {
		if all := a.decades([]float64{1}, every); len(all) <= max(most, 2) {
			return all
		}
	}
}

// decades gives the ticks of some factors at every such power of ten.
func (a axis) decades(factors []float64, every float64) (all []tick) {
	low, high := a.low/a.shown.of, a.high/a.shown.of
	for p := every * math.Floor(math.Log10(low)/every); p <= math.Log10(high)+1e-9; p += every {
		for _, f := range factors {
			v := f * math.Pow(10, p)
			if v >= low*(1-1e-9) && v <= high*(1+1e-9) {
				all = append(all, a.tick(v*a.shown.of, math.Pow(10, p)*a.shown.of))
			}
		}
	}
	return all
}

// title gives what stands beside an axis: what it shows, and in which unit.
func (a axis) title(what string) string {
	if a.shown.name == "" {
		return what
	}
	return what + " (" + a.shown.name + ")"
}

// across draws a horizontal axis at y: ticks with their values below, a line of the
// grid up to top for each, and the title in the middle below. It needs 40 below y.
func (a axis) across(w *svg.Writer, y, top float64, title string) {
	a.titled(w, y, top, a.title(title))
}

// titled is across with a title that names the unit itself.
func (a axis) titled(w *svg.Writer, y, top float64, title string) {
	w.Open("g", "class", "axis")
	w.Leaf("line", "class", "axis-line", "x1", a.from, "y1", y, "x2", a.to, "y2", y)
	for _, t := range a.ticks(int(math.Abs(a.to-a.from) / 80)) {
		w.Leaf("line", "class", "grid", "x1", t.at, "y1", top, "x2", t.at, "y2", y+4)
		w.Text("text", t.text, "class", "tick", "x", t.at, "y", y+17, "text-anchor", "middle")
	}
	w.Text("text", title, "class", "axis-title", "x", (a.from+a.to)/2, "y", y+34, "text-anchor", "middle")
	w.Close()
}

// upright draws a vertical axis at x: ticks with their values to the left, and a line
// of the grid to the right end for each. Its title is for the caller to place.
func (a axis) upright(w *svg.Writer, x, right float64) {
	w.Open("g", "class", "axis")
	w.Leaf("line", "class", "axis-line", "x1", x, "y1", a.from, "x2", x, "y2", a.to)
	for _, t := range a.ticks(max(int(math.Abs(a.to-a.from)/24), 2)) {
		w.Leaf("line", "class", "grid", "x1", x-4, "y1", t.at, "x2", right, "y2", t.at)
		w.Text("text", t.text, "class", "tick", "x", x-7, "y", t.at+4, "text-anchor", "end")
	}
	w.Close()
}

// decimal gives a round value with the decimals that its step needs, and the true
// minus sign.
func decimal(v, step float64) string {
	places := 0
	for s := step; places < 12 && math.Abs(s-math.Round(s)) > 1e-6*s; s *= 10 {
		places++
	}
	text := strconv.FormatFloat(math.Abs(v), 'f', places, 64)
	if v < -step/2 {
		return "−" + text
	}
	return text
}

// textWidth estimates how wide text of a size is, rather too wide than too narrow.
func textWidth(text string, size float64) float64 {
	em := 0.0
	for _, r := range text {
		switch {
		case r >= 0x1100: // East Asian and symbols
			em += 1.05
		case r == 'm' || r == 'w' || r == 'M' || r == 'W' || r == '%' || r == '@':
			em += 0.92
		case r >= 'A' && r <= 'Z':
			em += 0.7
		case r == 'i' || r == 'j' || r == 'l' || r == 't' || r == 'f' || r == 'r' || r == ' ' || r == '.' || r == ',' || r == ':' || r == '|' || r == '/' || r == '(' || r == ')':
			em += 0.4
		default:
			em += 0.6
		}
	}
	return em * size
}

// fitted gives text, or as much of it as fits in a width, with an ellipsis.
func fitted(text string, size, width float64) string {
	if textWidth(text, size) <= width {
		return text
	}
	runes := []rune(text)
	for n := len(runes) - 1; n > 0; n-- {
		if short := string(runes[:n]) + "…"; textWidth(short, size) <= width {
			return short
		}
	}
	return ""
}
