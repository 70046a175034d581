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
}

// How much is run to estimate a sweep: some runs of some points, for some seconds.
const (
	pilotPoints = 5
	pilotRuns   = 5
	pilotTime   = 3 * time.Second
)

// measure makes a few runs of points from the first to the last, and keeps nothing.
// Where a single run takes longer than the time there is, nothing is known.
func (c *campaign) measure(ctx context.Context, skip func(point int) bool) (*pilot, error) {
	ctx, cancel := context.WithTimeout(ctx, pilotTime)
	defer cancel()
	p := &pilot{}
	var took time.Duration
	for i := range min(pilotPoints, c.points) {
		point := i * (c.points - 1) / max(min(pilotPoints, c.points)-1, 1)
		if skip(point) {
			continue
		}
		began := time.Now()
		rows := c.parts.Begin(c.keep)
		runs, err := c.try(ctx, point, rows)
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			break
		}
		if err != nil {
			return nil, err
		}
		part, err := rows.Part(nil)
		if err != nil {
			return nil, err
		}
		took += time.Since(began)
		p.Points, p.Runs, p.Bytes = p.Points+1, p.Runs+runs, p.Bytes+len(part)
	}
	if p.Runs == 0 {
		return nil, nil
	}
	p.Each, p.Bytes = took/time.Duration(p.Runs), p.Bytes/p.Runs
	return p, nil
}

// try makes the first runs of a point.
func (c *campaign) try(ctx context.Context, point int, rows *arrowfile.Block) (runs int, err error) {
	scenario, text, err := c.loaded.get(point, c.scenario)
	if err != nil {
		return 0, err
	}
	for ; runs < min(pilotRuns, c.seeds); runs++ {
		f := c.flags
		f.seed, f.text = c.first+uint64(runs), text
		if _, err := c.run(ctx, scenario, f, point*c.seeds+runs, rows); err != nil {
			return runs, err
		}
	}
	return runs, nil
}

// planData is what --plan tells, as data.
type planData struct {
	Scenario string         `json:"scenario"`
	Axes     []axisJSON     `json:"axes"`
	Points   []pointPlan    `json:"points"`
	Seeds    int            `json:"seeds"`
	Seed     uint64         `json:"seed"`
	Runs     int            `json:"runs"`
	Pilot    *pilot         `json:"pilot"` // null: one run takes longer than was waited for
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
		return usage("%d of %d points cannot be run; the first, %s:\n%s", len(wrong), w.campaign.points, w.named(w.invalid[0].Point), w.invalid[0].Error)
	}
	return nil
}

// planned writes it for people.
func (w *sweep) planned(s *shell, data *planData) document {
	d := document{data: data}
	d.stressAll(bold, s.wrapped(fmt.Sprintf("%s: %d points x %d seeds (%d to %d) = %s",
		data.Scenario, len(data.Points), data.Seeds, data.Seed, data.Seed+uint64(data.Seeds)-1, runsText(data.Runs))))
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
		return fmt.Sprintf("How long that takes is not known: one run took longer than %v.", pilotTime)
	}
	return fmt.Sprintf("About %v on %d cores of this machine, and %s on the disk (twice that while the tables are written): "+
		"estimated from %s of %d points, which were not kept.",
		roughly(*p.TookNS), p.AtOnce, bytesText(*p.Bytes), runsText(p.Pilot.Runs), p.Pilot.Points)
}

// roughly writes a time with about two digits.
func roughly(d time.Duration) time.Duration {
	for unit := time.Hour; unit >= time.Millisecond; unit /= 10 {
		if d >= 10*unit {
			return d.Round(unit)
		}
	}
	return d.Round(time.Millisecond)
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
