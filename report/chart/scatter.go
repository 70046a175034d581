package chart

import (
	"cmp"
	"fmt"
	"slices"

	"dualhome/report/svg"
)

// Scatter is a figure of many points of a sweep over one parameter, where the others
// differ as well. Where there are too many for dots they are gathered: in each bin a line goes from
// the lowest to the highest, the middle half is thick, and a tick is the median.
type Scatter struct {
	Parameter Parameter
	Measure   string
	Unit      string
	Points    []Dot
	Dots      int // how many points are drawn one by one; of more it shows how they spread
	Say       func(float64) string
}

// Dot is a point of a sweep.
type Dot struct {
	Value  int     // the place in the values of the parameter
	Figure float64 // what it shows
	Beyond bool    // not known, but more than all that are
	Words  string
}

// bins is how many a scatter has at most.
const bins = 60

// SVG draws the points.
func (s *Scatter) SVG() svg.Picture {
	const right, bottom = panelWidth - 20, panelHeight - belowPlot
	most := 0.0
	for _, d := range s.Points {
		if !d.Beyond {
			most = max(most, d.Figure)
		}
	}
	y := upright(unitOf(s.Unit), most, bottom, plotTop)
	x := s.Parameter.along(plotLeft+inPlot, right-inPlot)
	var w svg.Writer
	w.Open("g", "class", "plot", "data-left", plotLeft, "data-right", right, "data-top", plotTop, "data-bottom", bottom, "data-low", exact(y.low), "data-high", exact(y.high))
	where := "each dot is a point of the sweep; the other parameters differ too"
	if len(s.Points) > s.Dots {
		where = fmt.Sprintf("%d points gathered: range, middle half, median; others differ too", len(s.Points))
	}
	heading(&w, y.title(s.Measure), where)
	y.upright(&w, plotLeft, right)
	x.draw(&w, plotLeft, right, bottom, plotTop)
	if len(s.Points) > s.Dots {
		s.gathered(&w, &x, y)
	} else {
		s.dots(&w, &x, y)
	}
	w.Close()
	return svg.Picture{
		Width: panelWidth, Height: panelHeight, Class: "chart plots scatter", Title: s.Measure + " of the points over " + s.Parameter.Name,
		Desc: s.describe(), Style: Style + plotStyle, Body: w.String(),
	}
}

func (s *Scatter) dots(w *svg.Writer, x *places, y axis) {
	for _, d := range s.Points {
		at := plotTop - 4.0
		if !d.Beyond {
			at = y.at(d.Figure)
		}
		class, figure := "dot", exact(d.Figure)
		if d.Beyond {
			class, figure = "dot beyond", ""
		}
		w.Open("circle", "class", class, "cx", x.at[d.Value], "cy", at, "r", 3.0, "data-x", s.Parameter.Values[d.Value], "data-y", figure)
		w.Text("title", d.Words)
		w.Close()
	}
}

// gathered draws bins: of as many values as fit, or each value its own.
func (s *Scatter) gathered(w *svg.Writer, x *places, y axis) {
	type bin struct {
		at     float64 // the sum of the coordinates
		points int
		values []float64
	}
	all := make([]bin, bins)
	for _, d := range s.Points {
		i := int((x.at[d.Value] - plotLeft) / (panelWidth - 20 - plotLeft) * bins)
		b := &all[min(max(i, 0), bins-1)]
		b.at, b.points = b.at+x.at[d.Value], b.points+1
		if !d.Beyond {
			b.values = append(b.values, d.Figure)
		}
	}
	for i := range all {
		b := &all[i]
		if len(b.values) == 0 {
			continue
		}
		slices.SortFunc(b.values, cmp.Compare)
		of := func(share float64) float64 { return y.at(b.values[int(share*float64(len(b.values)-1))]) }
		at := b.at / float64(b.points)
		w.Open("g", "class", "bin", "data-points", b.points, "data-low", exact(b.values[0]), "data-high", exact(b.values[len(b.values)-1]))
		w.Leaf("line", "class", "whisker s1", "x1", at, "y1", of(0), "x2", at, "y2", of(1))
		w.Leaf("line", "class", "half s1", "x1", at, "y1", of(0.25), "x2", at, "y2", of(0.75)+0.1)
		w.Leaf("line", "class", "whisker ink", "x1", at-4, "y1", of(0.5), "x2", at+4, "y2", of(0.5))
		w.Close()
	}
}

func (s *Scatter) describe() string {
	low, high, beyond := -1, -1, 0
	for i, d := range s.Points {
		if d.Beyond {
			beyond++
			continue
		}
		if low < 0 || d.Figure < s.Points[low].Figure {
			low = i
		}
		if high < 0 || d.Figure > s.Points[high].Figure {
			high = i
		}
	}
	text := fmt.Sprintf("%d points", len(s.Points))
	if low >= 0 {
		text += fmt.Sprintf(", from %s at %s to %s at %s", s.Say(s.Points[low].Figure), s.Parameter.Values[s.Points[low].Value],
			s.Say(s.Points[high].Figure), s.Parameter.Values[s.Points[high].Value])
	}
	if beyond > 0 {
		text += fmt.Sprintf("; %d not restored", beyond)
	}
	return text
}
