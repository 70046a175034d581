package metrics

import (
	"cmp"
	"math"
	"slices"
)

// rows gives what was found, the factor that moves the statistic most first.
func (a *question) rows() []SensitivityRow {
	order := make([]int, len(a.of))
	rows := make([]SensitivityRow, len(a.of))
	for f := range a.of {
		order[f], rows[f] = f, a.row(f)
	}
	slices.SortStableFunc(order, func(x, y int) int {
		switch {
		case rows[x].Distinct && !rows[y].Distinct:
			return -1
		case rows[y].Distinct && !rows[x].Distinct:
			return 1
		}
		return cmp.Compare(a.of[y].span, a.of[x].span)
	})
	sorted := make([]SensitivityRow, len(rows))
	for i, f := range order {
		sorted[i] = rows[f]
		sorted[i].Rank = int64(i + 1)
	}
	return sorted
}

func (a *question) row(f int) SensitivityRow {
	one, factor := &a.of[f], &a.factors[f]
	row := SensitivityRow{
		Measure: a.measure, Statistic: a.statistic, Parameter: a.study.Axes[factor.axis].Name,
		LowestAt: factor.names[one.lowest], HighestAt: factor.names[one.highest],
		Points: int64(len(a.points)), Beyond: int64(len(a.points) - len(a.bounded.places)), Ranked: a.beyond, Test: one.test,
	}
	if !a.model.separable[f] {
		row.Test, row.LowestAt, row.HighestAt = "", "", ""
		return row
	}
	row.Lowest, row.Highest = a.level(f, one.lowest), a.level(f, one.highest)
	if row.Lowest != nil && row.Highest != nil {
		row.Effect = new(max(0, *row.Highest-*row.Lowest))
		fewest := a.fewest()
		if _, high := ranks(fewest, 0.95); a.statistic == "mean" || high <= fewest {
			row.EffectLow, row.EffectHigh = interval(one.redrawn)
		}
	}
	a.judge(&row, one)
	a.share(&row, one)
	for _, v := range []**float64{&row.Lowest, &row.Highest, &row.Effect, &row.EffectLow, &row.EffectHigh, &row.Chance, &row.Share} {
		if *v != nil {
			*v = new(math.Round(**v*1e6) / 1e6) // what is left of the sums of a fit
		}
	}
	return row
}

// judge says whether an effect is more than chance.
func (a *question) judge(row *SensitivityRow, one *answer) {
	if len(one.chance) == 0 {
		return
	}
	slices.Sort(one.chance)
	n, more := len(one.chance), 0
	least := one.span * (1 - 1e-9) // whatever rounding makes of what is equal
	for _, c := range one.chance {
		if c >= least {
			more++
		}
	}
	bound := int(math.Ceil(float64(n+1)*(1-(1-confidence)/float64(len(a.factors))))) - 1
	row.P = new(float64(more+1) / float64(n+1))
	row.Distinct = bound < n && one.chance[bound] < least
	if !a.beyond {
		row.Chance = new(one.chance[min(bound, n-1)])
	}
}

// share gives the part of the variance over the points that a factor alone explains:
// that of its means, less what of it is chance. How much that is, the means of drawn
// seeds tell, which vary by as much again (Efron and Tibshirani, An Introduction to the
// Bootstrap, section 10.3); of samples, the rest.
func (a *question) share(row *SensitivityRow, one *answer) {
	all := 0.0
	for _, v := range a.y {
		all += (v - a.mean) * (v - a.mean) / float64(len(a.y))
	}
	if all <= 1e-18*a.mean*a.mean || one.test == "" {
		return
	}
	noise := one.noise
	if one.test == "seeds" {
		noise = one.variances/float64(a.replicates()) - one.variance
	}
	row.Share = new(min(max((one.variance-max(noise, 0))/all, 0), 1))
}

// interval gives the middle 95 % of differences; an end that is not bounded is nil.
func interval(all []float64) (low, high *float64) {
	if len(all) == 0 {
		return nil, nil
	}
	slices.Sort(all)
	n := float64(len(all))
	ends := []*float64{&all[int(tail*n)], &all[int(math.Ceil((1-tail)*n))-1]}
	for i, e := range ends {
		if math.IsInf(*e, 0) {
			ends[i] = nil
		}
	}
	return ends[0], ends[1]
}
