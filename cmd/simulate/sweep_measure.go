package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"dualhome/metrics"
)

// shownMeasure is the measure of which a sweep shows figures: a column of runs.arrow,
// which is the worst of a run or the sum of it, or one class or disturbance of
// summary.arrow.
type shownMeasure struct {
	name        string // as --measure takes it
	column      string
	class       string // empty: all
	disturbance string // empty: all
}

// sweepMeasure is a measure that can be shown.
type sweepMeasure struct {
	name, column string
	words        string // what it is, in a sentence
	whole        string // what it is of a run
	of           string // what it can be narrowed to: class, disturbance; empty: nothing
}

func sweepMeasures() []sweepMeasure {
	const longest, sum = "the longest of each run, of all disturbances and classes", "of all disturbances of a run"
	return []sweepMeasure{
		{"outage.two-way", "outage_two_way_ns", "loss of service (some flow is lost in either direction)", longest, "class"},
		{"outage.forward", "outage_forward_ns", "loss from the VMs to the far end", longest, "class"},
		{"outage.return", "outage_return_ns", "loss from the far end to the VMs", longest, "class"},
		{"lost-bytes", "lost_bytes", "volume lost", "of all disturbances and classes of a run, in both directions", ""},
		{"detection", "detection_ns", "time until the first reaction", "the longest of each run", "disturbance"},
		{"control", "control_ns", "time until the routes settle", "the longest of each run", "disturbance"},
		{"forwarding", "forwarding_ns", "time until forwarding settles", "the longest of each run", "disturbance"},
		{"traffic", "traffic_ns", "time until the traffic settles", "the longest of each run", "disturbance"},
		{"announcements", "announcements", "prefixes announced, per receiver", sum, "disturbance"},
		{"withdrawals", "withdrawals", "prefixes withdrawn, per receiver", sum, "disturbance"},
		{"best-changes", "best_changes", "changes of best routes", sum, "disturbance"},
		{"returns", "returns", "returns to a best route that was left", sum, "disturbance"},
	}
}

// measureOf gives the one of a column.
func measureOf(column string) sweepMeasure {
	for _, m := range sweepMeasures() {
		if m.column == column {
			return m
		}
	}
	return sweepMeasure{name: column, column: column, words: column}
}

// parseShown reads what --measure names.
func parseShown(name string) (shownMeasure, error) {
	var names []string
	for _, m := range sweepMeasures() {
		of, narrowed := strings.CutPrefix(name, m.name+".")
		switch {
		case name == m.name:
			return shownMeasure{name: name, column: m.column}, nil
		case narrowed && of != "" && m.of == "class":
			return shownMeasure{name: name, column: m.column, class: of}, nil
		case narrowed && of != "" && m.of == "disturbance":
			return shownMeasure{name: name, column: m.column, disturbance: of}, nil
		}
		names = append(names, m.name)
	}
	return shownMeasure{}, usage("--measure %s: it is one of %s; of outages also with .CLASS, of the others but lost-bytes with .DISTURBANCE", name, strings.Join(names, ", "))
}

// words says what is shown.
func (m *shownMeasure) words() string {
	all := measureOf(m.column)
	switch {
	case m.class != "":
		return fmt.Sprintf("%s of class %s after %s", all.words, m.class, m.disturbance)
	case m.disturbance != "":
		return fmt.Sprintf("%s after %s", all.words, m.disturbance)
	}
	return all.words + ", " + all.whole
}

// brief names the measure in a sentence.
func (m *shownMeasure) brief() string {
	words, _, _ := strings.Cut(measureOf(m.column).words, " (")
	words, _, _ = strings.Cut(words, ",")
	return "the " + words
}

// unit gives that of the figures.
func (m *shownMeasure) unit() string {
	switch {
	case strings.HasSuffix(m.column, "_ns"):
		return "ns"
	case m.column == "lost_bytes":
		return "B"
	}
	return ""
}

// row tells which rows of summary.arrow are of a narrowed measure.
func (m *shownMeasure) row(r *metrics.SummaryRow) bool {
	if m.class == "" {
		return r.Measure == m.column && r.Disturbance == m.disturbance && r.Class == nil
	}
	direction := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(m.column, "outage_"), "_ns"), "_", "-")
	return r.Measure == "outage_ns" && r.Class != nil && *r.Class == m.class && *r.Direction == direction
}

// figure writes a figure of the measure with its unit; like says of what size it is
// read.
func (m *shownMeasure) figure(v float64) string {
	switch m.unit() {
	case "ns":
		return digits(&v, v) + " s"
	case "B":
		return bytes(int64(math.Round(v)))
	}
	return counted(v, v)
}

// counted writes a mean count to two digits after the point below ten, to one below a
// thousand; like says of what size it is read.
func counted(v, like float64) string {
	places := 0
	switch like = math.Abs(like); {
	case v == math.Trunc(v):
	case like < 10:
		places = 2
	case like < 1000:
		places = 1
	}
	return strconv.FormatFloat(v, 'f', places, 64)
}

// estimate writes a figure with its interval, or alone.
func (m *shownMeasure) estimate(e metrics.Estimate, interval bool) string {
	switch {
	case e.Value == nil:
		return "-"
	case !interval || e.Low != nil && e.High != nil && *e.Low == *e.High:
		return m.figure(*e.Value)
	case m.unit() == "ns" && e.Low != nil && digits(e.Low, *e.Value) == digits(e.High, *e.Value):
		return m.figure(*e.Value)
	case m.unit() == "ns":
		return estimate(e)
	}
	end := func(v *float64) string {
		switch {
		case v == nil:
			return "?"
		case m.unit() == "B":
			return bytes(int64(math.Round(*v)))
		}
		return counted(*v, *e.Value)
	}
	return fmt.Sprintf("%s (%s–%s)", m.figure(*e.Value), end(e.Low), end(e.High))
}

// quantity writes what a number of an axis is: a duration as it is read.
func quantity(text string) string {
	if d, err := time.ParseDuration(text); err == nil && d > 0 && len(text) > 8 {
		return d.Round(max(d/1000, 1)).String()
	}
	return text
}

func itoa(n int) string { return strconv.Itoa(n) }

func yesNo(b bool) string { return strconv.FormatBool(b) }

// worstDisturbance gives that after which a narrowed measure is highest on average over
// the points: where a loss is not restored counts most.
func worstDisturbance(rows []metrics.SummaryRow, m *shownMeasure) string {
	type weight struct {
		name        string
		lasting     int64
		sum         float64
		disturbance int
	}
	var all []weight
	for i := range rows {
		r := &rows[i]
		if !m.row(r) {
			continue
		}
		at := slices.IndexFunc(all, func(w weight) bool { return w.name == r.Disturbance })
		if at < 0 {
			at = len(all)
			all = append(all, weight{name: r.Disturbance, disturbance: at})
		}
		all[at].lasting += r.Nulls
		if r.Max != nil {
			all[at].sum += *r.Max
		}
	}
	if len(all) == 0 {
		return ""
	}
	return slices.MinFunc(all, func(a, b weight) int {
		return cmp.Or(cmp.Compare(b.lasting, a.lasting), cmp.Compare(b.sum, a.sum), cmp.Compare(a.disturbance, b.disturbance))
	}).name
}
