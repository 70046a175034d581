package main

import (
	"slices"

	"dualhome/metrics"
)

// episode is what people are shown of a fault: of a class what it loses, or, in a
// network without traffic, how long the routers take.
type episode struct {
	fault, class string // no class: without traffic
}

// figures gives those that people are shown of an episode.
func (e episode) figures() []metrics.Figure {
	direction, measures := "two-way", []string{"outage_ns", "equivalent_ns"}
	if e.class == "" {
		direction, measures = "", []string{"detection_ns", "control_ns", "forwarding_ns"}
	}
	var all []metrics.Figure
	for _, m := range measures {
		all = append(all, metrics.Figure{Quantity: metrics.Quantity{Disturbance: e.fault, Class: e.class, Direction: direction, Measure: m}})
	}
	return all
}

// trialOf gives the trial that measured a figure; nil: none did.
func (d *design) trialOf(f metrics.Figure) *trial {
	i := slices.IndexFunc(d.trials, func(t *trial) bool { return t.Has(f) })
	if i < 0 {
		return nil
	}
	return d.trials[i]
}

// faults gives the names of what a design played.
func (d *design) faults() (names []string) {
	for _, t := range d.trials {
		for _, f := range t.scenario.Faults {
			names = append(names, f.Name)
		}
	}
	return names
}

// match finds the faults and classes that the first design shares with another one,
// and says what is left out.
func (c *contrast) match() error {
	first := c.designs[0]
	c.othersAlone()
	for _, fault := range first.faults() {
		if having := c.shared(episode{fault, ""}); c.mixed(c.designs, having, c.word()+fault) {
			c.matchClasses(fault, having)
		}
	}
	if len(c.episodes) == 0 {
		return usage("%s has no fault that another design has: faults are compared that have the same name", first.arg)
	}
	return nil
}

// othersAlone notes what only other designs than the first have.
func (c *contrast) othersAlone() {
	first := c.designs[0]
	for _, d := range c.designs[1:] {
		faults := d.faults()
		if c.drilled {
			faults = nil
			for _, f := range d.scenario.Drills {
				faults = append(faults, f.Name)
			}
		}
		for _, fault := range faults {
			if !slices.Contains(first.faults(), fault) && !first.scenario.HasDrill(fault) {
				c.skip(first.name + " has no " + c.word() + fault)
			}
		}
	}
}

// word says what is played.
func (c *contrast) word() string {
	if c.drilled {
		return "drill "
	}
	return "fault "
}

// skip notes, once, that something is not compared.
func (c *contrast) skip(text string) {
	if !slices.Contains(c.skipped, text) {
		c.skipped = append(c.skipped, text)
	}
}

// matchClasses finds the classes for which a fault is compared, of the designs that
// have it.
func (c *contrast) matchClasses(fault string, having []*design) {
	before := len(c.episodes)
	for _, class := range c.designs[0].scenario.Traffic {
		e := episode{fault, class.Name}
		if c.mixed(having, c.shared(e), "class "+class.Name) {
			c.episodes = append(c.episodes, e)
		}
	}
	if len(c.episodes) == before {
		c.episodes = append(c.episodes, episode{fault, ""})
	}
}

// shared gives the designs that have an episode.
func (c *contrast) shared(e episode) (found []*design) {
	for _, d := range c.designs {
		if d.trialOf(e.figures()[0]) != nil {
			found = append(found, d)
		}
	}
	return found
}

// mixed tells whether the first design and another one have something, and notes which
// of some designs have not.
func (c *contrast) mixed(some, having []*design, what string) bool {
	for _, d := range some {
		if !slices.Contains(having, d) {
			c.skip(d.name + " has no " + what)
		}
	}
	return len(having) > 1 && having[0] == c.designs[0]
}

// column is what a design says of a figure.
type column struct {
	*design
	trial *trial // nil: nothing
	level metrics.Level
	metrics.Paired
}

// columns gives what all designs say of a figure.
func (c *contrast) columns(f metrics.Figure) []column {
	all := make([]column, len(c.designs))
	for i, d := range c.designs {
		all[i] = column{design: d, trial: d.trialOf(f)}
		if all[i].trial == nil {
			continue
		}
		all[i].level = all[i].trial.Level(f)
		if i > 0 && all[0].trial != nil {
			all[i].Paired = metrics.Pair(&all[0].trial.Record, &all[i].trial.Record, f)
		}
	}
	return all
}

// allFigures gives every figure that a design measured, in the order in which they
// were first met, design by design.
func (c *contrast) allFigures() (all []metrics.Figure) {
	known := map[metrics.Figure]bool{}
	for _, d := range c.designs {
		for _, t := range d.trials {
			for _, f := range t.Figures() {
				if !known[f] {
					known[f], all = true, append(all, f)
				}
			}
		}
	}
	return all
}
