package metrics

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dualhome/events"
)

// diagnose says what is wrong with the network: first what speakers make of the
// routes they get, then what becomes of each class at the end of the run, or
// became of it before the first disturbance.
func (m *meter) diagnose() []string {
	all := slices.Concat(m.ribs.sentences(), m.overflows.sentences())
	settled := m.pending.unfinished() == ""
	for _, c := range m.traffic.classes {
		for _, dir := range []direction{forward, backward} {
			steady := m.steady(c, dir)
			all = append(all, c.loops(m.net, dir, steady)...)
			all = append(all, c.barred(m.net, dir, steady)...)
			all = append(all, c.forever(m.net, dir, c.ways[dir].legs)...)
			if settled { // otherwise what is pending may still mend it
				all = append(all, c.lost(m.net, dir)...)
			}
		}
		all = append(all, c.asymmetry(m.net, m.mostStrange(c, backward))...)
		all = append(all, c.oneSided(m.net, m.mostStrange(c, forward), m.steady(c, backward))...)
		all = append(all, c.uninspected(m.net)...)
		all = append(all, c.breaks(m.line.disturbances, m.result.Horizon)...)
	}
	return once(append(all, m.crowded()...))
}

// steady gives where the flows of a class were before the first disturbance, and
// at the end.
func (m *meter) steady(c *class, dir direction) []leg {
	t := &c.ways[dir]
	if all := m.line.disturbances; len(all) > 0 {
		return slices.Concat(t.markAt(all[0].At), t.legs)
	}
	return t.legs
}

// mostStrange gives where the flows of a class were before the first disturbance, or
// at the end: whichever has more flows that stateful NVAs drop, for these need not be
// the same ones.
func (m *meter) mostStrange(c *class, dir direction) []leg {
	legs := c.ways[dir].legs
	if all := m.line.disturbances; len(all) > 0 {
		if before := c.ways[dir].markAt(all[0].At); strangers(before) >= strangers(legs) {
			return before
		}
	}
	return legs
}

// strangers counts the flows that stateful NVAs drop though they did not break.
func strangers(legs []leg) (flows int) {
	for _, l := range legs {
		if l.cause == asymmetry && !l.broke {
			flows += l.flows.count()
		}
	}
	return flows
}

// once drops sentences that were said before.
func once(all []string) []string {
	var out []string
	for _, s := range all {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// refusal is routes that the loop check refuses, for some of which there are no
// others.
type refusal struct {
	ignored, missed, total int
	as                     uint32
	atSender               bool // the sender can do something about it
	who, whom              side
}

// side is one end of a session: for the instances of one Route Server or
// gateway, which fare alike, what they have in common.
type side struct {
	kind events.NodeKind
	vnet string
	node events.ActorID // of all others
}

// sentences says what is wrong with the routes that speakers get.
func (r *ribs) sentences() []string {
	all := r.adjacencies()
	return append(r.loops(all), r.limits(all)...)
}

// loops says whose routes are refused because their path holds the receiver's
// AS.
func (r *ribs) loops(adjacencies []adjacency) []string {
	type ends struct{ who, whom []string }
	var order []refusal
	found := map[refusal]*ends{}
	for _, at := range adjacencies {
		f, ok := r.refusal(at)
		if !ok {
			continue
		}
		if found[f] == nil {
			order, found[f] = append(order, f), &ends{}
		}
		e := found[f]
		e.who = add(e.who, string(r.net.nodes[at.at].Node.Node))
		e.whom = add(e.whom, string(r.net.nodes[at.from].Node.Node))
	}
	var all []string
	for _, f := range order {
		all = append(all, f.text(found[f].who, found[f].whom))
	}
	return all
}

// adjacencies gives those of the sessions of now, by receiver and sender.
func (r *ribs) adjacencies() []adjacency {
	var all []adjacency
	for at := range r.heard { // order-free: sorted below
		if r.lasts(at) {
			all = append(all, at)
		}
	}
	name := func(at int32) events.ActorID { return r.net.nodes[at].Node.Node }
	slices.SortFunc(all, func(a, b adjacency) int {
		if a.at != b.at {
			return cmp.Compare(name(a.at), name(b.at))
		}
		return cmp.Compare(name(a.from), name(b.from))
	})
	return all
}

// refusal gives what the loop check refuses of an adjacency, where somebody can
// do something about it: Microsoft's edge routers refuse by design what comes
// from another of them, and Azure's own speakers cannot be told.
func (r *ribs) refusal(at adjacency) (refusal, bool) {
	to, from := &r.net.nodes[at.at], &r.net.nodes[at.from]
	if to.Type == events.MSEENode || !to.isOurs() && !from.isOurs() {
		return refusal{}, false
	}
	all, missed := r.ignored(at)
	return refusal{all, missed, len(r.heard[at].routes), to.AS, from.isOurs(), to.side(), from.side()}, missed > 0
}

// isOurs tells whether the customer of Azure configures the node.
func (n *node) isOurs() bool { return n.Type == events.NVANode || n.Type == events.SiteNode }

func (n *node) side() side {
	if n.isOurs() {
		return side{node: n.Node.Node}
	}
	return side{kind: n.Type, vnet: n.VNet}
}

func (f refusal) text(who, whom []string) string {
	paths, own := "their paths hold", "their"
	if f.ignored == 1 {
		paths = "its path holds"
	}
	if len(who) == 1 {
		own = "its"
	}
	fix := fmt.Sprintf("%s %s as-override, or to remove %d", join(whom), verb(whom, "need"), f.as)
	if !f.atSender {
		fix = fmt.Sprintf("%s %s allowas-in, or an AS of its own", join(who), verb(who, "need"))
	}
	if f.missed < f.ignored {
		fix = fmt.Sprintf("for %d of them there is no other route; %s", f.missed, fix)
	}
	return fmt.Sprintf("%s %s %d of %d routes that %s %s: %s %d, %s own AS (loop check); %s",
		join(who), verb(who, "ignore"), f.ignored, f.total, join(whom), verb(whom, "send"), paths, f.as, own, fix)
}

// routeLimit is how many routes a gateway may advertise to a circuit (Azure:
// azure-subscription-service-limits, ExpressRoute).
const routeLimit = 1000

// limits says which gateways advertise more than Azure allows.
func (r *ribs) limits(adjacencies []adjacency) []string {
	var all []string
	for _, at := range adjacencies {
		to, from, n := &r.net.nodes[at.at], &r.net.nodes[at.from], len(r.heard[at].routes)
		if to.Type == events.MSEENode && from.isGateway() && n > routeLimit {
			all = append(all, fmt.Sprintf("%s advertises %s routes to %s; Azure allows %s and does not say what happens above: the run goes on",
				from.Node.Node, thousands(n), to.Node.Node, thousands(routeLimit)))
		}
	}
	return all
}

func thousands[T int | int64](n T) string {
	if n < 1000 {
		return strconv.FormatInt(int64(n), 10)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// add appends a name that is not there yet.
func add(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// join gives names as a sentence has them.
func join(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// verb gives the form of a verb that goes with names.
func verb(names []string, of string) string {
	if len(names) == 1 {
		return of + "s"
	}
	return of
}
