package main

import (
	"fmt"

	"dualhome/scenarios"
)

// comparisonJSON is designs side by side, as data. Figures are nanoseconds and bytes;
// null: there is none, as n and nulls say.
type comparisonJSON struct {
	Seeds       []uint64     `json:"seeds"`
	Drills      bool         `json:"drills"` // each fault in runs of its own
	Designs     []designJSON `json:"designs"`
	Figures     []figureJSON `json:"figures"`
	NotCompared []string     `json:"not_compared"`
	Tolerance   *string      `json:"tolerance"`
	Worse       []string     `json:"worse"`
}

type designJSON struct {
	Name        string                 `json:"name"`
	Of          string                 `json:"of"` // as it was named
	Scenario    string                 `json:"scenario"`
	Seeds       []uint64               `json:"seeds"`
	Trials      []trialJSON            `json:"trials"`
	Assumptions []scenarios.Assumption `json:"assumptions"`
}

// trialJSON is the runs that play one drill, or the faults.
type trialJSON struct {
	Drill    *string    `json:"drill"`
	Runs     int        `json:"runs"`
	Restless int        `json:"not_converged"`
	CutShort int        `json:"cut_short"`
	Failing  []ruleJSON `json:"expectations"`
	Noted    []markJSON `json:"noted"`
}

// markJSON says in how many runs something is so.
type markJSON struct {
	Disturbance string `json:"disturbance"`
	Class       string `json:"class"`
	What        string `json:"what"`
	Runs        int    `json:"runs"`
	Seed        uint64 `json:"seed"`
}

// figureJSON is a figure of all designs. That of a loss is for a fault with its
// repair.
type figureJSON struct {
	Disturbance string           `json:"disturbance"`
	Class       *string          `json:"class"`
	Direction   *string          `json:"direction"`
	Cause       *string          `json:"cause"`
	Measure     string           `json:"measure"`
	Designs     []figureOfDesign `json:"designs"`
}

type figureOfDesign struct {
	Design     string       `json:"design"`
	N          int          `json:"n"`
	Nulls      int          `json:"nulls"`
	Mean       estimateJSON `json:"mean"`
	Pairs      *int         `json:"pairs"`      // null: it is the first design
	Difference estimateJSON `json:"difference"` // to the first design
}

func (c *contrast) data(worse []string) comparisonJSON {
	j := comparisonJSON{
		Seeds: c.designs[0].seeds, Drills: c.drilled, Designs: []designJSON{}, Figures: []figureJSON{},
		NotCompared: append([]string{}, c.skipped...), Tolerance: nullable(c.flags.tolerance), Worse: append([]string{}, worse...),
	}
	for _, d := range c.designs {
		j.Designs = append(j.Designs, d.data())
	}
	for _, f := range c.allFigures() {
		one := figureJSON{f.Disturbance, nullable(f.Class), nullable(f.Direction), nullable(f.Cause), f.Measure, []figureOfDesign{}}
		for i, of := range c.columns(f) {
			if of.trial == nil {
				continue
			}
			cell := figureOfDesign{of.name, of.level.N, of.level.Nulls, estimateJSON(of.level.Mean), nil, estimateJSON(of.Difference)}
			if i > 0 {
				cell.Pairs = &of.Paired.N
			}
			one.Designs = append(one.Designs, cell)
		}
		j.Figures = append(j.Figures, one)
	}
	return j
}

func (d *design) data() designJSON {
	j := designJSON{Name: d.name, Of: d.arg, Scenario: d.scenario.Name, Seeds: d.seeds, Trials: []trialJSON{}, Assumptions: []scenarios.Assumption{}}
	for _, t := range d.trials {
		one := trialJSON{
			Drill: nullable(t.drill), Runs: t.Runs(), Restless: t.restless.runs, CutShort: t.cutShort.runs, Failing: []ruleJSON{}, Noted: []markJSON{},
		}
		for i := range t.rules {
			one.Failing = append(one.Failing, ruleOf(t.scenario.Expect[i], &t.rules[i]))
		}
		for _, f := range t.scenario.Faults {
			for _, class := range t.scenario.Traffic {
				one.Noted = append(one.Noted, t.noted(f.Name, class.Name)...)
			}
		}
		j.Trials = append(j.Trials, one)
		for _, a := range t.scenario.Assumptions() {
			if !known(j.Assumptions, a) {
				j.Assumptions = append(j.Assumptions, a)
			}
		}
	}
	return j
}

func known(all []scenarios.Assumption, a scenarios.Assumption) bool {
	for _, k := range all {
		if k.Name == a.Name && k.Value == a.Value {
			return true
		}
	}
	return false
}

// noted gives what people have to know of a fault and class.
func (t *trial) noted(fault, class string) (all []markJSON) {
	for what, words := range []string{outlasted: "not restored before the repair", uninspected: "delivered uninspected for some time", open: "not restored"} {
		if m := t.marks[mark{fault, class, note(what)}]; m != nil {
			all = append(all, markJSON{fault, class, words, m.runs, uint64(m.first)})
		}
	}
	return all
}

// figuresTable gives all figures in rows, for programs.
func (c *contrast) figuresTable() table {
	t := table{name: "figures", head: []string{
		"disturbance", "class", "direction", "cause", "measure", "design", "n", "nulls", "mean", "mean_low", "mean_high",
		"pairs", "difference", "difference_low", "difference_high",
	}}
	for _, f := range c.allFigures() {
		for i, of := range c.columns(f) {
			if of.trial == nil {
				continue
			}
			pairs := ""
			if i > 0 {
				pairs = fmt.Sprint(of.Paired.N)
			}
			l, d := of.level, of.Difference
			t.add(f.Disturbance, f.Class, f.Direction, f.Cause, f.Measure, of.name, fmt.Sprint(l.N), fmt.Sprint(l.Nulls),
				number(l.Mean.Value), number(l.Mean.Low), number(l.Mean.High), pairs, number(d.Value), number(d.Low), number(d.High))
		}
	}
	return t
}
