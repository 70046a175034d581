package metrics

import "slices"

// Run is a run of a sweep (runs.arrow). The measures are those that expectations
// name: the worst of all disturbances and classes; counts are of all disturbances.
// Null: it did not happen, or an outage was not restored, or the run is partial.
type Run struct {
	Run           int64   `arrow:"run"` // from 0, in the order of points and seeds
	Point         int64   `arrow:"point"`
	Seed          int64   `arrow:"seed"`
	Status        string  `arrow:"status,dict"` // complete, or partial: it hit a bound
	Digest        string  `arrow:"digest"`
	Lines         int64   `arrow:"lines"`
	Converged     bool    `arrow:"converged"`
	Outcome       string  `arrow:"outcome,dict"` // settled, unsettled, oscillates, cut short
	State         *string `arrow:"state,dict"`   // the fingerprint of the state in which it settled
	Failed        int64   `arrow:"failed"`       // expectations that do not hold
	Detection     *int64  `arrow:"detection_ns"`
	Control       *int64  `arrow:"control_ns"`
	Forwarding    *int64  `arrow:"forwarding_ns"`
	Traffic       *int64  `arrow:"traffic_ns"`
	Forward       *int64  `arrow:"outage_forward_ns"`
	Return        *int64  `arrow:"outage_return_ns"`
	TwoWay        *int64  `arrow:"outage_two_way_ns"`
	LostBytes     *int64  `arrow:"lost_bytes"`    // of all classes and disturbances, in both directions
	Lasts         *bool   `arrow:"lasts"`         // something is lost at the end of the window of a disturbance: such outages are null; null: no traffic, or nothing failed
	Announcements *int64  `arrow:"announcements"` // prefixes sent, per receiver
	Withdrawals   *int64  `arrow:"withdrawals"`   // likewise
	BestChanges   *int64  `arrow:"best_changes"`
	Returns       *int64  `arrow:"returns"` // to a best route that was left after the same disturbance
}

// Headline fills the measures of a row with those of a run.
func (row *Run) Headline(r *Result) {
	row.Announcements, row.Withdrawals, row.BestChanges, row.Returns = new(int64), new(int64), new(int64), new(int64)
	for i := range r.Convergence {
		c := &r.Convergence[i]
		row.Detection, row.Control = worse(row.Detection, c.Detection), worse(row.Control, c.Control)
		row.Forwarding, row.Traffic = worse(row.Forwarding, c.Forwarding), worse(row.Traffic, c.Traffic)
		*row.Announcements += c.Announcements
		*row.Withdrawals += c.Withdrawals
		*row.BestChanges += c.BestChanges
	}
	for i := range r.Flapping {
		*row.Returns += r.Flapping[i].Returns
	}
	row.Forward, row.Return, row.TwoWay = r.worstOutage("forward"), r.worstOutage("return"), r.worstOutage("two-way")
	row.LostBytes = r.lostBytes()
	if len(r.Impacts) > 0 {
		row.Lasts = new(slices.ContainsFunc(r.Impacts, func(i Impact) bool { return i.Lasts }))
	}
}

// worse gives the longer of two durations that may not have happened.
func worse(a, b *int64) *int64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

// worstOutage gives the longest outage in a direction; nil if there is no
// traffic, or one was not restored.
func (r *Result) worstOutage(direction string) (worst *int64) {
	for _, i := range r.Impacts {
		if i.Direction != direction {
			continue
		}
		if i.Lasts {
			return nil
		}
		worst = worse(worst, &i.Outage)
	}
	return worst
}

func (r *Result) lostBytes() *int64 {
	var sum *int64
	for _, i := range r.Impacts {
		switch {
		case i.Direction == "two-way": // the same bytes again
		case i.Lasts:
			return nil
		case sum == nil:
			sum = new(i.LostBytes)
		default:
			*sum += i.LostBytes
		}
	}
	return sum
}

// SummaryRow is the distribution of a quantity over the runs of a point
// (summary.arrow). Estimates are in the unit of the measure and null where it
// never happened; an end of an interval where so few runs do not bound it.
type SummaryRow struct {
	Point       int64    `arrow:"point"`
	Disturbance string   `arrow:"disturbance,dict"`
	Class       *string  `arrow:"class,dict"`
	Direction   *string  `arrow:"direction,dict"`
	Measure     string   `arrow:"measure,dict"`
	N           int64    `arrow:"n"`
	Nulls       int64    `arrow:"nulls"`
	Min         *float64 `arrow:"min"`
	Max         *float64 `arrow:"max"`
	Mean        *float64 `arrow:"mean"`
	MeanLow     *float64 `arrow:"mean_low"`
	MeanHigh    *float64 `arrow:"mean_high"`
	P50         *float64 `arrow:"p50"`
	P50Low      *float64 `arrow:"p50_low"`
	P50High     *float64 `arrow:"p50_high"`
	P95         *float64 `arrow:"p95"`
	P95Low      *float64 `arrow:"p95_low"`
	P95High     *float64 `arrow:"p95_high"`
	P99         *float64 `arrow:"p99"`
	P99Low      *float64 `arrow:"p99_low"`
	P99High     *float64 `arrow:"p99_high"`
}

// Row gives a summary as a row of a file.
func (s *Summary) Row(point int64) SummaryRow {
	return SummaryRow{
		Point: point, Disturbance: s.Disturbance, Class: text(s.Class), Direction: text(s.Direction), Measure: s.Measure,
		N: int64(s.N), Nulls: int64(s.Nulls), Min: s.Min, Max: s.Max,
		Mean: s.Mean.Value, MeanLow: s.Mean.Low, MeanHigh: s.Mean.High,
		P50: s.P50.Value, P50Low: s.P50.Low, P50High: s.P50.High,
		P95: s.P95.Value, P95Low: s.P95.Low, P95High: s.P95.High,
		P99: s.P99.Value, P99Low: s.P99.Low, P99High: s.P99.High,
	}
}

// SensitivityRow is how much a parameter moves a statistic of a measure of runs.arrow
// (sensitivity.arrow), the other parameters being held. Figures are in the unit of the
// measure; null: not known.
type SensitivityRow struct {
	Measure    string   `arrow:"measure,dict"`
	Statistic  string   `arrow:"statistic,dict"` // p95, mean
	Rank       int64    `arrow:"rank"`           // 1: moves it most; those that cannot be told from none come last
	Parameter  string   `arrow:"parameter,dict"`
	Distinct   bool     `arrow:"distinct"` // more than chance: effect exceeds chance
	Effect     *float64 `arrow:"effect"`   // highest less lowest
	EffectLow  *float64 `arrow:"effect_low"`
	EffectHigh *float64 `arrow:"effect_high"`
	Chance     *float64 `arrow:"chance"` // what a parameter that does nothing exceeds in 5 % of sweeps, all parameters together
	P          *float64 `arrow:"p"`      // how often chance alone makes such an effect, of this parameter alone
	Share      *float64 `arrow:"share"`  // of the variance of the statistic over the points: first-order index
	LowestAt   string   `arrow:"lowest_at,dict"`
	Lowest     *float64 `arrow:"lowest"`
	HighestAt  string   `arrow:"highest_at,dict"`
	Highest    *float64 `arrow:"highest"`   // null: not bounded, as too much is not restored there
	Points     int64    `arrow:"points"`    // of which all this is made
	Beyond     int64    `arrow:"beyond"`    // of these: points of which the statistic is not bounded
	Ranked     bool     `arrow:"ranked"`    // distinct, p and share are of ranks, since losses in some runs are not bounded
	Test       string   `arrow:"test,dict"` // seeds, points; empty: none is possible
}
