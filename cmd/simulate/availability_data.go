package main

import (
	"strconv"
	"strings"

	"dualhome/availability"
	"dualhome/scenarios"
)

// yearJSON is a design of the output of simulate availability. All times are seconds.
type yearJSON struct {
	Scenario    string                 `json:"scenario"`
	Seed        uint64                 `json:"seed"`
	YearHours   float64                `json:"year_hours"`
	Runs        int                    `json:"runs"`
	Batches     int                    `json:"batches"`
	Classes     []yearOfClass          `json:"classes"`
	Failures    []failureJSON          `json:"failures"`
	Pairs       []pairJSON             `json:"pairs"`
	Broken      float64                `json:"broken"`      // part of the time in which something is broken, or settles
	SettleS     float64                `json:"settle_s"`    // what the network takes after a repair
	NeglectedS  float64                `json:"neglected_s"` // bound of what three at once change
	Unrestored  int                    `json:"unrestored"`  // samples at whose end less was served than before
	Unsettled   int                    `json:"unsettled"`   // samples that had not settled at their end
	Assumptions []scenarios.Assumption `json:"assumptions"`
	Unknowns    []scenarios.Assumption `json:"unknowns"`
}

// yearOfClass is what a class loses in a year.
type yearOfClass struct {
	Class        string             `json:"class"`
	AnyS         rangeJSON          `json:"any_s"`
	EquivalentS  rangeJSON          `json:"equivalent_s"`
	Availability *rangeJSON         `json:"availability"` // null where more downtime comes out than a year has
	SinglesS     float64            `json:"singles_s"`
	PairsS       float64            `json:"pairs_s"`
	HealthyS     float64            `json:"healthy_s"`
	PastNVAsS    float64            `json:"past_nvas_s"` // not lost, but delivered past every NVA
	CausesS      map[string]float64 `json:"causes_s"`
}

type rangeJSON struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// failureJSON is what one failure costs, by class.
type failureJSON struct {
	Failure string        `json:"failure"`
	Rate    float64       `json:"rate"` // a year
	RepairS float64       `json:"repair_s"`
	Source  *string       `json:"source"`
	Samples int           `json:"samples"`
	Classes []failureCost `json:"classes"`
}

// failureCost is what a failure costs a class each time, and in a year.
type failureCost struct {
	Class           string    `json:"class"`
	AnyEachS        float64   `json:"any_each_s"`
	EquivalentEachS rangeJSON `json:"equivalent_each_s"`
	AfterRepairS    float64   `json:"after_repair_each_s"`
	YearS           float64   `json:"equivalent_s"`
}

// pairJSON is what two failures at once cost beyond what each costs alone.
type pairJSON struct {
	First   string             `json:"first"`
	Second  string             `json:"second"`
	Rate    float64            `json:"rate"`
	Samples int                `json:"samples"`
	YearS   map[string]float64 `json:"equivalent_s"` // by class
}

func rangeOf(e availability.Estimate) rangeJSON {
	return rangeJSON{e.Value, e.Value - e.Half, e.Value + e.Half}
}

func availabilityData(designs []*failing, f *availabilityFlags) []yearJSON {
	all := make([]yearJSON, len(designs))
	for i, d := range designs {
		all[i] = d.data(f)
	}
	return all
}

func (d *failing) data(f *availabilityFlags) yearJSON {
	y := d.year
	j := yearJSON{
		Scenario: d.scenario.Name, Seed: f.seed, YearHours: availability.Year.Hours(), Runs: y.Runs, Batches: y.Batches,
		Broken: y.Broken, SettleS: y.Settle.Seconds(), NeglectedS: y.Neglected, Unrestored: d.unrestored.runs, Unsettled: d.restless.runs,
		Pairs: []pairJSON{}, Assumptions: append([]scenarios.Assumption{}, d.scenario.WithFailures().Assumptions()...), Unknowns: []scenarios.Assumption{},
	}
	for _, c := range d.scenario.Traffic {
		j.Classes = append(j.Classes, yearColumn{failing: d, class: c.Name}.data())
	}
	for i := range y.Singles {
		j.Failures = append(j.Failures, d.failure(&y.Singles[i]))
	}
	for i := range y.Pairs {
		p := &y.Pairs[i]
		one := pairJSON{d.scenario.Failures[p.First].Name, d.scenario.Failures[p.Second].Name, p.Rate, p.Samples, map[string]float64{}}
		for _, c := range d.scenario.Traffic {
			one.YearS[c.Name] = p.Year[availability.Key{Class: c.Name, What: availability.Equivalent}]
		}
		j.Pairs = append(j.Pairs, one)
	}
	for _, a := range j.Assumptions {
		if a.Grade == scenarios.Unknown {
			j.Unknowns = append(j.Unknowns, a)
		}
	}
	return j
}

