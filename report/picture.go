package report

import (
	"dualhome/report/chart"
	"dualhome/report/svg"
)

// RunPicture draws a run in little room, for slides and documents: what failed, and
// what became of the traffic; without traffic, of sessions and routes.
func RunPicture(d *RunData) svg.Picture {
	return chart.Timeline(d.Measured, 0, d.End, chart.TimelineOptions{Brief: len(d.Measured.Tables.Traffic) > 0, Reached: d.End})
}

// SweepPicture draws what the page of a sweep shows first: its first measure over its
// parameters, or how it spreads where there are none. Without any figure there is no
// picture.
func SweepPicture(d *SweepData) (pic svg.Picture, some bool) {
	if len(d.Measures) == 0 {
		return pic, false
	}
	m, lay := &d.Measures[0], layoutOf(d)
	switch {
	case len(lay.scatter) > 0:
		return d.scatter(m, lay.scatter[0], lay.plain), true
	case lay.along >= 0:
		return svg.Stack(d.Title, level(d.means(m, lay))...), true
	}
	e, some := d.distribution(m, lay)
	return e.SVG(), some
}
