package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"dualhome/report"
	"dualhome/report/chart"
)

// runData reads a run folder and measures it again, for its page.
func (s *shell) runData(ctx context.Context, dir string, partial bool) (*report.RunData, error) {
	runs, r, err := s.wholeRun(ctx, dir, partial)
	if err != nil {
		return nil, err
	}
	return r.page(ctx, runs)
}

// wholeRun reads a run folder. The tables in it have to be those of its log.
func (s *shell) wholeRun(ctx context.Context, dir string, partial bool) (*heldRuns, *result, error) {
	if err := isFolder(dir); err != nil {
		return nil, nil, err
	}
	runs, err := openRuns(dir, "partial")
	if err != nil {
		return nil, nil, err
	}
	if runs.runs[0].Status == "partial" && !partial {
		return nil, nil, errHeld(dir, "it is marked partial: not all that was to be in it happened; make it again, or take it as it is with --partial")
	}
	r, err := readLog(ctx, runs)
	if err == nil {
		err = s.remeasure(ctx, r, "")
	}
	if err == nil {
		err = r.sameTables(dir)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return nil, nil, err
	case err != nil:
		return nil, nil, failed("%s: %v", dir, err)
	}
	return runs, r, nil
}

// sameTables refuses tables of a folder that are damaged, or others than those that
// were measured again.
func (r *result) sameTables(dir string) error {
	differ, err := differentTables(dir, r.meta(), r.measured)
	if err == nil && len(differ) > 0 {
		err = fmt.Errorf("what is measured in events.arrow differs:\n  %s", joinLines(differ))
	}
	return err
}

// page gives what the page of a run shows.
func (r *result) page(ctx context.Context, of *heldRuns) (*report.RunData, error) {
	held, err := readRun(of.dir)
	if err != nil {
		return nil, err
	}
	r.measured.Converged = r.measured.Converged && (held.Converged || r.partial) // only the run itself saw its state come again
	fabric, err := report.Fabric(r.log.Lines(ctx, 1))
	if err != nil {
		return nil, err
	}
	checks, tells := check(r.scenario, r), newStory(r)
	d := &report.RunData{
		Title: r.title(), Headline: tells.headline(checks), Figures: tells.figures(checks), Scenario: r.scenario, Measured: r.measured,
		Fabric: fabric, End: int64(r.end()), Folder: of.dir, Expected: expectedTable(checks), Diagnoses: r.measured.Diagnoses,
		Violations: r.measured.Violations, Tables: tells.pageTables(), Provenance: r.provenance(held, of.text),
	}
	d.Focus = d.End
	switch all := tells.ranked(); {
	case len(all) == 0:
	case len(r.scenario.Traffic) == 0:
		d.Focus = r.measured.Convergence[tells.slowest()].T
	default:
		d.Focus = r.measured.Convergence[all[0]].T
	}
	d.Told, d.Budgets = tells.told(), tells.budgets()
	for _, a := range r.scenario.Assumptions() {
		d.Assumptions = append(d.Assumptions, report.Assumption{Name: a.Name, Value: a.Value, Grade: string(a.Grade), Source: a.Source})
	}
	return d, nil
}

// mostTold is of how many disturbances a page tells in words.
const mostTold = 40

// told tells of the disturbances that cost most, in their order.
func (r *story) told() (all []report.Told) {
	chosen := r.ranked()
	chosen = chosen[:min(len(chosen), mostTold)]
	slices.Sort(chosen)
	for _, i := range chosen {
		c := &r.measured.Convergence[i]
		d := r.measured.Disturbances[r.whats[c.Root]]
		all = append(all, report.Told{Title: seconds(c.T) + "  " + d.String(), Lines: r.followed(c), Impacts: r.impactsTable(c)})
	}
	return all
}

// budgets gives where the time of each outage went, or why that is not known.
func (r *story) budgets() (all []chart.BudgetBar) {
	for i := range r.measured.Convergence {
		if c := &r.measured.Convergence[i]; c.Detect != nil || r.hit(i) != nil {
			all = append(all, chart.BudgetOf(c, r.budget(c)))
		}
	}
	return all
}

// provenance says which run it is, and how to make it again.
func (r *result) provenance(held runJSON, text string) report.Provenance {
	again := fmt.Sprintf("simulate scenario.yaml --seed %d", r.seed)
	if r.ties != 0 {
		again += fmt.Sprintf(" --ties %d", r.ties)
	}
	facts := [][2]string{
		{"scenario", r.scenario.Name},
		{"description", r.scenario.Description},
		{"seed", strconv.FormatUint(r.seed, 10)},
		{"digest of the log", r.log.Digest()},
		{"SHA-256 of scenario.yaml", held.ScenarioSHA256},
		{"status", held.Status},
		{"lines", strconv.FormatUint(r.log.Len(), 10)},
		{"virtual time", seconds(int64(r.end()))},
		{"simulate", held.Versions["simulate"]},
		{"Go", held.Versions["go"]},
	}
	if r.scenario.Description == "" {
		facts = append(facts[:1], facts[2:]...)
	}
	return report.Provenance{Facts: facts, Commands: []string{again}, Texts: [][2]string{{"scenario.yaml, as it ran", text}}}
}
