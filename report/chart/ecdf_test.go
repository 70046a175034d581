package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dualhome/metrics"
)

// TestDistributionsShowTheRuns: a line never falls, goes up at the figures of the runs
// by as much as they are of all, and ends as far below 100 % as runs have no figure.
func TestDistributionsShowTheRuns(t *testing.T) {
	legends, labeled, censored := 0, 0, 0
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 2))
		e := ECDF{Measure: "loss of service", Unit: []string{"ns", ""}[r.IntN(2)], Say: said}
		for i := range 1 + r.IntN(Lines) {
			s := Sample{Name: fmt.Sprint(i*30, "s"), Beyond: max(0, r.IntN(20)-14)}
			for range r.IntN(60) {
				s.Values = append(s.Values, float64(i)*1e10+1e10*r.Float64())
			}
			slices.Sort(s.Values)
			e.Samples = append(e.Samples, s)
		}
		d := readPicture(t, e.SVG())
		d.isSound(t)
		if len(d.all("legend")) > 0 {
			legends++
		} else {
			labeled++
		}
		plot := d.all("plot")[0]
		top, bottom := plot.number(t, "data-top"), plot.number(t, "data-bottom")
		samples := sameSamples(e.Samples)
		for i, line := range d.all("series") {
			s := samples[i]
			runs := len(s.Values) + s.Beyond
			corners := line.all("line")[0].corners(t)
			for k := 1; k < len(corners); k++ {
				if corners[k].x < corners[k-1].x || corners[k].y > corners[k-1].y {
					t.Fatalf("seed %d: it goes from %v to %v", seed, corners[k-1], corners[k])
				}
			}
			last := corners[len(corners)-1]
			if share := (bottom - last.y) / (bottom - top); math.Abs(share-float64(len(s.Values))/float64(runs)) > 1e-3 {
				t.Errorf("seed %d: it ends at %v of %d runs with %d beyond", seed, share, runs, s.Beyond)
			}
			if s.Beyond > 0 && last.x != plot.number(t, "data-right") {
				t.Errorf("seed %d: it ends at %v, and some are not restored", seed, last)
			}
			censored += s.Beyond
			if int(line.number(t, "data-runs")) != runs || int(line.number(t, "data-beyond")) != s.Beyond {
				t.Errorf("seed %d: %v", seed, line.attr)
			}
			for _, c := range corners[:len(corners)-1] {
				v, _ := d.value(t, c.x, "data-left", "data-right")
				_, px := d.value(t, c.x, "data-left", "data-right")
				at := math.Round((bottom - c.y) / (bottom - top) * float64(runs))
				below, _ := slices.BinarySearch(s.Values, v-30*px)
				upTo, _ := slices.BinarySearch(s.Values, v+30*px)
				if int(at) < below || int(at) > upTo {
					t.Errorf("seed %d: %v of the runs at %v, where it is %d to %d", seed, at, v, below, upTo)
				}
			}
		}
	}
	if legends < 10 || labeled < 10 || censored < 100 {
		t.Errorf("%d legends, %d without, %d beyond: it says little", legends, labeled, censored)
	}
}

// TestManyRunsStaySmall: a picture has no more than what can be seen.
func TestManyRunsStaySmall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	var e ECDF
	e.Say, e.Unit = said, "ns"
	s := Scatter{Parameter: Parameter{Name: "p"}, Say: said, Dots: 200}
	for i := range Lines {
		var values []float64
		for range 100_000 {
			values = append(values, r.ExpFloat64()*1e9)
		}
		slices.Sort(values)
		e.Samples = append(e.Samples, Sample{Name: fmt.Sprint(i), Values: values})
	}
	for i := range 10_000 {
		s.Parameter.Values, s.Parameter.Numbers = append(s.Parameter.Values, fmt.Sprint(i)), append(s.Parameter.Numbers, float64(i))
		s.Points = append(s.Points, Dot{Value: i, Figure: r.Float64()})
	}
	if n := len(e.SVG().File()); n > 160_000 {
		t.Errorf("the distributions are %d bytes", n)
	}
	d := readPicture(t, s.SVG())
	d.isSound(t)
	points := 0.0
	for _, b := range d.all("bin") {
		points += b.number(t, "data-points")
	}
	if n := len(s.SVG().File()); n > 60_000 || points != 10_000 {
		t.Errorf("the scatter is %d bytes of %v points", n, points)
	}
}

// TestRankingShowsTheEffects: bars are as long as effects, the box as chance, and what is
// not more than chance is not filled.
func TestRankingShowsTheEffects(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for range 200 {
		k := Ranking{Measure: "95th percentile of the loss of service", Unit: "ns", Say: func(v float64) string { return fmt.Sprintf("%.1f s", v/1e9) }, Name: func(n string) string { return n }}
		for i := range 1 + r.IntN(12) {
			row := metrics.SensitivityRow{Parameter: fmt.Sprint("parameter ", i), P: new(r.Float64()), Distinct: r.IntN(2) == 0}
			if r.IntN(6) > 0 {
				v := 1e11 * r.Float64()
				row.Effect, row.Chance = new(v), new(1e10*r.Float64())
				if r.IntN(2) > 0 {
					row.EffectLow, row.EffectHigh = new(v*0.8), new(v*1.3)
				}
			}
			k.Rows = append(k.Rows, row)
		}
		d := readPicture(t, k.SVG())
		d.isSound(t)
		for i, g := range d.all("effect") {
			row := k.Rows[i]
			bars := g.all("bar")
			if (len(bars) == 1) != (row.Effect != nil) {
				t.Fatalf("%+v has %d bars", row, len(bars))
			}
			if row.Effect == nil {
				continue
			}
			if hollow := len(g.all("hollow")) == 1; hollow == row.Distinct {
				t.Errorf("%+v: hollow is %v", row, hollow)
			}
			for _, part := range []struct {
				class string
				want  float64
			}{{"bar", *row.Effect}, {"chance", *row.Chance}} {
				e := g.all(part.class)[0]
				if v, by := d.value(t, e.number(t, "x")+e.number(t, "width"), "data-left", "data-right"); math.Abs(v-part.want) > max(by, 1e-3*1e11) {
					t.Errorf("%s is %v long, not %v", part.class, v, part.want)
				}
			}
		}
	}
}

// TestDistributionOfNothingIsInSeconds: where all runs are beyond the axis, or at zero, it
// is not in nanoseconds.
func TestDistributionOfNothingIsInSeconds(t *testing.T) {
	for _, s := range []Sample{{Name: "beyond", Beyond: 3}, {Name: "zero", Values: []float64{0, 0, 0}}} {
		p := (&ECDF{Measure: "loss of service", Unit: "ns", Samples: []Sample{s}, Say: func(v float64) string { return fmt.Sprint(v) }}).SVG()
		if !strings.Contains(p.Body, "loss of service (s)") {
			t.Errorf("%s: the axis is not in seconds", s.Name)
		}
	}
}
