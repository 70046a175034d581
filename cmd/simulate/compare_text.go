package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dualhome/metrics"
)

// printComparison prints designs side by side: what people read, and all figures as
// data.
func (s *shell) printComparison(c *contrast, worse []string) error {
	d := document{data: c.data(worse)}
	if s.format == "csv" {
		d.show(c.figuresTable())
		return s.render(d)
	}
	d.stressAll(bold, s.wrapped(c.title()))
	d.say(s.wrapped(c.subtitle())...)
	for _, part := range c.beside(s) {
		d.show(part)
	}
	for _, line := range c.legend() {
		d.say(s.wrapped(line)...)
	}
	for _, line := range c.warnings() {
		d.stressAll(red, s.wrapped(line))
	}
	for _, line := range worse {
		d.stressAll(red, s.wrapped("WORSE "+line))
	}
	if s.format == "markdown" {
		d.show(c.figuresTable())
	}
	return s.render(d)
}

func (c *contrast) title() string {
	var others []string
	for _, d := range c.designs[1:] {
		others = append(others, d.name)
	}
	what := "their faults"
	if c.drilled {
		what = fmt.Sprintf("%d drills, one at a time", len(c.designs[0].trials))
		if len(c.designs[0].trials) == 1 {
			what = "one drill"
		}
	}
	first := c.designs[0]
	runs := fmt.Sprintf("%d seeds (%s)", len(first.seeds), seedsText(first.seeds))
	if len(first.seeds) == 1 {
		runs = "one run each"
	}
	return fmt.Sprintf("%s against %s: %s, %s", strings.Join(others, ", "), first.name, what, runs)
}

// subtitle says what the figures are.
func (c *contrast) subtitle() string {
	if c.episodes[0].class == "" {
		return "Time from a fault to the first reaction, and to the last change of tables."
	}
	return "Loss of service: some flow is lost in either direction, from the fault on and after its repair."
}

// measureText names a figure in words.
func measureText(measure string) string {
	switch measure {
	case "outage_ns":
		return "loss for"
	case "equivalent_ns":
		return "full outage"
	case "detection_ns":
		return "detected"
	case "control_ns":
		return "routes settled"
	default:
		return "forwarding settled"
	}
}

// beside gives the table of all designs; where it is wider than the terminal, one for
// as many at a time as fit beside the first.
func (c *contrast) beside(s *shell) []table {
	whole := c.table(s, c.designs[1:])
	if s.format != "table" || s.width() == 0 || whole.width() <= s.width() || len(c.designs) == 2 {
		return []table{whole}
	}
	var parts []table
	for rest := c.designs[1:]; len(rest) > 0; {
		n := len(rest)
		for n > 1 {
			if t := c.table(s, rest[:n]); t.width() <= s.width() {
				break
			}
			n--
		}
		parts, rest = append(parts, c.table(s, rest[:n])), rest[n:]
	}
	return parts
}

// width gives how wide a table of text is.
func (t *table) width() int {
	widest := make([]int, len(t.head))
	for _, row := range append(t.rows, t.head) {
		for i, cell := range row {
			widest[i] = max(widest[i], utf8.RuneCountInString(uncolored(cell)))
		}
	}
	sum := len(widest) - 1
	for _, w := range widest {
		sum += w
	}
	return sum
}

// table puts some of the designs beside the first.
func (c *contrast) table(s *shell, others []*design) table {
	t := table{name: "comparison", head: []string{"", "", c.designs[0].name}}
	for _, d := range others {
		t.head = append(t.head, d.name, "difference")
	}
	fault := ""
	for _, e := range c.episodes {
		if e.fault != fault {
			t.add(append([]string{e.fault}, make([]string, len(t.head)-1)...)...)
			fault = e.fault
		}
		c.rows(s, &t, e, others)
	}
	return t
}

// rows adds those of an episode: one, where nothing is lost.
func (c *contrast) rows(s *shell, t *table, e episode, others []*design) {
	for i, f := range e.figures() {
		row := []string{"", measureText(f.Measure)}
		if i == 0 {
			row[0] = "  " + e.class
		}
		nothing := e.class != ""
		for j, of := range c.columns(f) {
			if j > 0 && !slices.Contains(others, of.design) {
				continue
			}
			nothing = nothing && of.isNothing()
			row = append(row, of.text(e, f, j == 0))
			if j > 0 {
				row = append(row, s.judged(of.Paired, differenceText(of.Paired, true)))
			}
		}
		if nothing {
			row[1] = "nothing lost"
			for j := 4; j < len(row); j += 2 {
				row[j] = ""
			}
		}
		t.add(row...)
		if nothing {
			return
		}
	}
}

