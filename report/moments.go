package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dualhome/metrics"
	"dualhome/report/chart"
)

// moments is what a run changed, for the script of its page, which folds it up to an
// instant. A part of which there is too much is null.
type moments struct {
	End          seconds  `json:"end"`
	Focus        seconds  `json:"focus"`    // the instant that is shown first
	Hubs         []string `json:"hubs"`     // in the order of their colours
	Instants     instants `json:"instants"` // at which anything changed, ascending
	Disturbances *rows    `json:"disturbances"`
	Physical     *rows    `json:"physical"`
	Sessions     *rows    `json:"sessions"`
	Routes       *rows    `json:"routes"`
	Traffic      *rows    `json:"traffic"`
}

// seconds is a time as seconds and nanoseconds. A number of JavaScript is exact up to
// 2^53, which is 104 days in nanoseconds; this way each part is, however long a run.
type seconds struct {
	S  int64 `json:"s"`
	NS int64 `json:"ns"`
}

func secondsOf(ns int64) seconds { return seconds{ns / 1e9, ns % 1e9} }

type instants struct {
	S  []int64 `json:"s"`
	NS []int64 `json:"ns"`
}

// omission is a part of a run that its page does not hold.
type omission struct {
	part    string
	rows    int
	command string // that shows it
}

func (o omission) String() string {
	return fmt.Sprintf("The run has %d changes of %s. A page holds at most %d (or %d kB of names), so that these are not shown by instant; the pictures show all. %s shows them.",
		o.rows, o.part, mostRows, mostNames/1000, o.command)
}

// momentsOf gives the changes of a run, and what is left out of them.
func momentsOf(d *RunData) (*moments, []omission) {
	m := &moments{
		End: secondsOf(d.End), Focus: secondsOf(d.Focus), Hubs: hubs(&d.Measured.Tables),
		Disturbances: newRows("name", "text"), Physical: newRows("kind", "name", "state"),
		Sessions: sessionRows(d.Measured.Sessions), Routes: routeRows(d.Measured.Routes), Traffic: trafficRows(d.Measured.Traffic),
	}
	for _, c := range d.Measured.Disturbances {
		m.Disturbances.add(int64(c.At), new(c.Name), new(c.String()))
	}
	for _, c := range d.Fabric {
		m.Physical.add(c.T, new(c.Kind), new(c.Name), new(c.State))
	}
	replay := "simulate replay " + d.Folder + " --at T --actor ACTOR"
	left := slices.DeleteFunc([]omission{
		m.without(&m.Disturbances, "disturbances", "simulate replay "+d.Folder),
		m.without(&m.Physical, "nodes and links", replay),
		m.without(&m.Sessions, "sessions", replay),
		m.without(&m.Routes, "routes", replay),
		m.without(&m.Traffic, "traffic", "traffic.arrow"),
	}, func(o omission) bool { return o.rows == 0 })
	m.number()
	return m, left
}

// without leaves a part out that is too large.
func (m *moments) without(r **rows, part, command string) omission {
	if !(*r).tooMany() {
		return omission{}
	}
	o := omission{part, len((*r).times), command}
	*r = nil
	return o
}

// number lists the instants of all rows, and gives each row the number of its own.
func (m *moments) number() {
	all := []*rows{m.Disturbances, m.Physical, m.Sessions, m.Routes, m.Traffic}
	var times []int64
	for _, r := range all {
		if r != nil {
			times = append(times, r.times...)
		}
	}
	slices.Sort(times)
	times = slices.Compact(times)
	m.Instants = instants{S: make([]int64, len(times)), NS: make([]int64, len(times))}
	for i, t := range times {
		m.Instants.S[i], m.Instants.NS[i] = t/1e9, t%1e9
	}
	for _, r := range all {
		if r == nil {
			continue
		}
		at := 0
		for _, t := range r.times { // ascending, as in the log
			for times[at] < t {
				at++
			}
			r.T = append(r.T, at)
		}
	}
}

func sessionRows(all []metrics.Session) *rows {
	r := newRows("actor", "peer", "state", "reason")
	for i := range all {
		s := &all[i]
		r.add(s.T, &s.Actor, &s.Peer, &s.State, &s.Reason)
	}
	return r
}

// routeRows gives the changes of all tables; one without next hops is the end of an
// entry.
func routeRows(all []metrics.Route) *rows {
	r := newRows("actor", "table", "prefix", "hops", "path", "from")
	for i := range all {
		x := &all[i]
		r.add(x.T, &x.Actor, &x.Table, &x.Prefix, new(strings.Join(x.NextHops, ", ")), x.ASPath, x.From)
	}
	return r
}

// trafficRows gives the steps of all classes and directions, in order of time. Rows
// of nothing are left out, unless a step has no other.
func trafficRows(all []metrics.Traffic) *rows {
	r := newRows("class", "direction", "via", "path", "offered", "delivered", "lost", "cause")
	steps := slices.Clone(all) // by class and direction
	slices.SortStableFunc(steps, func(a, b metrics.Traffic) int { return int(max(min(a.T-b.T, 1), -1)) })
	for i := 0; i < len(steps); {
		n := i + 1
		for n < len(steps) && steps[n].T == steps[i].T && steps[n].Class == steps[i].Class && steps[n].Direction == steps[i].Direction {
			n++
		}
		some := false
		for k := i; k < n; k++ {
			if x := &steps[k]; x.Offered > 0 || !some && k == n-1 {
				some = true
				r.add(x.T, &x.Class, &x.Direction, x.Via, x.Path, rate(x.Offered), rate(x.Delivered), rate(x.Lost), x.Cause)
			}
		}
		i = n
	}
	return r
}

func rate(v int64) *string { return new(strconv.FormatInt(v, 10)) }

// hubs gives the hubs in the order of their colours.
func hubs(t *metrics.Tables) []string {
	names := []string{}
	for _, c := range chart.HubClasses(t) {
		names = append(names, c.Hub)
	}
	return names
}
