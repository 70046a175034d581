package metrics

import (
	"fmt"
	"iter"
	"slices"

	"dualhome/events"
)

// Result is what a run measured.
type Result struct {
	Tables
	Scenario     string
	Seed         uint64
	Horizon      events.Time // the run's end
	Lines        uint64
	Turns        uint64
	Messages     uint64 // sent between actors
	NICGroups    int    // of VMs and of NVAs
	Converged    bool
	Unsettled    string // why it has not converged, in words; none: it has
	SessionsDown int    // sessions of two speakers that are not Established at both ends at the run's end
	Disturbances []Disturbance
	Absences     []Absence      // when processes did not run
	Impacts      []Impact       // by disturbance, class and direction
	Episodes     []Episode      // by fault, class, direction and cause: with what its repair did
	Services     []Service      // by class: all disturbances together; none where nothing failed
	Final        []Final        // by class and direction, at the run's end
	LocRIB       map[string]int // best routes that are not its own at the run's end, by speaker; those with none too
	State        State          // what all tables hold at the run's end
	Diagnoses    []string       // what is wrong with the network, why, and what would help: a sentence each
	Violations   []string       // laws of the model that the run broke; none, unless the simulator is wrong
}

// Measure reads a log to its end, once, and measures the run. It is a Meter that
// is given all lines.
func Measure(lines iter.Seq2[events.Line, error]) (*Result, error) {
	var m Meter
	return m.measure(lines)
}

func (m *Meter) measure(lines iter.Seq2[events.Line, error]) (*Result, error) {
	var line events.Line // one for all, so that not each is put on the heap
	for l, err := range lines {
		if line = l; err == nil {
			err = m.Add(&line)
		}
		if err != nil {
			return nil, fmt.Errorf("measure: %w", err)
		}
	}
	return m.Finish()
}

// Meter measures a run whose lines come one by one, from a log or while they are
// written. What it keeps is bounded by the tables, but for 24 bytes a line and an
// entry per route of each Adj-RIB-In. The zero value is ready for the first line. Who
// measures many runs, one after the other, does so with one Meter.
type Meter struct {
	Other *Matrix // traffic to measure instead of that of the log; nil: none

	// Brief leaves the rows of programming.arrow, traffic.arrow and shift.arrow out,
	// which no other figure of a run is made of.
	Brief bool

	all *meter
}

// Add takes the next line. It keeps its event, not the line itself. It fails where
// the lines are no log: out of order, or without RunStarted; and with a LeakError
// where traffic is not conserved.
func (m *Meter) Add(l *events.Line) error {
	if m.all == nil {
		m.all = newMeter()
		m.Reset()
	}
	return m.all.add(l)
}

// Reset makes the Meter ready for the first line of another run, whatever became of
// the one before, whose Result stays as it is.
func (m *Meter) Reset() {
	if m.all != nil {
		m.all.reset()
		m.all.other, m.all.brief = m.Other, m.Brief
	}
}

// Finish gives what the lines add up to, or fails as Add does. It may be called once
// for a run, after its last.
func (m *Meter) Finish() (*Result, error) {
	if m.all == nil || m.all.result.Lines == 0 {
		return nil, fmt.Errorf("measure: there are no lines")
	}
	m.all.finish()
	if err := m.all.traffic.leak; err != nil {
		return nil, fmt.Errorf("measure: %w", err)
	}
	return m.all.result, nil
}

// meter is all folds side by side.
type meter struct {
	result    *Result
	line      *lineage
	net       *network
	traffic   *traffic
	reactions *reactions
	flapping  *flapping
	pending   *pending
	ribs      *ribs
	overflows *overflows
	brief     bool
	other     *Matrix                    // until the facts are known; nil: that of the log
	known     map[[2]events.ActorID]bool // pairs of speakers
	gone      map[events.ActorID]int     // the last of the absences of an actor that is gone
}

func newMeter() *meter {
	g, n := &lineage{}, newNetwork()
	m := &meter{
		result: &Result{}, line: g, net: n, traffic: &traffic{net: n, line: g}, reactions: &reactions{line: g, net: n},
		flapping: &flapping{texts: n.texts}, pending: &pending{line: g, net: n}, ribs: &ribs{net: n}, overflows: &overflows{net: n},
	}
	m.reset()
	return m
}

// reset makes all folds ready for another run. Nothing of the result of the run
// before is used again, but its rows say how many this one likely has.
func (m *meter) reset() {
	was := m.result
	m.result = &Result{
		Tables: Tables{
			Routes: likeliest(was.Routes), Programming: likeliest(was.Programming), Sessions: likeliest(was.Sessions),
			Shift: likeliest(was.Shift), Outages: likeliest(was.Outages),
		},
		Impacts: likeliest(was.Impacts), State: likeliest(was.State),
	}
	m.line.reset()
	m.net.reset()
	m.traffic.reset()
	m.reactions.reset()
	m.flapping.reset()
	m.pending.reset()
	m.ribs.reset()
	m.overflows.reset()
	m.other, m.known, m.gone = nil, emptied(m.known), emptied(m.gone)
}

