package scenarios

import (
	"fmt"
	"slices"
)

// state refuses what only a stateful NVA can do.
func (c *checker) state(i int, n NVA) {
	if n.Stateful {
		return
	}
	if n.SharedState != "" {
		c.fail(n.Name+" has no state to share", "add stateful: true, or leave shared_state out", "nvas", i, "shared_state")
	}
	if n.Midstream {
		c.fail(n.Name+" is not stateful: every flow passes it anyway", "add stateful: true, or leave midstream_pickup out", "nvas", i, "midstream_pickup")
	}
}

// loneState warns of an NVA that shares its state with nobody.
func (c *checker) loneState(i int, n NVA) {
	same := func(o NVA) bool { return o.Name != n.Name && o.SharedState == n.SharedState }
	if n.SharedState != "" && !slices.ContainsFunc(c.s.NVAs, same) {
		c.warn(fmt.Sprintf("no other NVA has shared_state: %s, so %s shares what it knows with nobody", n.SharedState, n.Name), "nvas", i, "shared_state")
	}
}

// untranslated warns of a firewall that sends private addresses to the Internet.
func (c *checker) untranslated(i int, n NVA) {
	if n.SNAT == "none" && slices.Contains(n.Roles, "firewall") && slices.ContainsFunc(c.s.Traffic, func(t Class) bool { return t.To == string(internet) }) {
		c.warn(fmt.Sprintf("%s translates nothing: what answers from the Internet finds its way to the VMs past it, if at all", n.Name), "nvas", i, "snat")
	}
}

// breakable tells whether something may keep state of the flows of a class, so
// that they break where it is lost: the state of a firewall's address towards the
// Internet, or of an NVA that translates all, or that is stateful.
func (s *Scenario) breakable(t Class) bool {
	return slices.ContainsFunc(s.NVAs, func(n NVA) bool {
		return n.SNAT == "all" || n.SNAT == "internet" && t.To == string(internet) || n.Stateful && !t.Stateless && t.Protocol == "tcp"
	})
}

// flows is what is assumed of the applications where nobody says.
func (l *assumed) flows() {
	for _, t := range l.s.Traffic {
		l.add(len(l.s.Faults) > 0 && l.s.breakable(t) && t.Reconnect.IsZero(), "reconnection of "+t.Name, t.Reconnect.String()+" after a break", Setting{
			Option: "reconnect", Grade: Unknown, Source: "it depends on the application: its retries and timeouts",
		})
	}
}
