package chart

import (
	"time"

	"dualhome/metrics"
)

// Window is the part of a run that shows one disturbance and all that followed from
// it, with a little before and after.
type Window struct {
	Name     string // of the disturbance
	At       int64  // of the disturbance, ns
	From, To int64  // ns
}

// Windows gives the windows of all disturbances of a run that came as far as end, in
// the order in which they began. A window reaches to the last effect that the tables
// know; where there is no end to what follows, to the next disturbance.
func Windows(r *metrics.Result, end int64) []Window {
	all := make([]Window, 0, len(r.Convergence))
	for i := range r.Convergence {
		c := &r.Convergence[i]
		length := lasts(c)
		if c.T+length > end || !c.Converged || c.Restored != nil && !*c.Restored {
			length = nextAfter(r.Convergence[i:], end) - c.T
		}
		if length <= 0 {
			length = int64(time.Second) // nothing followed
		}
		all = append(all, Window{c.Disturbance, c.T, max(c.T-length/8, 0), min(c.T+length+length/6, end)})
	}
	return all
}

// nextAfter gives when the next disturbance after the first of some begins, or the end.
func nextAfter(some []metrics.Convergence, end int64) int64 {
	for i := range some {
		if some[i].T > some[0].T {
			return min(some[i].T, end)
		}
	}
	return end
}

// lasts gives how long after a disturbance something follows from it.
func lasts(c *metrics.Convergence) (last int64) {
	for _, effect := range []*int64{c.Detection, c.DetectionLast, c.Control, c.Forwarding, c.Traffic} {
		if effect != nil {
			last = max(last, *effect)
		}
	}
	return last
}
