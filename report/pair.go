package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"dualhome/metrics"
	"dualhome/report/chart"
	"dualhome/report/diagram"
	"dualhome/scenarios"
)

// PairData is what the page of two runs shows, side by side. The texts are those of the
// summaries.
type PairData struct {
	Title    string
	Headline []Sentence
	Differ   Table  // what is not the same of the runs: scenario, seed, version
	Same     string // what is
	A, B     PairRun
	Tables   []Table // figures of both, matched, with their differences
	Assumed  Table   // assumptions that are not the same
	Alike    int     // how many assumptions are
	Commands []string
	Texts    [][2]string // of the scenarios
}

// PairRun is one of two runs.
type PairRun struct {
	Name     string // A or B, and what it is
	Scenario *scenarios.Scenario
	Measured *metrics.Result
	End      int64 // ns: how far the run came
}

// Pair writes the page of two runs.
func Pair(w io.Writer, d PairData) error {
	p := newPage(d.Title)
	p.styles = append(p.styles, sweepStyle)
	p.headline(d.Headline...)
	p.table(d.Differ)
	p.text("p", d.Same, "class", "note")
	p.section("networks", "The networks")
	p.begin("div", "class", "pictures")
	for i, r := range d.runs() {
		p.begin("div", "class", "side")
		p.text("h3", r.Name)
		pic, err := diagram.Of(r.Scenario).SVG()
		if err != nil {
			p.text("p", err.Error(), "class", "empty")
		} else {
			p.picture("topology-"+side(i), pic)
		}
		p.end()
	}
	p.end()
	p.end()
	p.times(&d)
	p.section("figures", "Side by side")
	p.words(wordsOfRuns)
	for _, t := range d.Tables {
		p.table(t)
	}
	p.end()
	p.section("assumptions", "What is assumed otherwise")
	p.table(d.Assumed)
	p.text("p", fmt.Sprintf("%d assumptions are the same in both; the page of each run has them, with their sources.", d.Alike), "class", "note")
	p.end()
	p.provenance(Provenance{Commands: d.Commands, Texts: d.Texts})
	return p.write(w)
}

func (d *PairData) runs() []*PairRun { return []*PairRun{&d.A, &d.B} }

// side names a run in ids.
func side(i int) string { return string(rune('a' + i)) }

// stretch is a part of both runs, on one scale: as long in one as in the other.
type stretch struct {
	name  string
	from  [2]int64 // ns: where it begins in each
	long  int64    // ns
	about string   // the disturbance that time is counted from; empty: the start
}

// stretches gives the whole runs, as far as both go, and each disturbance that is in
// both, from as long before it to as long after it.
func (d *PairData) stretches() []stretch {
	all := []stretch{{name: "both runs", long: min(d.A.End, d.B.End)}}
	others := chart.Windows(d.B.Measured, d.B.End)
	for _, a := range chart.Windows(d.A.Measured, d.A.End) {
		at := slices.IndexFunc(others, func(b chart.Window) bool { return b.Name == a.Name })
		if at < 0 || len(all) > mostStretches {
			continue
		}
		b := others[at]
		before := min(max(a.At-a.From, b.At-b.From), a.At, b.At)
		after := min(max(a.To-a.At, b.To-b.At), d.A.End-a.At, d.B.End-b.At)
		if after > 0 {
			all = append(all, stretch{a.Name, [2]int64{a.At - before, b.At - before}, before + after, a.Name})
		}
	}
	return all
}

// mostStretches bounds the pictures of single disturbances.
const mostStretches = 8

// times writes what happened over time, one run above the other on one scale.
func (p *page) times(d *PairData) {
	p.section("timeline", "Over time, on one scale")
	var all []tab
	for k, s := range d.stretches() {
		all = append(all, tab{name: s.name, fill: func() {
			for i, r := range d.runs() {
				id := "timeline-" + side(i) + "-" + strconv.Itoa(k)
				p.text("h4", r.Name)
				p.picture(id, chart.Timeline(r.Measured, s.from[i], s.from[i]+s.long, chart.TimelineOptions{ID: id, About: s.about, Reached: r.End}))
			}
		}})
	}
	p.tabs("over", "Which time", all)
	if d.A.End != d.B.End {
		p.text("p", "The runs are not as long as each other: what only one of them has is not drawn.", "class", "note")
	}
	p.end()
}
