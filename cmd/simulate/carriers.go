package main

import (
	"fmt"
	"slices"
	"strings"

	"dualhome/metrics"
)

// carriers says which way a class and direction went just before a disturbance,
// and at the end of its window: by hub, past the NVAs, or nowhere.
func (r *result) carriers(i *metrics.Impact) (before, after string) {
	if i.Direction == "two-way" {
		return "", ""
	}
	var rows []metrics.Traffic
	for _, t := range r.measured.Traffic {
		if t.Class == i.Class && t.Direction == i.Direction {
			rows = append(rows, t)
		}
	}
	from, to := r.window(i.Root)
	return carriersAt(rows, from-1), carriersAt(rows, to-1)
}

// window gives when a disturbance begins and the next one, or the end of the run.
func (r *result) window(root int64) (from, to int64) {
	to = int64(r.scenario.Horizon) + 1
	for _, c := range r.measured.Convergence {
		if c.Root == root {
			from = c.T
		}
	}
	for _, c := range r.measured.Convergence {
		if c.T > from {
			to = min(to, c.T)
		}
	}
	return from, to
}

// carriersAt gives the shares that hold at an instant: of the last step until
// then.
func carriersAt(rows []metrics.Traffic, t int64) string {
	last := int64(-1)
	for _, row := range rows {
		if row.T <= t {
			last = row.T
		}
	}
	total := int64(0)
	shares := map[string]int64{}
	var names []string
	for i := range rows {
		if rows[i].T != last || rows[i].Offered == 0 {
			continue
		}
		name := carrier(&rows[i])
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		shares[name] += rows[i].Offered
		total += rows[i].Offered
	}
	slices.Sort(names)
	for i, n := range names {
		if shares[n] < total {
			names[i] = fmt.Sprintf("%s %.0f %%", n, 100*float64(shares[n])/float64(total))
		}
	}
	return strings.Join(names, ", ")
}

// carrier names what carries a part of the traffic.
func carrier(t *metrics.Traffic) string {
	switch {
	case t.Cause != nil && t.Via == nil:
		return "lost"
	case t.Cause != nil:
		return *t.Via + " (lost)"
	case t.Via == nil:
		return "direct, uninspected"
	}
	return *t.Via
}