func (c yearColumn) data() yearOfClass {
	any, full := c.total(availability.AnyLoss), c.total(availability.Equivalent)
	one := yearOfClass{
		Class: c.class, AnyS: rangeOf(any.Year), EquivalentS: rangeOf(full.Year), SinglesS: full.Singles, PairsS: full.Pairs, HealthyS: full.Healthy,
		PastNVAsS:    c.total(availability.PastNVAs).Year.Value,
		Availability: partOfYear(full.Year), CausesS: map[string]float64{},
	}
	for _, t := range c.year.Totals {
		if cause, is := strings.CutPrefix(t.What, availability.ByCause("")); is && t.Class == c.class {
			one.CausesS[cause] = t.Year.Value
		}
	}
	return one
}

// partOfYear gives the part of the year that is not downtime; nil: there is none.
func partOfYear(down availability.Estimate) *rangeJSON {
	year := availability.Year.Seconds()
	if down.Value > year {
		return nil
	}
	r := rangeOf(availability.Estimate{Value: 1 - down.Value/year, Half: down.Half / year})
	r.Low = max(r.Low, 0)
	return &r
}

func (d *failing) failure(p *availability.Part) failureJSON {
	f := d.scenario.Failures[p.First]
	one := failureJSON{Failure: f.Name, Rate: p.Rate, RepairS: f.RepairTime.Mean().Seconds(), Source: nullable(f.Source), Samples: p.Samples}
	for _, c := range d.scenario.Traffic {
		key := func(what string) availability.Key { return availability.Key{Class: c.Name, What: what} }
		one.Classes = append(one.Classes, failureCost{
			c.Name, p.Event[key(availability.AnyLoss)].Value, rangeOf(p.Event[key(availability.Equivalent)]),
			p.Event[key(availability.AtRepair)].Value, p.Year[key(availability.Equivalent)],
		})
	}
	return one
}

// availabilityFigures gives all figures as numbers, for programs: seconds.
func availabilityFigures(designs []*failing) []table {
	totals := table{name: "totals", head: []string{"scenario", "class", "quantity", "seconds", "low", "high", "singles", "pairs", "healthy"}}
	failures := table{name: "failures", head: []string{"scenario", "failure", "rate", "repair_s", "class", "any_each_s", "equivalent_each_s", "low", "high", "after_repair_each_s", "equivalent_s"}}
	pairs := table{name: "pairs", head: []string{"scenario", "first", "second", "rate", "class", "equivalent_s"}}
	g := func(v float64) string { return strconv.FormatFloat(v, 'g', 10, 64) }
	for _, d := range designs {
		for _, t := range d.year.Totals {
			totals.add(d.scenario.Name, t.Class, t.What, g(t.Year.Value), g(t.Year.Value-t.Year.Half), g(t.Year.Value+t.Year.Half), g(t.Singles), g(t.Pairs), g(t.Healthy))
		}
		for i := range d.year.Singles {
			f := d.failure(&d.year.Singles[i])
			for _, c := range f.Classes {
				failures.add(d.scenario.Name, f.Failure, g(f.Rate), g(f.RepairS), c.Class, g(c.AnyEachS), g(c.EquivalentEachS.Value),
					g(c.EquivalentEachS.Low), g(c.EquivalentEachS.High), g(c.AfterRepairS), g(c.YearS))
			}
		}
		for i := range d.year.Pairs {
			p := &d.year.Pairs[i]
			for _, c := range d.scenario.Traffic {
				pairs.add(d.scenario.Name, d.scenario.Failures[p.First].Name, d.scenario.Failures[p.Second].Name, g(p.Rate), c.Name,
					g(p.Year[availability.Key{Class: c.Name, What: availability.Equivalent}]))
			}
		}
	}
	return []table{totals, failures, pairs}
}
