package metrics

import (
	"math"
	"math/rand/v2"
	"slices"
)

// question is which factor moves a statistic most.
type question struct {
	*survey
	statistic string
	y         []float64 // by point
	means     [][]float64
	mean      float64
	of        []answer
	bounded   *bounded
}

// answer is what is found of one factor.
type answer struct {
	lowest, highest int // levels
	span, variance  float64
	redrawn         []float64 // the difference between highest and lowest, of drawn seeds
	variances       float64   // sum of those of drawn seeds
	chance          []float64 // spans that chance alone makes
	noise           float64   // part of the variance that is chance, where it is not told by redrawn
	test            string
}

// bounded is the fit of those points whose figure is bounded.
type bounded struct {
	places []int
	model  *additive
	level  [][]int // by factor and level: that of the model; -1: a point with it is not bounded
	means  [][]float64
	y      []float64
}

func (q *survey) ask(statistic string) *question {
	a := &question{survey: q, statistic: statistic, y: q.observed.of(statistic)}
	a.means, a.mean = q.model.fit(a.y)
	a.bound(q.measured.of(statistic))
	for f := range q.factors {
		one := answer{}
		of := a.means[f]
		if levels := a.bounded.level[f]; q.beyond && !slices.Contains(levels, -1) {
			of = make([]float64, len(levels))
			for l := range levels {
				of[l] = *a.level(f, l)
			}
		}
		for l, m := range of {
			if m < of[one.lowest] {
				one.lowest = l
			}
			if m > of[one.highest] {
				one.highest = l
			}
		}
		one.span, one.variance = q.model.spread(f, a.means, a.mean)
		a.of = append(a.of, one)
	}
	return a
}

// bound fits the points whose figure is bounded.
func (a *question) bound(y []float64) {
	b := &bounded{}
	for i, v := range y {
		if !math.IsInf(v, 1) {
			b.places, b.y = append(b.places, i), append(b.y, v)
		}
	}
	var all [][]int
	for f := range a.factors {
		levels, next := make([]int, len(a.factors[f].names)), 0
		for l := range levels {
			levels[l] = -1
		}
		var of []int
		for _, p := range b.places {
			l := a.factors[f].levels[p]
			if levels[l] < 0 {
				levels[l], next = next, next+1
			}
			of = append(of, levels[l])
		}
		for i, v := range y {
			if math.IsInf(v, 1) {
				levels[a.factors[f].levels[i]] = -1
			}
		}
		b.level, all = append(b.level, levels), append(all, of)
	}
	a.bounded = b
	if len(b.places) == len(y) {
		b.model = a.model
		b.level = levelsAsTheyAre(a.factors)
	} else if len(b.places) > 0 {
		b.model = newAdditive(all, len(b.places))
	}
	if b.model != nil {
		b.means, _ = b.model.fit(b.y)
	}
}

// levelsAsTheyAre gives each level itself.
func levelsAsTheyAre(factors []factor) (all [][]int) {
	for i := range factors {
		of := make([]int, len(factors[i].names))
		for l := range of {
			of[l] = l
		}
		all = append(all, of)
	}
	return all
}

// level gives the figure at a level, were all points like those with it; nil: it is not
// bounded there, or not known.
func (a *question) level(f, level int) *float64 {
	b := a.bounded
	if l := b.level[f][level]; b.model != nil && l >= 0 && a.model.separable[f] && b.model.separable[f] {
		return new(b.means[f][l])
	}
	return nil
}

// redrawn takes the figures of drawn seeds. A figure that is only bounded as it was
// measured is beyond all at its level.
func (a *question) redrawn(y, raw []float64) {
	means, mean := a.model.fit(y)
	for f := range a.of {
		_, v := a.model.spread(f, means, mean)
		a.of[f].variances += v
	}
	b := a.bounded
	if b.model == nil {
		return
	}
	drawn := make([]float64, len(b.places))
	beyond := make([]int, 0)
	for i, p := range b.places {
		if drawn[i] = raw[p]; math.IsInf(raw[p], 1) {
			drawn[i], beyond = b.y[i], append(beyond, p)
		}
	}
	of, _ := b.model.fit(drawn)
	for f := range a.of {
		one := &a.of[f]
		low, high := b.level[f][one.lowest], b.level[f][one.highest]
		if low < 0 || high < 0 {
			continue
		}
		d := of[f][high] - of[f][low]
		for _, p := range beyond {
			switch a.factors[f].levels[p] {
			case one.highest:
				d = math.Inf(1)
			case one.lowest:
				d = math.Inf(-1)
			}
		}
		one.redrawn = append(one.redrawn, d)
	}
}

// exchanged takes the figures of runs that changed places between levels of a factor.
func (a *question) exchanged(f int, y []float64) {
	a.of[f].test = "seeds"
	means, mean := a.model.fit(y)
	span, _ := a.model.spread(f, means, mean)
	a.of[f].chance = append(a.of[f].chance, span)
}

// shuffle changes places between the points of what the other factors do not explain.
func (a *question) shuffle(f int, random *rand.Rand) {
	free := len(a.y) - 1
	for _, counts := range a.model.counts {
		free -= len(counts) - 1
	}
	others := newAdditive(levelsOf(a.factors, f), len(a.y))
	if free < 1 || others == nil {
		return
	}
	one := &a.of[f]
	one.test = "points"
	unexplained := 0.0
	for i, p := range a.model.predict(a.means, a.mean) {
		unexplained += (a.y[i] - p) * (a.y[i] - p)
	}
	one.noise = float64(len(a.model.counts[f])-1) * unexplained / float64(free) / float64(len(a.y))
	without := others.predict(others.fit(a.y))
	rest, y := make([]float64, len(a.y)), make([]float64, len(a.y))
	for i, p := range without {
		rest[i] = a.y[i] - p
	}
	for range a.replicates() {
		random.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
		for i, p := range without {
			y[i] = p + rest[i]
		}
		means, mean := a.model.fit(y)
		span, _ := a.model.spread(f, means, mean)
		one.chance = append(one.chance, span)
	}
}
