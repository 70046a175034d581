package scenarios

import (
	"fmt"
	"slices"
	"time"
)

// failures checks them as what they are each time that they happen: faults.
func (c *checker) failures() {
	for i, f := range c.s.Failures {
		c.often(i, f)
		fault := disturbing{f.fault(), []any{"failures", i}}
		switch {
		case f.Kind == "" || f.Target == "": // reported
		case !slices.Contains(FailureKinds(), f.Kind):
			c.fail(fmt.Sprintf("%s is no failure: an operator does it", f.Kind), "use one of "+enumerate(kindNames(FailureKinds()), "and"), "failures", i, "kind")
			continue
		case c.target(fault):
			c.details(fault)
		}
		if f.Peer != "" && f.Kind != SessionShutdown {
			c.fail("peer is for session-shutdown only", "", "failures", i, "peer")
		}
		if f.From != "" && f.Kind != LinkDown {
			c.fail("from is for link-down only", "", "failures", i, "from")
		}
	}
}

// often checks how often a failure comes and how long it lasts.
func (c *checker) often(i int, f Failure) {
	up, down := f.UpTime.Mean(), f.RepairTime.Mean()
	missing := func(key string) bool { // or not to be read: reported
		n, reported := c.tree.at("failures", i)
		return reported || n.get(key) == nil || n.get(key).bad
	}
	switch {
	case missing("mtbf") || missing("repair_time"):
	case up < time.Second:
		c.fail(fmt.Sprintf("%s cannot break more often than once a second, on average", f.Name), "like 8760h, a year", "failures", i, "mtbf")
	case f.RepairTime.Max() == 0:
		c.fail("a repair at the instant of its failure repairs nothing", "like 4h, or exponential(4h)", "failures", i, "repair_time")
	case down >= up:
		c.warn(fmt.Sprintf("%s is broken for %.0f %% of the time: availability counts one and two failures at once, and more of them will be at once often",
			f.Name, 100*float64(down)/float64(up+down)), "failures", i, "repair_time")
	}
}

func kindNames(kinds []FaultKind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return names
}
