package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/report"
	"dualhome/report/chart"
)

// Bounds of what the page of a sweep has in tables; the pictures are of all.
const (
	pagePoints      = 300 // of the first measure
	pagePointsOther = sweepPoints
	pageTroubles    = 100
	pageRows        = 300
)

// isSweep tells whether a folder is that of a sweep, or was to be.
func isSweep(dir string) bool {
	for _, name := range []string{"sweep.json", partsName} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// reportSweep writes the page of a sweep.
func (s *shell) reportSweep(dir string, f *reportFlags) error {
	d, err := sweepData(dir, f.partial)
	if err != nil {
		return err
	}
	return s.writePage(dir, f.to, func(w io.Writer) error { return report.Sweep(w, *d) })
}

// sweepData reads the folder of a sweep, or that of many runs of one scenario, for its
// page.
func sweepData(dir string, partial bool) (*report.SweepData, error) {
	v, err := openSweep(dir, "")
	if err != nil {
		return nil, err
	}
	if err := v.mayBeShown(partial); err != nil {
		return nil, err
	}
	summary, err := v.summaryRows()
	if err != nil {
		return nil, err
	}
	text, err := v.scenarioText()
	if err != nil {
		return nil, err
	}
	return v.page(summary, text), nil
}

// scenarioText reads the scenario, which has to be the one that was swept.
func (v *sweepView) scenarioText() (string, error) {
	path := filepath.Join(v.path, "scenario.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != v.ScenarioSHA256 {
		return "", failed("%s: it is not the scenario that was swept: its SHA-256 is another than sweep.json has", path)
	}
	return string(text), nil
}

// page gives what the page shows of a sweep that was read.
func (v *sweepView) page(summary []metrics.SummaryRow, text string) *report.SweepData {
	v.path = "." // the page may be read anywhere
	d := &report.SweepData{Title: v.title(), Troubles: v.troublesTable(), Tables: v.pageTables(summary), Provenance: v.provenance(text)}
	for i := range v.Axes {
		a := &v.Axes[i]
		q := chart.Parameter{Name: shortName(a.Name), Numbers: a.Numbers}
		if a.Unit != "none" {
			q.Unit = a.Unit
		}
		for _, value := range a.Values {
			q.Values = append(q.Values, quantity(value))
		}
		d.Parameters = append(d.Parameters, q)
	}
	v.points = slices.DeleteFunc(v.points, func(p pointView) bool { return p.invalid != "" })
	d.NoPoints = v.invalid() > 0
	for i := range v.points {
		d.Points = append(d.Points, v.pagePoint(&v.points[i]))
	}
	d.Measures, d.Silent = v.pageMeasures()
	d.Headline, d.Figures = v.story(), v.pageFigures()
	d.Assumptions = v.assumed()
	return d
}

// mayBeShown refuses a sweep of another version, one that is not whole unless that is
// good enough, and tables of another sweep than sweep.json tells of.
func (v *sweepView) mayBeShown(partial bool) error {
	switch {
	case v.Versions["simulate"] != version:
		return errHeld(v.path, "simulate %s wrote it, and this is %s: its figures may mean something else; make it again", v.Versions["simulate"], version)
	case v.Status != "complete" && !partial:
		return errHeld(v.path, "it is marked %s: not all runs that were to be in it are; make them, or add --partial", v.Status)
	}
	return nil
}

// summaryRows reads summary.arrow, of this sweep.
func (v *sweepView) summaryRows() ([]metrics.SummaryRow, error) {
	rows, meta, err := arrowfile.Read[metrics.SummaryRow](filepath.Join(v.path, "summary.arrow"), "summary")
	if err == nil && meta.Digest != v.Digest {
		err = fmt.Errorf("%s: summary.arrow is of another sweep than sweep.json", v.path)
	}
	if err != nil {
		return nil, &exitError{exitCheck, err}
	}
	return rows, nil
}

func (v *sweepView) pagePoint(p *pointView) report.SweepPoint {
	var values []string
	for a := range v.Axes {
		values = append(values, valueText(&v.Axes[a], p.values[a]))
	}
	return report.SweepPoint{Name: v.named(p.Params), Short: strings.Join(values, ", "), Values: p.values}
}

// pageMeasures gives the measures of which any run has a figure other than nothing, the
// one that is shown first; and says which are left out.
func (v *sweepView) pageMeasures() (all []report.SweepMeasure, silent string) {
	measures := sweepMeasures()
	slices.SortStableFunc(measures, func(a, b sweepMeasure) int {
		return int(v.rank(&a)) - int(v.rank(&b))
	})
	var none, zero []string
	for _, m := range measures {
		one := v.of(m)
		switch known, above := one.known(); {
		case !known:
			none = append(none, m.name)
		case !above:
			zero = append(zero, m.name)
		default:
			all = append(all, one.pageMeasure(len(all) == 0))
		}
	}
	var words []string
	if len(none) > 0 {
		words = append(words, "No run has a figure of "+strings.Join(none, ", ")+".")
	}
	if len(zero) > 0 {
		words = append(words, "Zero in all runs: "+strings.Join(zero, ", ")+".")
	}
	return all, strings.Join(words, " ")
}

// rank puts the measure that is shown before the others.
func (v *sweepView) rank(m *sweepMeasure) uint8 {
	if m.column == v.shown.column {
		return 0
	}
	return 1
}

// of gives the sweep with another measure shown.
func (v *sweepView) of(m sweepMeasure) *sweepView {
	one := *v
	one.shown = shownMeasure{name: m.name, column: m.column}
	one.points = slices.Clone(v.points)
	one.figures(v.runs)
	return &one
}

// known tells whether any run has a figure of what is shown, and whether one is above 0
// or lasts.
func (v *sweepView) known() (known, above bool) {
	for i := range v.points {
		f := &v.points[i].figure
		lasts := v.shown.lost() && f.Nulls > 0
		known = known || f.N > 0 || lasts
		above = above || lasts || f.Max != nil && *f.Max > 0
	}
	return known, above
}

func (v *sweepView) pageMeasure(first bool) report.SweepMeasure {
	words := v.shown.words()
	m := report.SweepMeasure{
		Name: v.shown.name, Words: strings.ToUpper(words[:1]) + words[1:] + ".", Brief: strings.TrimPrefix(v.shown.brief(), "the "), Unit: v.shown.unit(), Loss: v.shown.lost(),
		Ranking: v.ranking("p95"), Say: v.shown.figure, Table: v.pointsTable(first),
		Runs: func(place int) chart.Sample {
			values, lasting := v.runs.Values(v.shown.column, v.points[place].Point)
			return chart.Sample{Values: values, Beyond: lasting}
		},
	}
	for i := range v.points {
		m.Figures = append(m.Figures, v.points[i].figure)
	}
	if line := v.lowest(); line != "" {
		m.Lines = append(m.Lines, line)
	}
	if len(m.Ranking) > 0 {
		title, lines := v.rankingText(m.Ranking)
		m.Ranked = strings.TrimSuffix(title, " of a run")
		m.Lines = append(m.Lines, "What moves the "+title+":")
		m.Lines = append(m.Lines, lines...)
	}
	if line := v.again(); line != "" {
		m.Lines = append(m.Lines, line)
	}
	return m
}

// pointsTable gives a row for each point, or for the lowest, the highest and some
// between.
func (v *sweepView) pointsTable(first bool) report.Table {
	t := report.Table{ID: "points-" + strings.ReplaceAll(v.shown.name, ".", "-"), Caption: "Points: " + v.shown.brief(), Head: report.Columns("point#")}
	most := pagePointsOther
	if first {
		t.ID, most = "points", pagePoints
	}
	for _, a := range v.Axes {
		t.Head = append(t.Head, report.Column{Name: shortName(a.Name), Number: a.Numbers != nil})
	}
	t.Head = append(t.Head, report.Columns("runs#", "mean#", "median#", "95th percentile#", "99th percentile#", "lowest#", "highest#", "remarks")...)
	order, left := v.chosen(most)
	slices.Sort(order)
	for _, i := range order {
		t.Rows = append(t.Rows, v.pointRow(&v.points[i]))
	}
	if left > 0 {
		t.Caption += fmt.Sprintf(" (the lowest, the highest and others between; %s more: simulate sweep show -o csv has all)", pointsText(left))
	} else if len(order) > 1 {
		t.Caption += ", with 95 % intervals"
	}
	return t
}

func (v *sweepView) pointRow(p *pointView) []report.Cell {
	row := []report.Cell{report.Int(int64(p.Point), itoa(p.Point))}
	for a := range v.Axes {
		axis := &v.Axes[a]
		c := report.Cell{Text: valueText(axis, p.values[a])}
		if axis.Numbers != nil && p.values[a] >= 0 {
			c.Value = strconv.FormatFloat(axis.Numbers[p.values[a]], 'g', -1, 64)
		}
		row = append(row, c)
	}
	row = append(row, report.Int(int64(p.Runs), itoa(p.Runs)))
	for _, e := range []metrics.Estimate{p.figure.Mean, p.figure.P50, p.figure.P95, p.figure.P99, {Value: p.figure.Min}, {Value: p.figure.Max}} {
		row = append(row, report.Cell{Text: v.shown.estimate(e, e.Low != nil || e.High != nil), Value: number(e.Value)})
	}
	remarks := report.Cell{Text: strings.Join(v.notes(p), ", ")}
	if p.figure.Nulls > 0 && v.shown.lost() || p.Failed > 0 {
		remarks.Tone = report.Bad
	}
	return append(row, remarks)
}