// judged paints a difference that is certain: less is better.
func (s *shell) judged(p metrics.Paired, text string) string {
	d := p.Difference
	switch {
	case s.format != "table" || !s.colored() || d.Low == nil:
		return text
	case *d.Low > 0:
		return string(red) + text + noPaint
	case *d.High < 0:
		return string(green) + text + noPaint
	}
	return text
}

// noPaint ends what a paint begins.
const noPaint = "\x1b[0m"

// uncolored takes the paint from a text.
func uncolored(text string) string {
	return strings.NewReplacer(string(red), "", string(green), "", noPaint, "").Replace(text)
}

// isNothing tells whether a design surely lost nothing, in no run.
func (of *column) isNothing() bool {
	return of.trial == nil || of.level.Mean.Value != nil && *of.level.Mean.Value == 0
}

// text writes the figure of a design, with its interval that of the first.
func (of *column) text(e episode, f metrics.Figure, interval bool) string {
	mean := of.level.Mean
	switch {
	case of.trial == nil:
		return ""
	case mean.Value == nil && e.class != "" && of.level.Nulls > 0:
		return of.trial.missing(e, of.level)
	case mean.Value == nil:
		return "-"
	case *mean.Value == 0 && e.class != "":
		return "-" + of.trial.footmarks(e, f)
	}
	half := halfOf(mean)
	text := fixed(*mean.Value, *mean.Value, half)
	if interval && half > 0 {
		text += " ±" + fixed(half, *mean.Value, half)
	}
	return text + " s" + inSome(of.level.N, of.level.Nulls) + of.trial.footmarks(e, f)
}

// inSome says of how many a figure is, where it is not of all.
func inSome(n, others int) string {
	if others == 0 {
		return ""
	}
	return fmt.Sprintf(" in %d of %d", n, n+others)
}

// missing says of how many runs there is no figure, and so no mean: all are open, that
// is not restored, or for other reasons too.
func (t *trial) missing(e episode, l metrics.Level) string {
	what := "unknown"
	if m := t.marks[mark{e.fault, e.class, open}]; m != nil && m.runs == l.Nulls {
		what = "open"
	}
	return fmt.Sprintf("%s in %d of %d", what, l.Nulls, l.N+l.Nulls)
}

// footmarks gives the marks of what the legend explains, beside how long a loss lasts.
func (t *trial) footmarks(e episode, f metrics.Figure) (marks string) {
	if f.Measure != "outage_ns" {
		return ""
	}
	for what, sign := range []string{outlasted: "*", uninspected: "!"} {
		if t.marks[mark{e.fault, e.class, note(what)}] != nil {
			marks += sign
		}
	}
	return marks
}

// halfOf gives half of an interval; 0, where there is none. The upper end of a mean is
// never cut.
func halfOf(e metrics.Estimate) float64 {
	if e.High == nil {
		return 0
	}
	return *e.High - *e.Value
}

// differenceText writes a difference, with a sign or without.
func differenceText(p metrics.Paired, signed bool) string {
	d, half, some := p.Difference, halfOf(p.Difference), inSome(p.N, p.OnlyA+p.OnlyB+p.Neither)
	switch {
	case d.Value == nil:
		return ""
	case *d.Value == 0 && half == 0:
		return "equal" + some
	}
	text := fixed(*d.Value, *d.Value, half)
	if signed && *d.Value >= 0 {
		text = "+" + text
	}
	if half > 0 {
		text += " ±" + fixed(half, *d.Value, half)
	}
	return text + " s" + some
}

// fixed writes nanoseconds as seconds, as exactly as two digits of the half of their
// interval are; where there is none, to the millisecond below ten seconds, else to a
// tenth.
func fixed(ns, like, half float64) string {
	digits := 1
	switch {
	case half > 0:
		digits = min(max(1, 1-int(math.Floor(math.Log10(half/float64(time.Second))))), 6)
	case math.Abs(like) < 10*float64(time.Second):
		digits = 3
	}
	return strconv.FormatFloat(ns/float64(time.Second), 'f', digits, 64)
}
