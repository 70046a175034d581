package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dualhome/metrics/arrowfile"
)

// pilot is how long the runs of some points took that were made to know that.
type pilot struct {
	Points int           `json:"points"`
	Runs   int           `json:"runs"`
	Each   time.Duration `json:"run_ns"`    // of processor time, about
	Bytes  int           `json:"run_bytes"` // on the disk, about

	AtLeast bool `json:"at_least"` // the last run was not waited for
}

// How much is run to estimate a sweep: some runs of some points, for some seconds.
const (
	pilotPoints = 5
	pilotRuns   = 5
	pilotTime   = 3 * time.Second
)

// measure makes a few runs of points from the first to the last, and keeps nothing: one of
// each, then some more of each. A run that takes longer than the time there is counts as
// long as it was waited for.
func (c *campaign) measure(ctx context.Context, skip func(point int) bool) (*pilot, error) {
	limited, cancel := context.WithTimeout(ctx, pilotTime)
	defer cancel()
	p := &pilot{}
	points := map[int]bool{}
	rows := c.parts.Begin(c.keep)
	began := time.Now()
	for n := range pilotRuns * pilotPoints {
		point := n % pilotPoints * (c.points - 1) / (pilotPoints - 1)
		seed := n / pilotPoints
		if skip(point) || seed >= c.seeds || seed > 0 && c.points < pilotPoints && n%pilotPoints >= c.points {
			continue
		}
		err := c.try(limited, point, seed, int64(n), rows)
		if err != nil && limited.Err() == nil {
			return nil, err
		}
		p.Runs++
		points[point] = true
		if err != nil {
			p.AtLeast = true
			break
		}
	}
	part, err := rows.Part(nil)
	if err != nil || p.Runs == 0 || ctx.Err() != nil {
		return nil, errors.Join(err, ctx.Err())
	}
	p.Points, p.Each, p.Bytes = len(points), time.Since(began)/time.Duration(p.Runs), len(part)/p.Runs
	return p, nil
}

// try makes a run of a point.
func (c *campaign) try(ctx context.Context, point, seed int, number int64, rows *arrowfile.Block) error {
	scenario, text, err := c.loaded.get(point, c.scenario)
	if err != nil {
		return err
	}
	f := c.flags
	f.seed, f.text = c.first+uint64(seed), text
	_, err = c.run(ctx, scenario, f, int(number), rows)
	return err
}

// planData is what --plan tells, as data.
type planData struct {
	Scenario string         `json:"scenario"`
	Axes     []axisJSON     `json:"axes"`
	Points   []pointPlan    `json:"points"`
	Seeds    int            `json:"seeds"`
	Seed     uint64         `json:"seed"`
	Runs     int            `json:"runs"`
	Pilot    *pilot         `json:"pilot"` // null: there is no point to try
	TookNS   *time.Duration `json:"estimated_ns"`
	Bytes    *int64         `json:"estimated_bytes"`
	AtOnce   int            `json:"at_once"`
}

// pointPlan is a point of a plan.
type pointPlan struct {
	Point  int               `json:"point"`
	Params map[string]string `json:"params"`
	Error  *string           `json:"error"` // why it cannot be run
}

// pointsPlanned is how many points of a plan people are shown.
const pointsPlanned = 40

// tellPlan prints what a sweep would run.
func (s *shell) tellPlan(ctx context.Context, p *progress, w *sweep) error {
	wrong := map[int]string{}
	for _, bad := range w.invalid {
		wrong[bad.Point] = bad.Error
	}
	p.enter("estimating")
	pilot, err := w.campaign.measure(ctx, func(point int) bool { return wrong[point] != "" })
	if err := errors.Join(err, ctx.Err()); err != nil {
		return err
	}
	p.end()
	data := planData{
		Scenario: w.plan.Name, Axes: w.axesJSON(), Points: []pointPlan{}, Seeds: w.campaign.seeds, Seed: w.campaign.first,
		Runs: (w.campaign.points - len(wrong)) * w.campaign.seeds, Pilot: pilot, AtOnce: w.workers,
	}
	for point := range w.campaign.points {
		data.Points = append(data.Points, pointPlan{point, w.params(point), nullable(wrong[point])})
	}
	if pilot != nil {
		took := pilot.Each * time.Duration(data.Runs) / time.Duration(w.workers)
		bytes := int64(pilot.Bytes) * int64(data.Runs)
		data.TookNS, data.Bytes = &took, &bytes
	}
	d := w.planned(s, &data)
	if err := s.render(d); err != nil {
		return err
	}
	if len(wrong) > 0 {
		return usage("%d of %d points cannot be run; the first, %s:\n%s", len(wrong), w.campaign.points, w.plan.Describe(w.invalid[0].Point), w.invalid[0].Error)
	}
	return nil
}

// planned writes it for people.
func (w *sweep) planned(s *shell, data *planData) document {
	d := document{data: data}
	d.stressAll(bold, s.wrapped(fmt.Sprintf("%s: %s x %d seeds (%d to %d) = %s",
		data.Scenario, pointsText(len(data.Points)), data.Seeds, data.Seed, data.Seed+uint64(data.Seeds)-1, runsText(data.Runs))))
	d.say(s.wrapped(data.estimate())...)
	d.say("")
	t := table{name: "points", head: []string{"point"}}
	for _, a := range data.Axes {
		t.head = append(t.head, a.Name)
	}
	shown := len(data.Points)
	if s.format == "table" {
		shown = min(shown, pointsPlanned)
	}
	for _, p := range data.Points[:shown] {
		row := []string{fmt.Sprint(p.Point)}
		for _, a := range data.Axes {
			value, set := p.Params[a.Name]
			if !set {
				value = "as in the file"
			}
			row = append(row, value)
		}
		t.add(row...)
	}
	if len(data.Axes) > 0 {
		d.show(t)
	} else {
		d.say("One point: nothing of the file changes. Give -m, or matrix: in the file.")
	}
	if more := len(data.Points) - shown; more > 0 {
		d.say(fmt.Sprintf("and %d points more (-o csv or json)", more))
	}
	return d
}

// estimate says how long all would take.
func (p *planData) estimate() string {
	if p.Pilot == nil {
		return "How long that takes is not known: there is no point to try."
	}
	about := "About"
	if p.Pilot.AtLeast {
		about = "At least"
	}
	return fmt.Sprintf("%s %v on %d cores of this machine, and %s on the disk (twice that while the tables are written): "+
		"estimated from %s of %d points, which were not kept.",
		about, roughly(*p.TookNS), p.AtOnce, bytesText(*p.Bytes), runsText(p.Pilot.Runs), p.Pilot.Points)
}

// roughly gives a time with about two digits.
func roughly(d time.Duration) time.Duration {
	unit := time.Millisecond
	for unit*100 <= d {
		unit *= 10
	}
	return d.Round(unit)
}

// bytesText writes a number of bytes.
func bytesText(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	size, i := float64(n), 0
	for size >= 1000 && i < len(units)-1 {
		size, i = size/1000, i+1
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", size), ".0") + " " + units[i]
}

// axesJSON gives the parameters that differ.
func (w *sweep) axesJSON() []axisJSON {
	all := []axisJSON{}
	for _, a := range w.plan.Axes {
		all = append(all, axisJSON{a.Name, a.Values, a.Numbers, a.Unit})
	}
	return all
}
