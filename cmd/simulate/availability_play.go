package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dualhome/availability"
	"dualhome/events"
	"dualhome/metrics"
	"dualhome/scenarios"
)

// played is how runs for an estimate are made, and what was odd about them.
type played struct {
	first      time.Duration // when the network is settled, and something may break
	samples    int           // that were made, those of the pilot too
	unrestored tally         // samples at whose end less was served than before
	restless   tally         // samples that had not settled at their end
}

// Times after the last repair of a run: within the first the network settles, unless it
// takes long. Then the run is made again with the second.
const (
	afterRepair     = 30 * time.Minute
	longAfterRepair = 6 * time.Hour
)

// begin plays the network with nothing broken. It has to settle: that it is, is where all
// other runs begin.
func (p *played) begin(ctx context.Context, s *scenarios.Scenario) error {
	p.first = s.Horizon
	r, err := play(ctx, s.With(nil, s.Horizon), &runFlags{seed: 1, bus: "memory", text: unwritten()})
	if err != nil {
		return err
	}
	why := ""
	if !r.measured.Converged {
		why = unconverged(r)
	} else if why, err = stillOpening(ctx, s); err != nil {
		return err
	}
	if why != "" {
		return &exitError{exitUnconverged, fmt.Errorf("%s: with nothing broken, %s: there is no state that failures could disturb; is the horizon of %s too early?",
			s.Name, why, seconds(int64(s.Horizon)))}
	}
	return nil
}

// stillOpening says until when flows that broke as the network came up are opened anew, if
// that is after its horizon: what is lost until then is no state, which lasts a year.
func stillOpening(ctx context.Context, s *scenarios.Scenario) (why string, err error) {
	var longest time.Duration
	for i := range s.Traffic {
		longest = max(longest, slices.Max(s.Traffic[i].Reconnect.Quantiles(100)))
	}
	if longest == 0 {
		return "", nil
	}
	m, err := measureOnce(ctx, s.With(nil, s.Horizon+longest), 1)
	if err != nil {
		return "", err
	}
	if last := lastChange(m); last > events.Time(s.Horizon) {
		return fmt.Sprintf("traffic changes until %s, as flows are opened anew (reconnect)", seconds(int64(last))), nil
	}
	return "", nil
}

// outcome is what the runs of a sample did.
type outcome struct {
	losses                []availability.Loss
	settled               time.Duration // after the last repair of the first
	seed                  uint64
	unrestored, unsettled string // of one of them: which class; why
}

// makeOne makes the runs of a sample.
func (d *failing) makeOne(ctx context.Context, s *availability.Sample) (*outcome, error) {
	o := &outcome{seed: s.Runs[0].Seed}
	for i, run := range s.Runs {
		m, repaired, err := d.play(ctx, run, afterRepair)
		if err == nil && (!m.Converged || lessServed(m) != "") {
			m, repaired, err = d.play(ctx, run, longAfterRepair)
		}
		if err != nil {
			return nil, err
		}
		o.losses = append(o.losses, lostIn(m))
		if class := lessServed(m); class != "" {
			o.unrestored = class
		}
		if !m.Converged {
			o.unsettled = m.Unsettled
		}
		if i == 0 {
			o.settled = time.Duration(lastChange(m) - repaired)
		}
	}
	return o, nil
}

// play makes one run. Repaired is when the last failure is.
func (d *failing) play(ctx context.Context, run availability.Run, after time.Duration) (m *metrics.Result, repaired events.Time, err error) {
	var faults []scenarios.Fault
	for _, h := range run.Hits {
		at := d.first + h.At
		faults = append(faults, d.scenario.Failures[h.Failure].Fault(at, h.Repair))
		repaired = max(repaired, events.Time(at+h.Repair))
	}
	m, err = measureOnce(ctx, d.scenario.With(faults, time.Duration(repaired)+after), run.Seed)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", d.scenario.Name, err)
	}
	return m, repaired, nil
}

// count keeps what was odd about the runs of a sample.
func (p *played) count(o *outcome) {
	p.samples++
	if o.unrestored != "" {
		p.unrestored.add(int64(o.seed), o.unrestored)
	}
	if o.unsettled != "" {
		p.restless.add(int64(o.seed), o.unsettled)
	}
}

// lessServed gives a class of which less is delivered at the end of a run than before its
// first failure; none: an empty name.
func lessServed(m *metrics.Result) string {
	for _, s := range m.Services {
		if !s.Restored {
			return s.Class
		}
	}
	return ""
}

// lastChange gives when a table, or how traffic flows, last changed.
func lastChange(m *metrics.Result) (at events.Time) {
	if n := len(m.Routes); n > 0 {
		at = events.Time(m.Routes[n-1].T)
	}
	for _, t := range m.Traffic {
		at = max(at, events.Time(t.T))
	}
	return at
}

// lostIn gives what a run lost beyond what is lost with nothing broken.
func lostIn(m *metrics.Result) availability.Loss {
	l := availability.Loss{}
	for _, s := range m.Services {
		put := func(what string, v float64) { l[availability.Key{Class: s.Class, What: what}] = v }
		add := func(what string, v float64) { l[availability.Key{Class: s.Class, What: what}] += v }
		offered, before := float64(s.Offered)/1e9, 0.0
		for _, c := range s.ByCause {
			put(availability.ByCause(c.Cause), c.Lost/1e9)
		}
		for _, c := range s.Before {
			add(availability.ByCause(c.Cause), -c.Lost*offered)
			add(availability.HealthyByCause(c.Cause), c.Lost)
			before += c.Lost
		}
		put(availability.PastNVAs, float64(s.Uninspected)/1e9-s.UninspectedBefore*offered)
		put(availability.Healthy, before)
		put(availability.HealthyAny, 0)
		put(availability.AnyLoss, float64(s.Outage)/1e9)
		if before > 0 {
			put(availability.HealthyAny, 1)
			put(availability.AnyLoss, float64(s.Outage)/1e9-offered)
		}
		put(availability.Equivalent, float64(s.Equivalent)/1e9-before*offered)
		put(availability.AtRepair, float64(s.AtRepair)/1e9-before*float64(s.Settling)/1e9)
	}
	return l
}
