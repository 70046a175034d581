package main

import (
	"dualhome/metrics"
)

// sweepView is a sweep as people are shown it: what its folder says of one measure.
type sweepView struct {
	sweepJSON
	path        string
	shown       shownMeasure
	points      []pointView
	sensitivity []metrics.SensitivityRow // of all measures
	runs        *metrics.Study
}

// pointView is a point and its figures.
type pointView struct {
	pointJSON
	values  []int           // by axis: the place in its values; -1: as in the scenario
	invalid string          // why it cannot be run
	figure  metrics.Summary // of what is shown
	sent    *float64        // announcements of a run, on average
	returns *float64        // to routes that were left, likewise
}

// sweepViewJSON is a sweep as data: the figures of the measure that is shown.
type sweepViewJSON struct {
	Scenario    string             `json:"scenario"`
	Status      string             `json:"status"`
	Seed        uint64             `json:"seed"`
	Seeds       int                `json:"seeds"`
	Runs        int                `json:"runs"`
	Digest      string             `json:"digest"`
	Axes        []axisJSON         `json:"axes"`
	Measure     shownJSON          `json:"measure"`
	Points      []pointFigures     `json:"points"`
	Sensitivity []sensitivityJSON  `json:"sensitivity"` // of all measures
	Failures    []sweepFailureJSON `json:"failures"`
	Unknowns    []string           `json:"unknowns"`
}

// shownJSON says what the figures of the points are.
type shownJSON struct {
	Name        string  `json:"name"`        // as --measure takes it
	Measure     string  `json:"measure"`     // the column
	Unit        string  `json:"unit"`        // ns, B; empty: a count
	Disturbance *string `json:"disturbance"` // null: the worst of a run
	Class       *string `json:"class"`       // likewise
}

type pointFigures struct {
	Point     int               `json:"point"`
	Params    map[string]string `json:"params"`
	Runs      int               `json:"runs"`
	Converged int               `json:"converged"`
	CutShort  int               `json:"cut_short"`
	Failed    int               `json:"failed"`
	figuresJSON
}

type sensitivityJSON struct {
	Measure   string       `json:"measure"`
	Statistic string       `json:"statistic"`
	Rank      int64        `json:"rank"`
	Parameter string       `json:"parameter"`
	Distinct  bool         `json:"distinct"`
	Effect    estimateJSON `json:"effect"`
	Chance    *float64     `json:"chance"`
	P         *float64     `json:"p"`
	Share     *float64     `json:"share"`
	LowestAt  *string      `json:"lowest_at"`
	Lowest    *float64     `json:"lowest"`
	HighestAt *string      `json:"highest_at"`
	Highest   *float64     `json:"highest"`
	Points    int64        `json:"points"`
	Beyond    int64        `json:"beyond"`
	Ranked    bool         `json:"ranked"`
	Test      *string      `json:"test"`
}

// data gives the sweep as data.
func (v *sweepView) data() sweepViewJSON {
	j := sweepViewJSON{
		Scenario: v.Scenario, Status: v.Status, Seed: v.Seed, Seeds: v.Seeds, Runs: v.Runs, Digest: v.Digest, Axes: v.Axes,
		Measure: shownJSON{v.shown.name, v.shown.column, v.shown.unit(), nullable(v.shown.disturbance), nullable(v.shown.class)},
		Points:  []pointFigures{}, Sensitivity: []sensitivityJSON{}, Failures: append([]sweepFailureJSON{}, v.Failures...), Unknowns: []string{},
	}
	for i := range v.points {
		p := &v.points[i]
		if p.invalid != "" {
			continue
		}
		j.Points = append(j.Points, pointFigures{
			p.Point, p.Params, p.Runs, p.Converged, p.CutShort, p.Failed, figuresOf(&p.figure),
		})
	}
	for i := range v.sensitivity {
		r := &v.sensitivity[i]
		j.Sensitivity = append(j.Sensitivity, sensitivityJSON{
			r.Measure, r.Statistic, r.Rank, r.Parameter, r.Distinct,
			estimateJSON{r.Effect, r.EffectLow, r.EffectHigh},
			r.Chance, r.P, r.Share,
			nullable(r.LowestAt), r.Lowest, nullable(r.HighestAt), r.Highest, r.Points, r.Beyond, r.Ranked, nullable(r.Test),
		})
	}
	for _, u := range v.Unknowns {
		j.Unknowns = append(j.Unknowns, u.Name+": "+u.Value)
	}
	return j
}

// pointTable gives the figures of the points for programs: nanoseconds, bytes and counts.
func (v *sweepView) pointTable() table {
	t := table{name: "points", head: []string{"point"}}
	for _, a := range v.Axes {
		t.head = append(t.head, a.Name)
	}
	t.head = append(t.head, "measure", "disturbance", "class", "runs", "converged", "cut_short", "failed", "n", "nulls", "min", "max",
		"mean", "mean_low", "mean_high", "p50", "p50_low", "p50_high", "p95", "p95_low", "p95_high", "p99", "p99_low", "p99_high")
	j := v.data()
	for _, p := range j.Points {
		row := []string{itoa(p.Point)}
		for _, a := range v.Axes {
			row = append(row, p.Params[a.Name])
		}
		row = append(row, v.shown.column, v.shown.disturbance, v.shown.class, itoa(p.Runs), itoa(p.Converged), itoa(p.CutShort), itoa(p.Failed),
			itoa(p.N), itoa(p.Nulls), number(p.Min), number(p.Max))
		for _, e := range []estimateJSON{p.Mean, p.P50, p.P95, p.P99} {
			row = append(row, number(e.Value), number(e.Low), number(e.High))
		}
		t.add(row...)
	}
	return t
}

// sensitivityTable gives what moves what, for programs.
func (v *sweepView) sensitivityTable() table {
	t := table{name: "sensitivity", head: []string{
		"measure", "statistic", "rank", "parameter", "distinct", "effect", "effect_low", "effect_high", "chance", "p", "share",
		"lowest_at", "lowest", "highest_at", "highest", "points", "beyond", "ranked", "test",
	}}
	for i := range v.sensitivity {
		r := &v.sensitivity[i]
		t.add(r.Measure, r.Statistic, itoa(int(r.Rank)), r.Parameter, yesNo(r.Distinct), number(r.Effect), number(r.EffectLow), number(r.EffectHigh),
			number(r.Chance), number(r.P), number(r.Share), r.LowestAt, number(r.Lowest), r.HighestAt, number(r.Highest), itoa(int(r.Points)),
			itoa(int(r.Beyond)), yesNo(r.Ranked), r.Test)
	}
	return t
}
