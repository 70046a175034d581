package metrics

import "slices"

// Run is a run of a sweep (runs.arrow). The measures are those that expectations
// name: the worst of all disturbances and classes; counts are of all disturbances.
// Null: it did not happen, or an outage was not restored, or the run is partial.
type Run struct {
	Run           int64   `arrow:"run"`               // from 0, in the order of points and seeds
	Point         int64   `arrow:"point"`             // of sweep.json
	Seed          int64   `arrow:"seed"`              // of all random draws
	Status        string  `arrow:"status,dict"`       // complete, or partial: it hit a bound
	Digest        string  `arrow:"digest"`            // of its log
	Lines         int64   `arrow:"lines"`             // of its log
	Converged     bool    `arrow:"converged"`         // nothing was under way or pending at its end, and tables had been quiet for long enough
	Outcome       string  `arrow:"outcome,dict"`      // settled, unsettled, oscillates, cut short
	State         *string `arrow:"state,dict"`        // the fingerprint of the state in which it settled
	Failed        int64   `arrow:"failed"`            // expectations that do not hold
	Detection     *int64  `arrow:"detection_ns"`      // the longest of all disturbances; as in convergence.arrow
	Control       *int64  `arrow:"control_ns"`        // likewise
	Forwarding    *int64  `arrow:"forwarding_ns"`     // likewise
	Traffic       *int64  `arrow:"traffic_ns"`        // likewise
	Forward       *int64  `arrow:"outage_forward_ns"` // the longest of all disturbances and classes, all causes together
	Return        *int64  `arrow:"outage_return_ns"`  // likewise
	TwoWay        *int64  `arrow:"outage_two_way_ns"` // likewise: the longest loss of service
	LostBytes     *int64  `arrow:"lost_bytes"`        // of all classes and disturbances, in both directions
	Lasts         *bool   `arrow:"lasts"`             // something is lost at the end of the window of a disturbance: such outages are null; null: no traffic, or nothing failed
	Announcements *int64  `arrow:"announcements"`     // prefixes sent, per receiver, of all disturbances
	Withdrawals   *int64  `arrow:"withdrawals"`       // likewise
	BestChanges   *int64  `arrow:"best_changes"`      // of all disturbances
	Returns       *int64  `arrow:"returns"`           // to a best route that was left after the same disturbance
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

// lostBytes gives what was lost in all; nil as worstOutage. Disturbances of one instant
// share what is lost in their window: it counts once.
func (r *Result) lostBytes() *int64 {
	again := map[int64]bool{}
	for i := 1; i < len(r.Convergence); i++ {
		again[r.Convergence[i].Root] = r.Convergence[i].T == r.Convergence[i-1].T
	}
	var sum *int64
	for _, i := range r.Impacts {
		switch {
		case i.Direction == "two-way", again[i.Root]: // the same bytes again
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
	Point       int64    `arrow:"point"`            // of sweep.json
	Disturbance string   `arrow:"disturbance,dict"` // the name of the fault; of its repair NAME-repair
	Class       *string  `arrow:"class,dict"`       // null: the measure is not about traffic
	Direction   *string  `arrow:"direction,dict"`   // forward, return, two-way; null as class
	Measure     string   `arrow:"measure,dict"`     // the column of the table of a run that it is about: detection_ns, outage_ns, lost_bytes and so on
	N           int64    `arrow:"n"`                // runs in which it happened
	Nulls       int64    `arrow:"nulls"`            // runs in which it did not; of outages, in which they last
	Min         *float64 `arrow:"min"`              // of the runs in which it happened
	Max         *float64 `arrow:"max"`              // likewise
	Mean        *float64 `arrow:"mean"`             // null of an outage that lasts in some run
	MeanLow     *float64 `arrow:"mean_low"`         // 95 % interval, Student's t, cut at zero
	MeanHigh    *float64 `arrow:"mean_high"`        // its upper end
	P50         *float64 `arrow:"p50"`              // the least value that half of the runs do not exceed; outages that last count as longer than all others
	P50Low      *float64 `arrow:"p50_low"`          // 95 % interval, order statistics
	P50High     *float64 `arrow:"p50_high"`         // its upper end
	P95         *float64 `arrow:"p95"`              // likewise, 95 %
	P95Low      *float64 `arrow:"p95_low"`          // 95 % interval, order statistics; null: so few runs do not bound it
	P95High     *float64 `arrow:"p95_high"`         // its upper end
	P99         *float64 `arrow:"p99"`              // likewise, 99 %
	P99Low      *float64 `arrow:"p99_low"`          // likewise
	P99High     *float64 `arrow:"p99_high"`         // its upper end
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
	Measure    string   `arrow:"measure,dict"`    // a column of runs.arrow
	Statistic  string   `arrow:"statistic,dict"`  // p95 or mean, over the runs of a point
	Rank       int64    `arrow:"rank"`            // 1: moves it most; those that cannot be told from none come last
	Parameter  string   `arrow:"parameter,dict"`  // as sweep.json names it
	Distinct   bool     `arrow:"distinct"`        // more than chance: effect exceeds chance
	Effect     *float64 `arrow:"effect"`          // highest less lowest
	EffectLow  *float64 `arrow:"effect_low"`      // 95 % interval, a bootstrap of the seeds
	EffectHigh *float64 `arrow:"effect_high"`     // its upper end
	Chance     *float64 `arrow:"chance"`          // what a parameter that does nothing exceeds in 5 % of sweeps, all parameters together
	P          *float64 `arrow:"p"`               // how often chance alone makes such an effect, of this parameter alone
	Share      *float64 `arrow:"share"`           // of the variance of the statistic over the points: first-order index
	LowestAt   string   `arrow:"lowest_at,dict"`  // the value of the parameter at which the figure is lowest
	Lowest     *float64 `arrow:"lowest"`          // the figure there
	HighestAt  string   `arrow:"highest_at,dict"` // likewise, highest
	Highest    *float64 `arrow:"highest"`         // the figure there; null: not bounded, as too much is not restored
	Points     int64    `arrow:"points"`          // of which all this is made
	Beyond     int64    `arrow:"beyond"`          // of these: points of which the statistic is not bounded
	Ranked     bool     `arrow:"ranked"`          // distinct, p and share are of ranks, since losses in some runs are not bounded
	Test       string   `arrow:"test,dict"`       // seeds, points; empty: none is possible
}
