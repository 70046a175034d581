package main

import (
	"fmt"
	"strings"

	"dualhome/report"
)

// pageFigures gives the numbers of the first screen.
func (v *sweepView) pageFigures() []report.Figure {
	all := []report.Figure{{Name: "points", Value: itoa(len(v.points))}, {Name: "runs", Value: itoa(v.Runs)}}
	if wrong := v.invalid(); wrong > 0 {
		all[0].Note = fmt.Sprintf("of %d; %d cannot be run", len(v.points)+wrong, wrong)
	}
	if len(v.points) == 1 {
		all = all[1:]
	}
	all = append(append(all, v.settled()), v.means()...)
	if failed := len(v.Failures); failed > 0 {
		all = append(all, report.Figure{Name: "could not be made", Value: itoa(failed), Note: "points or runs", Tone: report.Bad})
	}
	return all
}

// settled gives how many runs converged.
func (v *sweepView) settled() report.Figure {
	converged, cut := 0, 0
	for i := range v.points {
		converged, cut = converged+v.points[i].Converged, cut+v.points[i].CutShort
	}
	f := report.Figure{Name: "converged", Value: fmt.Sprintf("%d of %d", converged, v.Runs), Exact: itoa(converged), Tone: report.Good}
	if converged < v.Runs {
		f.Tone = report.Bad
	}
	if cut > 0 {
		f.Note = fmt.Sprintf("%d cut short at a bound, in no figure", cut)
	}
	return f
}

// means gives the lowest and the highest mean of the measure; none where no point has one.
func (v *sweepView) means() (all []report.Figure) {
	var low, high *pointView
	for i := range v.points {
		p := &v.points[i]
		switch m := p.figure.Mean.Value; {
		case m == nil:
			continue
		case low == nil:
			low, high = p, p
		case *m < *low.figure.Mean.Value:
			low = p
		case *m > *high.figure.Mean.Value:
			high = p
		}
	}
	of := strings.TrimPrefix(v.shown.brief(), "the ")
	switch {
	case low == nil:
		return nil
	case len(v.points) == 1:
		return []report.Figure{v.mean("mean "+of, low)}
	case *low.figure.Mean.Value == *high.figure.Mean.Value:
		one := v.mean("mean "+of, low)
		one.Note = "the same at all points"
		all = []report.Figure{one}
	default:
		all = []report.Figure{v.mean("lowest mean "+of, low), v.mean("highest mean "+of, high)}
	}
	if top := v.highest(); top >= 0 && v.points[top].figure.Mean.Value == nil {
		all[len(all)-1] = report.Figure{Name: "highest mean " + of, Value: "not known", Note: "not restored: " + v.named(v.points[top].Params), Tone: report.Bad}
	}
	return all
}

// mean gives the mean at a point, and how many more have the same.
func (v *sweepView) mean(name string, p *pointView) report.Figure {
	f := report.Figure{Name: name, Value: v.shown.figure(*p.figure.Mean.Value), Exact: number(p.figure.Mean.Value), Note: v.named(p.Params)}
	same := 0
	for i := range v.points {
		if m := v.points[i].figure.Mean.Value; m != nil && *m == *p.figure.Mean.Value {
			same++
		}
	}
	if same > 1 {
		f.Note += ", and " + pointsText(same-1) + " more"
	}
	return f
}
