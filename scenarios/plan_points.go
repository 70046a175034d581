package scenarios

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// flag gives the place of an option of a command line, for messages.
func flag(name, value string) *node {
	return &node{src: &source{file: name, lines: []string{value}}, line: 1, col: 1}
}

// say takes what the options say instead of the file.
func (s *sweep) say(o PlanOptions) {
	modes := fileShape().field("matrix").shape.field("sampling").shape
	if o.Sampling != "" {
		if !slices.Contains(modes.enum, o.Sampling) {
			s.report.error(flag("--sampling", o.Sampling), "there is no sampling "+o.Sampling, didYouMean(o.Sampling, modes.enum))
			s.unclear = true
		}
		s.sampling = o.Sampling
	}
	if s.sampling == "" {
		s.sampling = "grid"
	}
	s.count(&s.samples, o.Samples, maxPoints, "--samples")
	s.count(&s.seeds, o.Seeds, maxRuns, "--seeds")
	if s.seeds == 0 {
		s.seeds = defaultSeeds
	}
	if !s.unclear {
		s.sampled(o)
	}
}

// count takes a number that an option gives; 0: it gives none.
func (s *sweep) count(of *int, given, most int, name string) {
	if given < 0 || given > most {
		s.report.error(flag(name, strconv.Itoa(given)), fmt.Sprintf("%s is from 1 to %d, not %d", strings.TrimPrefix(name, "--"), most, given), "")
		s.unclear = true
		return
	}
	if given > 0 {
		*of = given
	}
}

// sampled checks that what there is of axes, sampling and samples fits together.
func (s *sweep) sampled(o PlanOptions) {
	const how = "like sampling: latin-hypercube and samples: 64, or --sampling latin-hypercube --samples 64"
	if s.sampling == "grid" {
		for _, a := range s.axes {
			if a.span != nil && a.span.to != nil {
				s.report.error(a.at, a.at.text+" has no end of values: a grid cannot have them all", "sample it, "+how+"; or write range(start, stop, step)")
			}
		}
		switch {
		case o.Samples > 0:
			s.report.error(flag("--samples", strconv.Itoa(o.Samples)), "a grid has all combinations of the values: nothing is sampled", "say how, like --sampling latin-hypercube")
		case s.samplesAt != nil && o.Sampling == "":
			s.report.error(s.samplesAt, "a grid has all combinations of the values: nothing is sampled", "say how, like sampling: latin-hypercube")
		}
		return
	}
	at := s.start(o)
	switch {
	case len(s.axes) == 0 && len(s.report.errors) == 0:
		s.report.error(at, "there is no axis to sample", "give one, like -m 'hold=interval(30s, 180s)'")
	case s.samples == 0:
		s.report.error(at, s.sampling+" needs to know how many points to sample", how)
	}
}

// start gives the place of what is wrong with the plan as a whole.
func (s *sweep) start(o PlanOptions) *node {
	switch {
	case o.Sampling != "":
		return flag("--sampling", o.Sampling)
	case s.doc.matrix != nil:
		return s.doc.matrix
	case len(s.axes) > 0:
		return s.axes[0].place()
	}
	return &node{src: s.doc.tree.src, line: 1, col: 1}
}

// points makes the points of the plan.
func (s *sweep) points(o PlanOptions, p *Plan) {
	t := newTable(s.axes)
	var rows [][]int
	switch {
	case len(s.axes) == 0:
		rows = [][]int{{}}
	case s.sampling == "grid" && !s.countable(o):
		return
	case s.sampling == "grid":
		rows = t.grid()
	default:
		rows = s.sampleAll(t, o)
	}
	rows = s.without(t, rows)
	rows = s.with(t, rows)
	s.limit(len(rows), o)
	t.plan(rows, p)
}

// countable refuses a grid of too many points before anything is made of it.
func (s *sweep) countable(o PlanOptions) bool {
	all, sizes := big.NewInt(1), []string{}
	for _, a := range s.axes {
		n := a.size()
		all.Mul(all, n)
		sizes = append(sizes, a.name+" "+n.String())
	}
	if all.Cmp(big.NewInt(maxPoints)) <= 0 {
		return true
	}
	const few = 20
	if len(sizes) > few {
		sizes = append(sizes[:few:few], "…")
	}
	s.report.error(s.start(o), fmt.Sprintf("the grid has %s points (values: %s); %d are the limit", rounded(all), strings.Join(sizes, ", "), maxPoints),
		"fewer values; or samples of them, like --sampling latin-hypercube --samples 1000")
	return false
}

// rounded writes a huge number so that people can read it.
func rounded(n *big.Int) string {
	if n.IsInt64() && n.Int64() < 1e15 {
		return n.String()
	}
	return new(big.Float).SetInt(n).Text('g', 3)
}

// size gives how many values a grid has of the axis.
func (a *axis) size() *big.Int {
	if a.span != nil {
		return a.span.count
	}
	return big.NewInt(int64(len(a.values)))
}

// limit refuses too many points or runs.
func (s *sweep) limit(points int, o PlanOptions) {
	switch runs := points * s.seeds; {
	case points == 0 && len(s.report.errors) == 0:
		s.report.error(s.start(o), "all points are excluded", "")
	case points > maxPoints:
		s.report.error(s.start(o), fmt.Sprintf("there are %d points; %d are the limit", points, maxPoints), "include fewer")
	case runs > maxRuns:
		s.report.error(s.start(o), fmt.Sprintf("%d points of %d runs each are %d runs; %d are the limit", points, s.seeds, runs, maxRuns),
			fmt.Sprintf("at most %d runs of each point, like --seeds %d; or fewer points", maxRuns/points, maxRuns/points))
	}
}

// without leaves out the points that items of exclude match.
func (s *sweep) without(t *table, rows [][]int) [][]int {
	for _, it := range s.exclude {
		want, before := t.row(it, s.report), len(rows)
		rows = slices.DeleteFunc(rows, func(row []int) bool { return matches(row, want) })
		if len(rows) == before {
			s.report.error(it.at, "no point has these values: nothing is excluded", "another item may have excluded them")
		}
	}
	return rows
}

// matches tells whether a point has all the values of an item.
func matches(row, want []int) bool {
	for a, v := range want {
		if v >= 0 && row[a] != v {
			return false
		}
	}
	return true
}

// with adds the points of include.
func (s *sweep) with(t *table, rows [][]int) [][]int {
	known := map[string]bool{}
	for _, row := range rows {
		known[fmt.Sprint(row)] = true
	}
	for _, it := range s.include {
		row := t.row(it, s.report)
		if known[fmt.Sprint(row)] {
			s.report.error(it.at, "this point is there already", "take it out")
			continue
		}
		known[fmt.Sprint(row)] = true
		rows = append(rows, row)
	}
	return rows
}
