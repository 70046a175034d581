package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
)

func newSweepShow(s *shell) *cobra.Command {
	measure := ""
	c := &cobra.Command{
		Use:   "show FOLDER",
		Short: "Show what a sweep found: each point, and which parameter moves what most",
		Long: `Shows the folder of a sweep, or that of many runs of one scenario: a line for each
point with a figure and its 95 % interval, which parameter moves the figure most, and
what went wrong. Nothing is run.

The figure is the loss of service, or, where there is no traffic or none is lost, how
long routes take to settle; --measure chooses another: ` + strings.Join(measureNames(), ", ") + `.
An outage is of the worst class and disturbance of each run, or with .CLASS of that class
after the disturbance in which it loses most; the others with .DISTURBANCE after that one.`,
		Example: `  simulate sweep show runs/hold-timer/sweep
  simulate sweep show runs/active-passive/sweep --measure outage.forward.spoke-dc
  simulate sweep show runs/active-passive/sweep --measure returns -o csv`,
		Args: argsAreUsage(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if err := notEmpty(c, "measure", "a measure, like outage.two-way"); err != nil {
				return err
			}
			return s.showSweep(args[0], measure)
		},
	}
	c.Flags().StringVar(&measure, "measure", "", "which measure to show (default outage.two-way, or control without traffic)")
	return c
}

func measureNames() (names []string) {
	for _, m := range sweepMeasures() {
		names = append(names, m.name)
	}
	return names
}

// showSweep prints what the folder of a sweep says.
func (s *shell) showSweep(path, measure string) error {
	v, err := openSweep(path, measure)
	if err != nil {
		return err
	}
	return s.render(v.document(s))
}

