package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dualhome/metrics"
)

func said(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// madeCurves gives curves over all kinds of parameters, with figures that are missing,
// not bounded, or lost.
func madeCurves(r *rand.Rand) *Curves {
	n := 1 + r.IntN(20)
	c := &Curves{Parameter: Parameter{Name: "hold"}, Measure: "loss of service", Unit: []string{"ns", "B", ""}[r.IntN(3)], Say: said}
	numbers := []float64{}
	for i := range n {
		switch r.IntN(3) {
		case 0:
			numbers = append(numbers, float64(i)*math.Pow(2, float64(i)))
		default:
			numbers = append(numbers, float64(i*(1+r.IntN(3))))
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	r.Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
	for _, v := range numbers {
		c.Parameter.Values = append(c.Parameter.Values, strconv.FormatFloat(v, 'f', -1, 64)+"s")
	}
	if r.IntN(4) > 0 {
		c.Parameter.Numbers = numbers
	}
	size := math.Pow(10, float64(r.IntN(13)))
	for line := range 1 + r.IntN(Lines) {
		l := Line{Name: fmt.Sprintf("line %d of several", line), Band: r.IntN(2) == 0}
		for range numbers {
			var e metrics.Estimate
			beyond := ""
			switch r.IntN(8) {
			case 0:
			case 1:
				beyond = "not restored in 3 of 40"
			case 2:
				e = metrics.Estimate{Value: new(size * r.Float64())}
			case 3:
				v := size * r.Float64()
				e = metrics.Estimate{Value: new(v), Low: new(v * r.Float64())}
			default:
				v := size * r.Float64()
				e = metrics.Estimate{Value: new(v), Low: new(v * r.Float64()), High: new(v * (1 + r.Float64()))}
			}
			l.Figures, l.Beyond = append(l.Figures, e), append(l.Beyond, beyond)
		}
		c.Lines = append(c.Lines, l)
	}
	return c
}

// TestCurvesShowTheFigures reads each figure back from where its mark stands, and that
// each band contains the line it is of.
func TestCurvesShowTheFigures(t *testing.T) {
	bands, marks, beyond := 0, 0, 0
	for seed := range uint64(150) {
		c := madeCurves(rand.New(rand.NewPCG(seed, 1)))
		d := readPicture(t, c.SVG())
		d.isSound(t)
		lines := sameLines(c.Lines)
		series := d.all("series")
		if len(series) != len(lines) {
			t.Fatalf("seed %d: %d lines, not %d", seed, len(series), len(lines))
		}
		for i, l := range lines {
			known, lost := 0, 0
			for v, e := range l.Figures {
				if e.Value != nil {
					known++
				}
				if l.Beyond[v] != "" {
					lost++
				}
			}
			at := map[string]float64{}
			for _, m := range series[i].all("mark") {
				v := slices.Index(c.Parameter.Values, m.attr["data-x"])
				e := l.Figures[v]
				if m.attr["data-y"] != exact(*e.Value) || m.attr["data-low"] != exactly(e.Low) || m.attr["data-high"] != exactly(e.High) {
					t.Errorf("seed %d: %v, not %+v", seed, m.attr, e)
				}
				var x, y float64
				if _, err := fmt.Sscanf(m.attr["transform"], "translate(%f %f)", &x, &y); err != nil {
					t.Fatal(err)
				}
				if got, by := d.value(t, y, "data-bottom", "data-top"); math.Abs(got-*e.Value) > by {
					t.Errorf("seed %d: the mark stands at %v, not %v", seed, got, *e.Value)
				}
				at[fmt.Sprint(x)] = y
				marks++
			}
			if len(at) != known || len(series[i].all("beyond")) != lost {
				t.Errorf("seed %d: %d marks and %d beyond, not %d and %d", seed, len(at), len(series[i].all("beyond")), known, lost)
			}
			beyond += lost
			for _, b := range d.all("band") {
				if b.attr["data-line"] != l.Name {
					continue
				}
				bands++
				corners := b.corners(t)
				for k, up := range corners[:len(corners)/2] {
					down := corners[len(corners)-1-k]
					if y := at[fmt.Sprint(up.x)]; up.x != down.x || up.y > y+0.02 || down.y < y-0.02 {
						t.Errorf("seed %d: the band from %v to %v does not hold %v", seed, down, up, y)
					}
				}
			}
		}
	}
	if bands < 100 || marks < 1000 || beyond < 100 {
		t.Errorf("%d bands, %d marks and %d beyond: it says little", bands, marks, beyond)
	}
}

// TestParameterStandsToScale: numbers stand in their order, as far apart as they are, or
// as their logarithms; and a zero of logarithms apart.
func TestParameterStandsToScale(t *testing.T) {
	for _, test := range []struct {
		numbers   []float64
		log, zero bool
	}{
		{[]float64{9, 15, 30, 60, 90, 120, 180}, false, false},
		{[]float64{180, 9, 15}, false, false},
		{[]float64{0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 60, 90}, true, true},
		{[]float64{20, 100, 500, 2000, 4000}, true, false},
		{[]float64{-1, 0, 1000}, false, false},
		{[]float64{5}, false, false},
	} {
		p := Parameter{Name: "p", Numbers: test.numbers}
		for _, v := range test.numbers {
			p.Values = append(p.Values, exact(v))
		}
		pl := p.along(100, 400)
		if pl.axis.log != test.log || pl.zero != test.zero {
			t.Errorf("%v: logarithmic %v, zero apart %v", test.numbers, pl.axis.log, pl.zero)
		}
		for i := 1; i < len(pl.order); i++ {
			a, b := pl.order[i-1], pl.order[i]
			if test.numbers[a] >= test.numbers[b] || pl.at[a] >= pl.at[b] {
				t.Errorf("%v: %v before %v", test.numbers, pl.at[a], pl.at[b])
			}
		}
		for i, at := range pl.at {
			if at < 99.9 || at > 400.1 {
				t.Errorf("%v: %v stands at %v", test.numbers, test.numbers[i], at)
			}
		}
	}
}

// TestLinesThatAreTheSameAreOne: nothing hides behind another line without being named.
func TestLinesThatAreTheSameAreOne(t *testing.T) {
	same := []metrics.Estimate{{Value: new(1e9)}, {Value: new(2e9)}}
	c := Curves{Parameter: Parameter{Name: "hold", Values: []string{"1s", "2s"}, Numbers: []float64{1e9, 2e9}}, Measure: "loss", Unit: "ns", Say: said, Lines: []Line{
		{Name: "nva1", Figures: same}, {Name: "nva2", Figures: []metrics.Estimate{{}, {}}}, {Name: "nva3", Figures: slices.Clone(same)},
	}}
	d := readPicture(t, c.SVG())
	labels := d.all("label")
	if len(labels) != 1 || labels[0].attr["data-label"] != "nva1, nva3" {
		t.Errorf("%d labels: %v", len(labels), labels[0].attr)
	}
}

// TestNamesInSweepsStayText: whatever names hold, no picture of a sweep has an element more.
func TestNamesInSweepsStayText(t *testing.T) {
	for _, name := range []string{`<script>alert(1)</script>`, `"><g onload="x`, "it's & <b>", "]]>", "a\x00b", strings.Repeat("long ", 60)} {
		values := []string{name, name + "2"}
		e := []metrics.Estimate{{Value: new(1.0)}, {Value: new(2.0), Low: new(1.5)}}
		q := Parameter{Name: name, Values: values}
		row := metrics.SensitivityRow{Parameter: name, Effect: new(2.0), EffectLow: new(1.0), EffectHigh: new(3.0), Chance: new(0.5), Distinct: true}
		for _, made := range []*drawn{
			readPicture(t, (&Curves{Parameter: q, Measure: name, Where: name, Say: said, Lines: []Line{{Name: name, Figures: e, Beyond: []string{name, ""}}}}).SVG()),
			readPicture(t, (&ECDF{Measure: name, Where: name, Say: said, Samples: []Sample{{Name: name, Values: []float64{1, 2}, Beyond: 1}, {Name: name + "2", Values: []float64{1, 3}}}}).SVG()),
			readPicture(t, (&Ranking{Measure: name, Say: said, Name: func(n string) string { return n }, Rows: []metrics.SensitivityRow{row}}).SVG()),
			readPicture(t, (&Scatter{Parameter: q, Measure: name, Say: said, Dots: 9, Points: []Dot{{Value: 0, Figure: 1, Words: name}, {Value: 1, Beyond: true, Words: name}}}).SVG()),
		} {
			made.isSound(t)
			for _, el := range made.all("") {
				if !slices.Contains([]string{"title", "desc", "style", "rect", "g", "text", "tspan", "line", "path", "circle"}, el.name) {
					t.Errorf("%q makes an element %s", name, el.name)
				}
				for a := range el.attr {
					if strings.HasPrefix(a, "on") {
						t.Errorf("%q makes an attribute %s", name, a)
					}
				}
			}
		}
	}
}
