package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"dualhome/metrics"
)

// showFaults shows, for each disturbance, how long everything took over all runs;
// with its name in each row where the tables stand alone.
func (r *replications) showFaults(s *shell, d *document) {
	if len(r.faults) == 0 && r.runs > 0 {
		d.say("", "Nothing failed.")
	}
	all := r.samples.Summaries()
	legend := ""
	for _, f := range r.faults {
		d.say("")
		d.stressAll(bold, s.wrapped(f.when()+"  "+f.words))
		t := r.measures(f.name, all)
		legend = max(legend, legendOf(t))
		if s.format != "table" {
			t.prepend("disturbance", f.name)
		}
		d.show(t)
	}
	if legend != "" {
		d.say("")
		d.say(s.wrapped(legend)...)
	}
	if r.cutShort.runs > 0 {
		d.say(s.wrapped(r.of(r.cutShort) + " were cut short at a bound; the figures are of the others.")...)
	}
}

// measures gives a row for each measure of a disturbance that tells people
// something.
func (r *replications) measures(fault string, all []metrics.Summary) table {
	t := table{name: "measures", head: []string{"measure", "class", "direction", "mean", "median", "95th percentile", "99th percentile", "missing"}}
	complete := true
	for i := range all {
		if s := &all[i]; s.Disturbance == fault && r.tells(s) {
			t.add(strings.TrimSuffix(s.Measure, "_ns"), s.Class, s.Direction, estimate(s.Mean), estimate(s.P50), estimate(s.P95), estimate(s.P99), missing(s))
			complete = complete && s.Nulls == 0
		}
	}
	if complete {
		t.drop(len(t.head) - 1)
	}
	return t
}

// The legends of intervals; the second, which sorts after the first, serves both.
const (
	legend95      = "In brackets the 95 % interval."
	legendUnknown = "In brackets the 95 % interval. ?: so few runs do not bound it; the 95th percentile takes 72, the 99th 368."
)

func legendOf(t table) string {
	legend := ""
	for _, row := range t.rows {
		text := strings.Join(row, "")
		switch {
		case strings.Contains(text, "?"):
			return legendUnknown
		case strings.Contains(text, "("):
			legend = legend95
		}
	}
	return legend
}

// when says when a disturbance came.
func (f *faultOfRuns) when() string {
	if f.first == f.last {
		return seconds(f.first)
	}
	return seconds(f.first) + " to " + seconds(f.last)
}

// tells leaves out, for people, what follows from the other figures, and what
// cannot be: outages where nothing was lost in any run, traffic where there is
// none; and counts, which are for data formats and sweeps.
func (r *replications) tells(s *metrics.Summary) bool {
	switch s.Measure {
	case "outage_ns":
		return s.Nulls > 0 || s.Max != nil && *s.Max > 0
	case "equivalent_ns", "lost_bytes", "announcements", "withdrawals", "best_changes", "returns":
		return false
	case "traffic_ns":
		return len(r.scenario.Traffic) > 0
	}
	return true
}

// estimate writes a duration with its interval.
func estimate(e metrics.Estimate) string {
	switch {
	case e.Value == nil:
		return "-"
	case e.Low != nil && e.High != nil && *e.Low == *e.High:
		return digits(e.Value, *e.Value) + " s"
	}
	return fmt.Sprintf("%s s (%s–%s)", digits(e.Value, *e.Value), digits(e.Low, *e.Value), digits(e.High, *e.Value))
}

// digits writes a duration in seconds, as exactly as one of the size of like is
// read: to the millisecond below ten seconds, else to a tenth.
func digits(ns *float64, like float64) string {
	switch {
	case ns == nil:
		return "?"
	case like < 10*float64(time.Second):
		return strconv.FormatFloat(*ns/float64(time.Second), 'f', 3, 64)
	}
	return strconv.FormatFloat(*ns/float64(time.Second), 'f', 1, 64)
}

// missing says in how many runs there is no figure, and why.
func missing(s *metrics.Summary) string {
	switch {
	case s.Nulls == 0:
		return ""
	case s.Class != "":
		return fmt.Sprintf("not restored in %d of %d", s.Nulls, s.N+s.Nulls)
	default:
		return fmt.Sprintf("none in %d of %d", s.Nulls, s.N+s.Nulls)
	}
}

// outcomeFigures gives the outcome classes for programs.
func (r *replications) outcomeFigures(classes []metrics.OutcomeClass) table {
	t := table{name: "outcomes", head: []string{"ending", "state", "runs", "share", "low", "high", "seed", "command"}}
	for _, c := range classes {
		t.add(string(c.Ending), c.Fingerprint, fmt.Sprint(c.Runs), number(&c.Share.Estimate), number(&c.Share.Low), number(&c.Share.High),
			fmt.Sprint(c.Seed), r.command(c.Seed))
	}
	return t
}

// figures gives all summaries as numbers, for programs: nanoseconds and bytes.
func (r *replications) figures() table {
	t := table{name: "measures", head: []string{
		"disturbance", "measure", "class", "direction", "n", "nulls", "min", "max", "mean", "mean_low", "mean_high",
		"p50", "p50_low", "p50_high", "p95", "p95_low", "p95_high", "p99", "p99_low", "p99_high",
	}}
	for _, s := range r.samples.Summaries() {
		row := []string{s.Disturbance, s.Measure, s.Class, s.Direction, fmt.Sprint(s.N), fmt.Sprint(s.Nulls), number(s.Min), number(s.Max)}
		for _, e := range []metrics.Estimate{s.Mean, s.P50, s.P95, s.P99} {
			row = append(row, number(e.Value), number(e.Low), number(e.High))
		}
		t.add(row...)
	}
	return t
}

// number writes a figure, and nothing where there is none.
func number(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}