// openSweep reads the folder of a sweep.
func openSweep(path, measure string) (*sweepView, error) {
	var shown shownMeasure
	if measure != "" {
		var err error
		if shown, err = parseShown(measure); err != nil {
			return nil, err
		}
	}
	v := &sweepView{path: path, shown: shown}
	if err := v.readJSON(); err != nil {
		return nil, err
	}
	study := v.study()
	bad := func(err error) error {
		if errors.Is(err, arrowfile.ErrFile) {
			return &exitError{exitCheck, err}
		}
		return err
	}
	if _, err := arrowfile.Each(filepath.Join(path, "runs.arrow"), "runs", study.Add); err != nil {
		return nil, bad(err)
	}
	if len(v.Axes) > 0 {
		rows, _, err := arrowfile.Read[metrics.SensitivityRow](filepath.Join(path, sensitivityName), "sensitivity")
		if err != nil {
			return nil, bad(err)
		}
		v.sensitivity = rows
	}
	if v.shown.column == "" {
		v.shown = v.usual(study)
	}
	v.runs = study
	v.figures(study)
	if v.shown.class != "" || v.shown.disturbance != "" {
		if err := bad(v.narrow()); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// readJSON reads sweep.json.
func (v *sweepView) readJSON() error {
	text, err := os.ReadFile(filepath.Join(v.path, "sweep.json"))
	switch {
	case isMissing(err) && isOf(v.path, "run.json"):
		return errHeld(v.path, "it is the folder of one run: simulate replay %s", v.path)
	case isMissing(err):
		if _, parts := os.Stat(filepath.Join(v.path, partsName)); parts == nil {
			return errHeld(v.path, "its sweep was stopped before anything could be told of it: go on with simulate sweep --resume")
		}
		return errHeld(v.path, "it is no sweep folder: it holds no sweep.json")
	case err != nil:
		return err
	}
	var says struct {
		SchemaVersion int    `json:"schema_version"`
		Digest        string `json:"digest"`
	}
	switch err := json.Unmarshal(text, &says); {
	case err != nil:
		return errHeld(v.path, "sweep.json: %v", err)
	case says.SchemaVersion != 1:
		return errHeld(v.path, "sweep.json has schema version %d; 1 is what this program reads; make it again with this one", says.SchemaVersion)
	}
	if err := json.Unmarshal(text, &v.sweepJSON); err != nil {
		return errHeld(v.path, "sweep.json: %v", err)
	}
	if v.Seeds < 1 || v.Seeds > mostSeeds || slices.ContainsFunc(v.Points, func(p pointJSON) bool { return p.Point < 0 || p.Point >= mostSeeds }) {
		return errHeld(v.path, "sweep.json: no sweep has such seeds and points")
	}
	return v.place()
}

// place finds which values the points have, and joins those that cannot be run.
func (v *sweepView) place() error {
	all := slices.Clone(v.Points)
	wrong := map[int]string{}
	for _, f := range v.Failures {
		if f.Seed == nil {
			all, wrong[f.Point] = append(all, pointJSON{Point: f.Point, Params: f.Params}), f.Error
		}
	}
	slices.SortStableFunc(all, func(a, b pointJSON) int { return a.Point - b.Point })
	for _, p := range all {
		one := pointView{pointJSON: p, invalid: wrong[p.Point]}
		for _, a := range v.Axes {
			at := -1
			if text, found := p.Params[a.Name]; found {
				if at = slices.Index(a.Values, text); at < 0 {
					return errHeld(v.path, "sweep.json: point %d has %s=%s, which is no value of that axis", p.Point, a.Name, text)
				}
			}
			one.values = append(one.values, at)
		}
		v.points = append(v.points, one)
	}
	return nil
}

// study prepares to read the runs.
func (v *sweepView) study() *metrics.Study {
	study := &metrics.Study{Seeds: v.Seeds}
	for _, a := range v.Axes {
		study.Axes = append(study.Axes, metrics.Axis{Name: a.Name, Values: a.Values, Numbers: a.Numbers})
	}
	for i := range v.points {
		for len(study.Points) <= v.points[i].Point {
			study.Points = append(study.Points, nil)
		}
		study.Points[v.points[i].Point] = v.points[i].values
	}
	return study
}

// usual gives the measure that is shown where nobody names one: the loss of service, if
// there is any, or else how long routes take to settle.
func (v *sweepView) usual(study *metrics.Study) shownMeasure {
	for i := range v.points {
		s := study.Summary("outage_two_way_ns", v.points[i].Point)
		if s.Max != nil && *s.Max > 0 || v.loses(study, v.points[i].Point) {
			return shownMeasure{name: "outage.two-way", column: "outage_two_way_ns"}
		}
	}
	return shownMeasure{name: "control", column: "control_ns"}
}

// loses tells whether a loss lasts in some run of a point.
func (v *sweepView) loses(study *metrics.Study, point int) bool {
	return study.Lasting("outage_two_way_ns", point) > 0
}

// figures fills in those of the points.
func (v *sweepView) figures(study *metrics.Study) {
	for i := range v.points {
		p := &v.points[i]
		p.figure = study.Summary(v.shown.column, p.Point)
		p.sent = study.Summary("announcements", p.Point).Mean.Value
		p.returns = study.Summary("returns", p.Point).Mean.Value
	}
}

// narrow takes the figures of one class or disturbance.
func (v *sweepView) narrow() error {
	rows, _, err := arrowfile.Read[metrics.SummaryRow](filepath.Join(v.path, "summary.arrow"), "summary")
	if err != nil {
		return err
	}
	if v.shown.class != "" {
		v.shown.disturbance = worstDisturbance(rows, &v.shown)
	}
	found := false
	for i := range v.points {
		p := &v.points[i]
		p.figure = metrics.Summary{}
		for k := range rows {
			if r := &rows[k]; r.Point == int64(p.Point) && r.Disturbance == v.shown.disturbance && v.shown.row(r) {
				p.figure, found = summaryOfRow(r), true
			}
		}
	}
	if !found {
		return usage("--measure %s: there is none; there are %s", v.shown.name, strings.Join(namesIn(rows, v.shown.class != ""), ", "))
	}
	return nil
}

func summaryOfRow(r *metrics.SummaryRow) metrics.Summary {
	s := metrics.Summary{
		N: int(r.N), Nulls: int(r.Nulls), Min: r.Min, Max: r.Max,
		Mean: metrics.Estimate{Value: r.Mean, Low: r.MeanLow, High: r.MeanHigh}, P50: metrics.Estimate{Value: r.P50, Low: r.P50Low, High: r.P50High},
		P95: metrics.Estimate{Value: r.P95, Low: r.P95Low, High: r.P95High}, P99: metrics.Estimate{Value: r.P99, Low: r.P99Low, High: r.P99High},
	}
	s.Disturbance, s.Measure = r.Disturbance, r.Measure
	if r.Class != nil {
		s.Class, s.Direction = *r.Class, *r.Direction
	}
	return s
}

// namesIn gives the classes or the disturbances of rows.
func namesIn(rows []metrics.SummaryRow, classes bool) (names []string) {
	for i := range rows {
		name := rows[i].Disturbance
		if classes {
			if rows[i].Class == nil {
				continue
			}
			name = *rows[i].Class
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return []string{fmt.Sprintf("no %s", map[bool]string{true: "classes", false: "disturbances"}[classes])}
	}
	return names
}
