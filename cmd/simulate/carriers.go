package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// carriers says which way a class and direction went just before a disturbance,
// and at the end of its window: by hub, past the NVAs, or nowhere.
func (r *result) carriers(i *metrics.Impact) (before, after string) {
	if i.Direction == "two-way" {
		return "", ""
	}
	rows := r.traffic(i.Class, i.Direction)
	from, to := r.window(i.Root)
	name := carrier
	if r.isPlain(i.Class) {
		name = routers
	}
	return carriersAt(rows, from-1, name), carriersAt(rows, to-1, name)
}

// isPlain tells whether a class is one of a plain network, which has no hubs.
func (r *result) isPlain(class string) bool {
	i := slices.IndexFunc(r.scenario.Traffic, func(c scenarios.Class) bool { return c.Name == class })
	return i >= 0 && slices.ContainsFunc(r.scenario.Routers, func(x scenarios.Router) bool { return x.Name == r.scenario.Traffic[i].From })
}

// routers names what carries a part of the traffic of a plain network: the routers
// between its ends, as many as there is room for.
func routers(t *metrics.Traffic) (carries, loses string) {
	if t.Path == nil {
		return "", "lost"
	}
	const most = 3
	var ways []string
	for path := range strings.SplitSeq(*t.Path, "; ") {
		all := strings.Split(path, " > ")
		switch last := len(all) - 1; {
		case last <= 1:
			ways = append(ways, "direct")
		case last > most+1:
			ways = append(ways, fmt.Sprintf("%s > (%d routers)", all[1], last-2))
		default:
			ways = append(ways, strings.Join(all[1:last], " > "))
		}
	}
	return strings.Join(ways, "; "), "lost"
}

// traffic gives the rows of a class and direction, in order of time. They are
// sorted out once: a run may have thousands of disturbances.
func (r *result) traffic(class, direction string) []metrics.Traffic {
	if r.flows == nil {
		r.flows = map[[2]string][]metrics.Traffic{}
		for _, t := range r.measured.Traffic {
			of := [2]string{t.Class, t.Direction}
			r.flows[of] = append(r.flows[of], t)
		}
	}
	return r.flows[[2]string{class, direction}]
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
func carriersAt(rows []metrics.Traffic, t int64, naming func(*metrics.Traffic) (carries, loses string)) string {
	end := sort.Search(len(rows), func(i int) bool { return rows[i].T > t })
	begin := end
	for begin > 0 && rows[begin-1].T == rows[end-1].T {
		begin--
	}
	rows = rows[begin:end]
	total := int64(0)
	shares := map[string]int64{}
	var names []string
	add := func(name string, rate int64) {
		if rate == 0 {
			return
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		shares[name] += rate
		total += rate
	}
	for i := range rows {
		carries, loses := naming(&rows[i])
		add(carries, rows[i].Delivered)
		add(loses, rows[i].Lost)
	}
	slices.Sort(names)
	for i, n := range names {
		if shares[n] < total {
			names[i] = n + " " + portion(float64(shares[n])/float64(total))
		}
	}
	return strings.Join(names, ", ")
}

// carrier names what carries a part of the traffic, and what loses it. What is
// full does both.
func carrier(t *metrics.Traffic) (carries, loses string) {
	if t.Via == nil {
		return "direct, uninspected", "lost"
	}
	return *t.Via, *t.Via + " (lost)"
}
