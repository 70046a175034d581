package chart

import (
	"strings"

	"dualhome/report/svg"

	"dualhome/metrics"
)

// Ranking is how much each parameter of a sweep moves a measure, beside what chance
// alone makes.
type Ranking struct {
	Measure string // what is moved, like "95th percentile of the loss of service"
	Unit    string // ns, B; empty: a count
	Rows    []metrics.SensitivityRow
	Say     func(float64) string // writes a figure with its unit
	Name    func(string) string  // of a parameter, as people read it
}

const (
	mostRanked = 16 // parameters that are drawn
	rankHeight = 30.0
)

// SVG draws a bar for each parameter: filled where its effect is more than chance.
func (r *Ranking) SVG() svg.Picture {
	rows := r.Rows[:min(len(r.Rows), mostRanked)]
	names, figures := make([]string, len(rows)), make([]string, len(rows))
	left, right, most := 60.0, 60.0, 0.0
	for i := range rows {
		names[i], figures[i] = r.Name(rows[i].Parameter), r.figure(&rows[i])
		left = max(left, textWidth(names[i], normal)+16)
		right = max(right, textWidth(figures[i], small)+16)
		for _, v := range []*float64{rows[i].Effect, rows[i].EffectHigh, rows[i].Chance} {
			if v != nil {
				most = max(most, *v)
			}
		}
	}
	left, right = min(left, 170), panelWidth-min(right, 160)
	bottom := plotTop - 12 + rankHeight*float64(len(rows))
	x := upright(unitOf(r.Unit), most, left, right)
	var w svg.Writer
	w.Open("g", "class", "plot", "data-left", left, "data-right", right, "data-low", exact(x.low), "data-high", exact(x.high))
	heading(&w, "how far each parameter moves it", "")
	flat(&w, x, bottom, plotTop-12, fitted(r.Measure, normal, panelWidth-left-60))
	for i := range rows {
		y := plotTop - 12 + rankHeight*(float64(i)+0.5)
		r.row(&w, &rows[i], x, y)
		w.Open("text", "x", left-8, "y", y+4, "text-anchor", "end", "data-parameter", rows[i].Parameter)
		w.Text("title", rows[i].Parameter)
		w.Text("tspan", fitted(names[i], normal, left-14))
		w.Close()
		w.Text("text", fitted(figures[i], small, panelWidth-right-12), "class", "note", "x", right+8, "y", y+4)
	}
	w.Text("text", "dashed: what chance alone makes; filled: more than that; whisker: 95 % interval", "class", "note", "x", 8, "y", bottom+54)
	w.Close()
	return svg.Picture{
		Width: panelWidth, Height: bottom + 62, Class: "chart plots ranking", Title: "which parameter moves the " + r.Measure + " most",
		Desc: r.describe(rows), Style: Style + plotStyle, Body: w.String(),
	}
}

// figure writes an effect.
func (r *Ranking) figure(row *metrics.SensitivityRow) string {
	switch {
	case row.Effect == nil && row.Distinct:
		return "not bounded"
	case row.Effect == nil:
		return "not known"
	case *row.Effect == 0:
		return "nothing"
	case !row.Distinct && row.P != nil:
		return r.Say(*row.Effect) + ", as by chance"
	}
	return r.Say(*row.Effect)
}

// row draws one parameter.
func (r *Ranking) row(w *svg.Writer, row *metrics.SensitivityRow, x axis, y float64) {
	w.Open("g", "class", "effect", "data-parameter", row.Parameter, "data-effect", exactly(row.Effect), "data-chance", exactly(row.Chance))
	if row.Effect != nil {
		class := "bar s1"
		if !row.Distinct {
			class = "bar hollow"
		}
		w.Leaf("rect", "class", class, "x", x.from, "y", y-8, "width", max(x.at(*row.Effect)-x.from, 0.5), "height", 16.0)
	}
	if row.Chance != nil && *row.Chance > 0 {
		w.Leaf("rect", "class", "chance", "x", x.from, "y", y-11, "width", x.at(*row.Chance)-x.from, "height", 22.0)
	}
	if row.EffectLow != nil && row.EffectHigh != nil && row.Effect != nil {
		var p path
		p.to("M", x.within(*row.EffectLow), y-4)
		p.to("v", 8)
		p.to("m", 0, -4)
		p.to("H", x.within(*row.EffectHigh))
		p.to("m", 0, -4)
		p.to("v", 8)
		w.Leaf("path", "class", "whisker ink", "d", p.String())
	}
	w.Close()
}

func (r *Ranking) describe(rows []metrics.SensitivityRow) string {
	var all []string
	for i := range rows {
		text := r.Name(rows[i].Parameter) + ": " + r.figure(&rows[i])
		if rows[i].Distinct {
			text += ", more than chance"
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}
