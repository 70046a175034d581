package scenarios

import (
	"slices"
	"time"
)

// Assumption is a value that a run uses although Azure does not document it.
type Assumption struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Grade Grade  `json:"grade"`
}

// Grade says how well a value is known.
type Grade string

// The grades below "documented by Microsoft".
const (
	Observed Grade = "O" // on real Azure, by third parties
	Inferred Grade = "I" // by us, from what is documented or observed
	Unknown  Grade = "U" // no source: an option with a default
)

// Assumptions gives what a run of the scenario assumes, the unknown first. What
// cannot matter to it is left out. docs/explanation/model.md has the sources.
func (s *Scenario) Assumptions() []Assumption {
	var all []Assumption
	add := func(when bool, name, value string, g Grade) {
		if when {
			all = append(all, Assumption{name, value, g})
		}
	}
	processEnds := s.fails(ProcessKill, GracefulStop)
	silence := s.fails(NodeDeath, Hang, LinkDown, UpstreamLoss, InstanceLoss, HubLoss)
	for _, rs := range s.RouteServers {
		add(true, "NIC programming", "one draw per instance and batch of best changes", Unknown)
		add(true, "programming delay at scale", "does not grow with VMs or routes", Unknown)
		add(true, "instance of a NIC", "hash of the NIC mod 2", Unknown)
		add(len(s.NVAs) > 1, "reflection between NVAs", onOff(rs.BranchToBranch), Unknown)
		add(true, "TCP initiator", "the NVA", Unknown)
		add(processEnds, "graceful restart", "off", Unknown)
		add(s.losesInstance(rs), "takeover of "+rs.Name, rs.Takeover.String(), Unknown)
		add(s.losesInstance(rs), "NICs without an instance of "+rs.Name, rs.OnLoss, Unknown)
	}
	add(len(s.Traffic) > 0, "ECMP hash", "5-tuple modulo next hops, a seed per node", Unknown)
	for _, rs := range s.RouteServers {
		add(true, "programming delay", rs.Programming.String(), Observed)
		add(true, "spacing", rs.Spacing.String(), Observed)
		add(s.shortHold(), "hold time negotiation", "the lower one", Observed)
	}
	toInternet := slices.ContainsFunc(s.Traffic, func(c Class) bool { return c.To == string(internet) })
	add(toInternet, "VMs without a learned default route reach the Internet", "default outbound access", Inferred)
	add(len(s.RouteServers) > 0, "delay inside a VNet", insideVNet.String(), Inferred)
	add(len(s.Faults) > 0, "idle hold time", idleHold.String()+", doubling", Inferred)
	add(silence, "TCP retransmission", "0.2 s, doubling up to 120 s", Inferred)
	return dropRepeats(all)
}

// fails tells whether there is a fault of one of the kinds.
func (s *Scenario) fails(kinds ...FaultKind) bool {
	return slices.ContainsFunc(s.Faults, func(f Fault) bool { return slices.Contains(kinds, f.Kind) })
}

// losesInstance tells whether a fault takes an instance of a Route Server away.
func (s *Scenario) losesInstance(rs RouteServer) bool {
	return slices.ContainsFunc(s.Faults, func(f Fault) bool {
		return f.Kind == InstanceLoss && instanceOf(f.Target) == rs.Name || f.Kind == HubLoss && f.Target == rs.VNet
	})
}

// shortHold tells whether a speaker offers less than Azure's hold time.
func (s *Scenario) shortHold() bool {
	const azure = 180 * time.Second
	return slices.ContainsFunc(s.NVAs, func(n NVA) bool { return n.Hold < azure }) ||
		slices.ContainsFunc(s.RouteServers, func(r RouteServer) bool { return r.Hold < azure }) ||
		slices.ContainsFunc(s.Sites, func(t Site) bool { return t.Hold < azure })
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func dropRepeats(all []Assumption) []Assumption {
	var kept []Assumption
	for _, a := range all {
		if !slices.Contains(kept, a) {
			kept = append(kept, a)
		}
	}
	slices.SortStableFunc(kept, func(a, b Assumption) int { return a.Grade.rank() - b.Grade.rank() })
	return kept
}

func (g Grade) rank() int { return slices.Index([]Grade{Unknown, Inferred, Observed}, g) }
