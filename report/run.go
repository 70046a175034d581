package report

import (
	_ "embed" // the style and script of the page
	"io"
	"strconv"

	"dualhome/metrics"
	"dualhome/report/chart"
	"dualhome/report/diagram"
	"dualhome/scenarios"
)

var (
	//go:embed run.css
	runStyle string
	//go:embed run.js
	runScript string
)

// RunData is what the page of a run shows. The texts are those of the summary.
type RunData struct {
	Title      string
	Headline   []Sentence
	Figures    []Figure
	Scenario   *scenarios.Scenario
	Measured   *metrics.Result
	Fabric     []Physical
	End        int64 // ns: how far the run came
	Focus      int64 // ns: the instant that is shown first
	Folder     string
	Told       []Told
	Budgets    []chart.BudgetBar // of the disturbances that cost something
	Expected   Table
	Diagnoses  []string
	Violations []string
	Tables     []Table // of all disturbances together

	Assumptions []Assumption
	Provenance  Provenance
}

// Told is what followed from a disturbance, in words.
type Told struct {
	Title   string
	Lines   []string
	Impacts Table
}

// Run writes the page of a run.
func Run(w io.Writer, d RunData) error {
	p := newPage(d.Title, runScript)
	p.styles = append(p.styles, runStyle)
	p.headline(d.Headline...)
	p.figures(d.Figures...)
	held, left := momentsOf(&d)
	p.begin("div", "class", "now")
	p.slider()
	p.network(&d)
	p.timeline(&d)
	p.states(left)
	p.end()
	p.budget(&d)
	p.told(&d)
	p.expected(&d)
	p.assumed(d.Assumptions)
	p.provenance(d.Provenance)
	if err := p.data(held); err != nil {
		return err
	}
	return p.write(w)
}

// slider writes the controls of the instant that is shown.
func (p *page) slider() {
	p.begin("div", "class", "slider live", "role", "group", "aria-label", "The instant that is shown")
	p.text("button", "◀ before", "id", "prev", "type", "button", "title", "the change before (k)")
	p.leaf("input", "type", "range", "id", "time", "min", "0", "max", strconv.Itoa(sliderSteps), "value", "0", "step", "1", "aria-label", "time", "title", "arrow keys go from change to change")
	p.text("button", "next ▶", "id", "next", "type", "button", "title", "the next change (j)")
	p.begin("span", "class", "exact")
	p.text("output", "", "id", "time-exact", "for", "time")
	p.text("label", "go to", "for", "time-input", "class", "note")
	p.leaf("input", "type", "text", "id", "time-input", "size", "14", "inputmode", "decimal", "autocomplete", "off", "aria-describedby", "time-range")
	p.end()
	p.text("span", "", "id", "time-range", "class", "note")
	p.end()
}

// sliderSteps is how fine the slider is; it can be set to any nanosecond besides.
const sliderSteps = 2000

// network writes the topology, and beside it what becomes of the traffic.
func (p *page) network(d *RunData) {
	p.section("network", "The network")
	p.begin("div", "class", "beside")
	p.begin("div")
	pic, err := diagram.Of(d.Scenario).SVG()
	if err != nil {
		p.text("p", err.Error(), "class", "empty")
	} else {
		p.picture("topology", pic)
		p.text("p", "", "id", "legend", "class", "note live")
	}
	p.end()
	p.begin("div", "class", "live")
	p.begin("p", "class", "controls")
	p.text("label", "drawn: ", "for", "flow")
	p.begin("select", "id", "flow")
	p.text("option", "all traffic", "value", "all")
	p.end()
	p.end()
	p.state("state-traffic", "Traffic at this instant", "class", "direction", "via", "delivered=delivered_bps#", "lost=lost_bps#", "cause", "path")
	p.text("h3", "What happens at this instant")
	p.begin("ul", "id", "changes")
	p.end()
	p.end()
	p.end()
	p.end()
}

// states writes the tables of the sessions and of the routes at the instant, which the
// script fills.
func (p *page) states(left []omission) {
	p.section("state", "Sessions and routes")
	for _, o := range left {
		p.text("p", o.String(), "class", "empty")
	}
	p.text("p", "Scripts are off, so that no instant can be chosen. The pictures and the tables below are those of the whole run.", "class", "empty without")
	p.begin("div", "class", "live")
	p.begin("p", "class", "controls")
	p.text("label", "of ", "for", "state-actor")
	p.begin("select", "id", "state-actor")
	p.text("option", "all actors", "value", "all")
	p.end()
	p.end()
	p.begin("div", "class", "halves")
	p.state("state-sessions", "BGP sessions, as each end sees them", "actor", "peer", "state", "since=t_ns#", "reason")
	p.state("state-routes", "Best routes (loc-rib), forwarding (fib) and effective routes of NICs (nic)", "actor", "table", "prefix", "next hops=next_hops", "AS path=as_path", "from")
	p.end()
	p.end()
	p.end()
}

// state writes the frame of a table that the script fills.
func (p *page) state(id, caption string, columns ...string) {
	p.begin("div")
	p.table(Table{ID: id, Caption: caption, Head: Columns(columns...), Tight: true})
	p.text("p", "", "class", "note", "id", id+"-note")
	p.end()
}

// told writes what followed from each disturbance, then the tables of all together.
func (p *page) told(d *RunData) {
	p.section("disturbances", "Disturbances")
	p.words(wordsOfRuns)
	if len(d.Told) == 0 {
		p.text("p", "Nothing failed.", "class", "empty")
	}
	for i, t := range d.Told {
		p.text("h3", t.Title)
		for _, l := range t.Lines {
			p.text("p", l, "class", "line")
		}
		if len(t.Impacts.Rows) > 0 {
			t.Impacts.ID = "impacts-" + strconv.Itoa(i)
			p.table(t.Impacts)
		}
	}
	if left := len(d.Measured.Convergence) - len(d.Told); left > 0 {
		p.text("p", "And "+strconv.Itoa(left)+" disturbances that cost less, of which the tables tell.", "class", "note")
	}
	p.end()
	p.section("tables", "Tables")
	for _, t := range d.Tables {
		p.table(t)
	}
	p.end()
}

func (p *page) expected(d *RunData) {
	p.section("expected", "Expected and found")
	for _, s := range d.Violations {
		p.text("p", s, "class", "finding bad")
	}
	for _, s := range d.Diagnoses {
		p.text("p", "diagnosis: "+s, "class", "finding")
	}
	p.table(d.Expected)
	p.end()
}
