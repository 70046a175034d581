package report

import (
	"cmp"
	"slices"
	"strconv"

	"dualhome/report/chart"
	"dualhome/report/svg"
)

// mostPictures bounds the pictures over time of single disturbances, in bytes. They are
// of those after which most was lost; the picture of the whole run has all.
const mostPictures = 110_000

// wide is the width of pictures over time, which is that of a page.
const wide = 1200

// timeline writes pictures of the whole run and of each disturbance; the slider goes
// over the time of the one that is shown.
func (p *page) timeline(d *RunData) {
	p.section("timeline", "Over time")
	all := []tab{{name: "whole run", data: []string{"data-from", "0", "data-to", strconv.FormatInt(d.End, 10)}, fill: func() {
		p.picture("timeline-run", chart.Timeline(d.Measured, 0, d.End, chart.TimelineOptions{Width: wide, ID: "timeline-run", Reached: d.End}))
	}}}
	shown := d.windows()
	for _, w := range shown {
		data := []string{"data-from", strconv.FormatInt(w.From, 10), "data-to", strconv.FormatInt(w.To, 10), "data-at", strconv.FormatInt(w.At, 10)}
		all = append(all, tab{name: w.Name, data: data, fill: func() { p.picture(w.id, w.picture) }})
	}
	p.tabs("over", "Which time", all)
	if left := len(d.Measured.Convergence) - len(shown); left > 0 {
		p.text("p", "The "+strconv.Itoa(left)+" disturbances that cost less have no picture of their own; that of the whole run shows them.", "class", "note")
	}
	p.end()
}

// window is the picture of what followed from a disturbance.
type window struct {
	chart.Window
	id      string
	index   int // of the disturbance
	picture svg.Picture
}

// windows gives the pictures of single disturbances that a page has room for, in
// their order.
func (d *RunData) windows() []window {
	var all []window
	for i, w := range chart.Windows(d.Measured, d.End) {
		all = append(all, window{Window: w, id: "timeline-" + strconv.Itoa(i), index: i})
	}
	costs := d.costs()
	slices.SortStableFunc(all, func(a, b window) int {
		return cmp.Compare(costs[d.Measured.Convergence[b.index].Root], costs[d.Measured.Convergence[a.index].Root])
	})
	room := mostPictures
	for i := range all {
		w := &all[i]
		w.picture = chart.Timeline(d.Measured, w.From, w.To, chart.TimelineOptions{Width: wide, ID: w.id, About: w.Name, Reached: d.End})
		if room -= len(w.picture.Body); room < 0 && i > 0 {
			all = all[:i]
			break
		}
	}
	slices.SortFunc(all, func(a, b window) int { return cmp.Compare(a.index, b.index) })
	return all
}

// costs gives how long a full outage would lose as much as was lost after each
// disturbance, by its root.
func (d *RunData) costs() map[int64]int64 {
	all := map[int64]int64{}
	for i := range d.Measured.Impacts {
		all[d.Measured.Impacts[i].Root] += d.Measured.Impacts[i].Equivalent
	}
	return all
}

// budget writes what the time of each outage went to.
func (p *page) budget(d *RunData) {
	if len(d.Budgets) == 0 {
		return
	}
	p.section("budget", "Outage budget")
	p.picture("budgets", chart.Budget(d.Budgets, chart.BudgetOptions{ID: "budgets", Width: wide}))
	p.end()
}