// orNone gives rows, and nil where there are none.
func orNone[S ~[]T, T any](rows S) S {
	if len(rows) == 0 {
		return nil
	}
	return rows
}

// likeliest gives room for as many rows as the run before had, and a few more.
func likeliest[S ~[]T, T any](was S) S {
	return slices.Grow(S(nil), len(was)+len(was)/8)
}

// add takes the next line.
func (m *meter) add(l *events.Line) error {
	if err := m.begin(l); err != nil {
		return err
	}
	if err := m.line.add(l); err != nil {
		return err
	}
	if m.other != nil && l.Role != events.Fact {
		m.other.fold(m.net)
		m.other = nil
	}
	m.traffic.add(l)
	m.net.apply(l)
	m.reactions.add(l)
	m.pending.add(l)
	m.ribs.add(l)
	m.overflows.add(l)
	m.count(l)
	if l.Role == events.Change {
		m.rows(l)
	}
	return m.traffic.leak
}

// begin reads the first line.
func (m *meter) begin(l *events.Line) error {
	if m.result.Lines > 0 {
		return nil
	}
	run, ok := l.Event.(events.RunStarted)
	if !ok {
		return fmt.Errorf("the first line is no %v", events.KindRunStarted)
	}
	m.result.Scenario, m.result.Seed, m.result.Horizon = run.Scenario, run.Seed, run.Horizon
	return nil
}

func (m *meter) count(l *events.Line) {
	m.result.Lines++
	switch l.Role {
	case events.In, events.Fired, events.Lost:
		m.result.Turns++
	case events.Out:
		m.result.Messages++
	default: // only part of a turn
	}
}

// rows keeps the rows that one Change is.
func (m *meter) rows(l *events.Line) {
	t := &m.result.Tables
	switch e := l.Event.(type) {
	case *events.BestChanged:
		t.Routes = routes(t.Routes, m.line, m.net, l)
		m.flapping.add(l, e, m.line.root(l.Seq))
	case *events.FIBChanged:
		t.Routes = routes(t.Routes, m.line, m.net, l)
	case events.NICChanged:
		t.Routes = routes(t.Routes, m.line, m.net, l)
		if e.Instance != "" && !m.brief {
			t.Programming = append(t.Programming, programming(m.line, l, e))
		}
	case events.SessionChanged:
		t.Sessions = append(t.Sessions, session(m.line, l, e))
		m.meet(l.Actor, e.Neighbor)
	case events.NodeState:
		m.absent(l, e)
	case events.Suppressed:
		m.flapping.suppress(l, e, m.line.root(l.Seq))
	}
}

// meet notes that there is a session of two speakers.
func (m *meter) meet(a, b events.ActorID) {
	if b < a {
		a, b = b, a
	}
	m.known[[2]events.ActorID{a, b}] = true
}

// finish measures what can only be known at the end.
func (m *meter) finish() {
	r := m.result
	if r.Horizon == 0 {
		r.Horizon = m.traffic.now
	}
	m.traffic.end(r.Horizon)
	r.endAbsences()
	r.Disturbances, r.NICGroups = m.line.disturbances, len(m.net.groups)
	r.Unsettled = m.pending.unsettled(r.Horizon)
	r.Converged = r.Unsettled == ""
	for pair := range m.known { // order-free: a count
		if !m.net.established(pair[0], pair[1]) || !m.net.established(pair[1], pair[0]) {
			r.SessionsDown++
		}
	}
	for _, id := range m.net.visited {
		r.Violations = append(r.Violations, fmt.Sprintf("a packet came to the Route Server %s", id))
	}
	r.Flapping = m.flapping.rows(m.line, r.Horizon)
	r.Final, r.LocRIB, r.State, r.Diagnoses = m.traffic.finals(), m.net.learnedRoutes(), m.net.state(r.State), m.diagnose()
	m.judge()
	r.Routes, r.Programming, r.Sessions, r.Shift = orNone(r.Routes), orNone(r.Programming), orNone(r.Sessions), orNone(r.Shift)
	r.Outages, r.Impacts, r.State = orNone(r.Outages), orNone(r.Impacts), orNone(r.State)
}

// judge fills the tables about classes and disturbances.
func (m *meter) judge() {
	r := m.result
	if !m.brief {
		r.Traffic = m.traffic.rows()
	}
	r.Services = m.traffic.services(r.Disturbances, r.Horizon)
	ws, open := windows(r.Disturbances, r.Horizon), m.pending.open()
	for i, d := range r.Disturbances {
		row := m.reactions.row(i, !open[i+1])
		m.traffic.judgeWindow(&row, d, ws[i])
		r.Convergence = append(r.Convergence, row)
		for _, c := range m.traffic.classes {
			c.outages(r, m.net.texts, d, ws[i])
			if !m.brief {
				r.Shift = c.shift(c.shift(r.Shift, m.net, d, ws[i], forward), m.net, d, ws[i], backward)
			}
		}
	}
	r.Episodes = m.episodes(ws)
}
