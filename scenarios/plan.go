package scenarios

import (
	"slices"
	"strings"
)

// Plan is what a sweep runs: a scenario at points, where each of its axes has a
// value, and each point with as many seeds. LoadPlan makes it; it does not change,
// and may be used by several at once where its files may.
type Plan struct {
	Name   string  // of the scenario
	Axes   []Axis  // in the order in which they were given; none: one point, the scenario as it stands
	Points []Point // of a grid with the last axis fastest; those of include come last
	Seeds  int     // runs of each point

	tree     *node    // of the file
	set      []string // overrides of the whole plan
	settings [][]setting
	files    Files
}

// Axis is something that a sweep changes.
type Axis struct {
	Name    string    // as it was addressed: hold, nvas[nva1].prepend
	Values  []string  // those of the points, in the order of their first use, as --set takes them
	Numbers []float64 // of each value, where all are quantities of one kind: durations in ns, rates in bit/s, sizes in bytes, plain numbers; else nil
	Unit    string    // of Numbers: ns, bps, B; empty: plain
}

// Point is one scenario of a plan.
type Point struct {
	Values []int // by axis: the place in Axis.Values; -1: the axis stays as the scenario has it
}

// Bounds of a plan.
const (
	maxAxes   = 100
	maxPoints = 10_000
	maxRuns   = 1_000_000
)

// defaultSeeds is how often each point runs where nobody says.
const defaultSeeds = 40

// PlanOptions are what a command line says of a sweep; the zero value leaves all to
// the file.
type PlanOptions struct {
	Axes     []string // hold=30s,60s,180s  mrai=range(0s,30s,5s)  mrai=interval(0s,30s): each replaces the axis of the file that is the same, or is one more
	Set      []string // overrides, as Load takes them
	Sampling string   // grid, random, latin-hypercube or halton; empty: as the file has it, or grid
	Samples  int      // how many points are sampled; 0: as the file has it
	Seeds    int      // runs of each point; 0: as the file has it, or 40
	Seed     uint64   // what random and latin-hypercube draw from, and halton's scrambling
}

// LoadPlan reads the plan of a sweep: a scenario file, its matrix and its seeds, and
// what the options change. Files, file and text are those of LoadWith. The error, of
// type Errors, is about the plan, or about the scenario as it stands, without the
// values of any axis; that a point is no scenario is an error of Scenario alone.
func LoadPlan(files Files, file string, text []byte, o PlanOptions) (*Plan, []Problem, error) {
	var r report
	var p *Plan
	if tree := parse(newSource(file, text), text, &r); tree != nil {
		p = loadPlan(tree, files, o, &r)
	}
	sortProblems(r.warnings)
	if err := r.err(); err != nil {
		return nil, r.warnings, err
	}
	return p, r.warnings, nil
}

func loadPlan(tree *node, files Files, o PlanOptions, r *report) *Plan {
	whole := tree.clone()
	d := documentOf(tree, overridesOf(o.Set, r), files, r)
	if d == nil {
		return nil
	}
	s := &sweep{doc: d, files: files, report: r, planned: true}
	s.read()
	s.axesGiven(o.Axes)
	s.overridden(o.Set)
	s.say(o)
	p := &Plan{tree: whole, files: files, set: slices.Clone(o.Set), Seeds: s.seeds}
	if len(r.errors) == 0 {
		s.points(o, p)
	}
	if s := d.clone().scenario(files, r); s != nil {
		p.Name = s.Name
	}
	return p
}

// Set gives the overrides of a point, those of the whole plan first: with them Load
// gives its scenario.
func (p *Plan) Set(point int) []string {
	set := slices.Clone(p.set)
	for a, v := range p.Points[point].Values {
		if v >= 0 {
			set = append(set, p.Axes[a].Name+"="+p.Axes[a].Values[v])
		}
	}
	return set
}

// Scenario gives the scenario of a point, as Load does: an error is one of that
// point, and others may be fine.
func (p *Plan) Scenario(point int) (*Scenario, []Problem, error) {
	var r report
	var s *Scenario
	if d := p.document(point, &r); d != nil {
		s = d.scenario(p.files, &r)
	}
	sortProblems(r.warnings)
	if err := r.err(); err != nil {
		return nil, r.warnings, err
	}
	return s, r.warnings, nil
}

// document gives the document of a point, from the file: a value of it may choose
// another design.
func (p *Plan) document(point int, r *report) *document {
	overrides := overridesOf(p.set, r)
	for a, v := range p.Points[point].Values {
		if v >= 0 {
			by := p.settings[a][v].by
			by.r = r
			overrides = append(overrides, &by)
		}
	}
	return documentOf(p.tree.clone(), overrides, p.files, r)
}

// Describe gives the values of a point for people: hold=30s nvas[nva2].prepend=2.
func (p *Plan) Describe(point int) string {
	values := p.Set(point)[len(p.set):]
	if len(values) == 0 {
		return "the scenario as it stands"
	}
	return strings.Join(values, " ")
}
