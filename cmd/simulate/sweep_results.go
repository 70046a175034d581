package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// sweepResults is what a sweep adds up to, point by point.
type sweepResults struct {
	of          *sweep
	points      []pointJSON // those that have runs
	summary     metrics.SummaryRows
	assumptions []scenarios.Assumption // of all points: each once
}

// point takes a point whose runs are all there.
func (s *sweepResults) point(number int, all *ensemble) error {
	p := all.point(number)
	p.Params = s.of.params(number)
	s.points = append(s.points, p)
	s.summary.Add(int64(number), all.samples.Summaries())
	scenario, _, err := s.of.campaign.loaded.get(number, s.of.campaign.scenario)
	if err != nil {
		return err
	}
	for _, a := range scenario.Assumptions() {
		if !slices.Contains(s.assumptions, a) {
			s.assumptions = append(s.assumptions, a)
		}
	}
	return nil
}

// params gives the parameters of a point: those that it leaves as the file has them
// are not among them.
func (w *sweep) params(point int) map[string]string {
	all := map[string]string{}
	for i, at := range w.plan.Points[point].Values {
		if at >= 0 {
			all[w.plan.Axes[i].Name] = w.plan.Axes[i].Values[at]
		}
	}
	return all
}

// invalidText names the points whose scenarios have mistakes.
func (w *sweep) invalidText() string {
	const shown = 5
	var lines []string
	for i, p := range w.invalid {
		if i == shown {
			lines = append(lines, fmt.Sprintf("and %d points more (sweep.json)", len(w.invalid)-shown))
			break
		}
		lines = append(lines, fmt.Sprintf("point %d, %s, cannot be run:\n%s", p.Point, w.plan.Describe(p.Point), p.Error))
	}
	return strings.Join(lines, "\n")
}

// invalidNames gives the parameters of those points.
func (w *sweep) invalidNames() string {
	const shown = 5
	var names []string
	for _, p := range w.invalid[:min(len(w.invalid), shown)] {
		names = append(names, w.plan.Describe(p.Point))
	}
	if more := len(w.invalid) - shown; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, "; ")
}

// ofAll says in how many runs something is so.
func (w *sweep) ofAll(t tally) string { return fmt.Sprintf("%d of %s", t.runs, runsText(w.made)) }

// write writes the tables of what is there, and sweep.json last. A part of a sweep does
// not take the place of a whole one.
func (w *sweep) write(partial bool) error {
	if partial && isWhole(w.folder.path) {
		return nil
	}
	dir, err := w.folder.tables()
	if err != nil {
		return err
	}
	text, err := w.text()
	if err != nil {
		return err
	}
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "scenario.yaml"), text, 0o666), w.manifest.write(dir)); err != nil {
		return err
	}
	meta := arrowfile.Meta{Scenario: w.plan.Name, Seed: w.campaign.first, Digest: w.digest()}
	err = allAtOnce(runtime.GOMAXPROCS(0), arrowfile.WriteSweep(dir, w.folder.parts.first(w.blocks), w.results.summary.All(), w.columns(), w.campaign.keep, meta))
	if err != nil {
		return err
	}
	ranked, err := rank(w.totals.study)
	if err != nil {
		return err
	}
	if err := arrowfile.Write(filepath.Join(dir, sensitivityName), "sensitivity", ranked, meta); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(dir, "sweep.json"), w.json(text, partial)); err != nil {
		return err
	}
	return w.folder.commit(!partial)
}

// text gives scenario.yaml: of one point the resolved scenario, of more the file that
// was swept.
func (w *sweep) text() ([]byte, error) {
	if w.campaign.points > 1 {
		return []byte(w.manifest.Text), nil
	}
	_, text, err := w.campaign.loaded.get(0, w.campaign.scenario)
	return text, err
}

// json gives sweep.json.
func (w *sweep) json(text []byte, partial bool) sweepJSON {
	j := newSweepJSON(w.plan.Name, text, w.results.assumptions, partial)
	m := w.manifest
	j.Seed, j.Seeds, j.Runs, j.Digest = w.campaign.first, w.campaign.seeds, w.made, w.digest()
	j.Plan = &planJSON{m.File, m.Set, m.Axes, m.Sampling, m.Samples, m.Drill, m.Tables}
	j.Axes, j.Points = w.axesJSON(), append(j.Points, w.results.points...)
	for _, p := range w.invalid {
		j.Failures = append(j.Failures, sweepFailureJSON{p.Point, w.params(p.Point), nil, p.Error})
	}
	for _, f := range w.failed {
		j.Failures = append(j.Failures, f.json(w.params(int(f.Point))))
	}
	j.ends(w.verdict(w.folder.path, partial), partial)
	j.Wall = newSweepWall(w.began, w.took, w.flags.bus, w.workers)
	return j
}

const sensitivityName = "sensitivity.arrow"

// study gives what ranks the parameters of the sweep.
func (w *sweep) study() *metrics.Study {
	s := &metrics.Study{Seeds: w.campaign.seeds}
	for _, a := range w.plan.Axes {
		s.Axes = append(s.Axes, metrics.Axis{Name: a.Name, Values: a.Values, Numbers: a.Numbers})
	}
	for _, p := range w.plan.Points {
		s.Points = append(s.Points, p.Values)
	}
	return s
}

// rank ranks the parameters for all measures, several at once.
func rank(s *metrics.Study) (all []metrics.SensitivityRow, err error) {
	measures := metrics.Headlines()
	err = inOrder(context.Background(), len(measures), runtime.GOMAXPROCS(0), func(_ context.Context, i int) ([]metrics.SensitivityRow, error) {
		return s.Rank(measures[i]), nil
	}, func(rows []metrics.SensitivityRow) error {
		all = append(all, rows...)
		return nil
	})
	return all, err
}

// columns gives the parameters as columns of tables.
func (w *sweep) columns() arrowfile.Params {
	var p arrowfile.Params
	for _, a := range w.plan.Axes {
		p.Axes = append(p.Axes, arrowfile.Axis{Name: a.Name, Values: a.Values, Numbers: a.Numbers})
	}
	for _, point := range w.plan.Points {
		p.Points = append(p.Points, point.Values)
	}
	return p
}
