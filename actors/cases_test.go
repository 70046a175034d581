package actors_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/scenarios"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// knownCase is a case whose outcome is known from elsewhere: derived by hand, published,
// or measured with another program.
type knownCase struct {
	id       string
	anyOrder bool // it says of itself that nothing depends on the order of what happens at one instant
	play     func(*testing.T)
}

func knownCases() []knownCase {
	return []knownCase{
		{"PROP-S", true, propagation},
		{"EXPL-S", true, exploration},
		{"CLIQ-S", true, cliqueWithdrawal},
		{"FOCUS-S", true, focusedPaths},
		{"MRAI-S", true, shortFlaps},
		{"FAST-S", true, ghostFlushing},
		{"UCURVE-S", false, optimalMRAI},
		{"GR-S", false, businessRelations},
		{"DEC-S", false, decisions},
		{"IBGP-S", false, reflection},
		{"POL-S", false, policies},
		{"SPP-S", false, stablePaths},
		{"RFD-S", false, flapDamping},
		{"RFDX-S", false, dampedExploration},
		{"SESS-S", false, robustSessions},
		{"HOLD-S", false, holdTimer},
		{"BFD-S", false, bidirectionalDetection},
		{"DES-S", false, discreteEvents},
	}
}

// TestCases plays them. Each subtest is one case; its numbers are those of the case.
// The prefix is announced 1000 s, and withdrawn 2000 s after the start, unless a case
// says otherwise.
func TestCases(t *testing.T) {
	for _, c := range knownCases() {
		t.Run(c.id, c.play)
	}
}

// TestOrderInvariantCases plays those in which the order of what happens at one instant
// makes no difference with twenty orders.
func TestOrderInvariantCases(t *testing.T) {
	for _, c := range knownCases() {
		for order := range 20 {
			if c.anyOrder {
				t.Run(fmt.Sprintf("%s/%d", c.id, order+1), c.play)
			}
		}
	}
}

// shuffle gives the seed of the order of what happens at one instant, which is the
// last part of the name of a test of TestOrderInvariantCases; 0 in any other.
func shuffle(t *testing.T) (ties uint64) {
	t.Helper()
	if all, in := strings.CutPrefix(t.Name(), "TestOrderInvariantCases/"); in {
		_, n, _ := strings.Cut(all, "/")
		if _, err := fmt.Sscan(n, &ties); err != nil {
			t.Fatal(err)
		}
	}
	return ties
}

// lab0 is the prefix of router 0.
const lab0 = "198.51.0.0/24"

// upDown is a scenario in which a router announces lab0 at 1000 s and withdraws it
// at 2000 s, in a network that begins with all sessions up.
func upDown(origin, network string) string {
	return fmt.Sprintf(`{version: 1, name: case, horizon: 5000s, start: established, %s,
  faults: [{name: up, kind: announce, target: %s, prefix: %s, at: 1000s}, {name: down, kind: withdraw, target: %s, prefix: %s, at: 2000s}]}`,
		network, origin, lab0, origin, lab0)
}

// generated describes a network of a kind, each of whose routers does the same.
func generated(kind string, count int, delay, bgp string) string {
	return fmt.Sprintf("generate: [{kind: %s, count: %d, delay: %s, origin: none, router: {%s}}]", kind, count, delay, bgp)
}

// observed is a run of a case.
type observed struct {
	*scenarios.Network
	*simtest.Recorder
	circle *sim.Recurrence // that it goes in; nil: none is found
}

func observe(t *testing.T, text string, seed uint64) observed {
	t.Helper()
	s, _, err := scenarios.Load("case.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	n, err := scenarios.Build(s, scenarios.Options{Seed: seed, Ties: shuffle(t)})
	if err != nil {
		t.Fatal(err)
	}
	log := &simtest.Recorder{}
	k := sim.New(n.Config, log, &eventlog.MemoryBus{})
	if err := k.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if seed <= 3 { // the others are as long, and no different
		if err := simtest.Laws(log); err != nil {
			t.Error(err)
		}
	}
	o := observed{Network: n, Recorder: log}
	if c, found := k.Recurrence(); found {
		o.circle = &c
	}
	return o
}

// span is what happens in a part of a run.
type span struct {
	ann, wd int     // UPDATEs that announce, and that withdraw
	best    int     // changes of best routes
	tBest   float64 // the last of these, in seconds from the beginning of the span
	tRx     float64 // the arrival of the last UPDATE
}

// during gives what happens from one time to before another, in seconds.
func (o observed) during(from, to float64) span {
	var s span
	for _, l := range o.Written {
		at := float64(l.At)/1e9 - from
		if at < 0 || at >= to-from {
			continue
		}
		u, isUpdate := l.Event.(*events.Update)
		_, isBest := l.Event.(*events.BestChanged)
		switch {
		case isUpdate && l.Role == events.Out:
			s.ann += min(len(u.NLRI), 1)
			s.wd += min(len(u.Withdrawn), 1)
		case isUpdate && l.Role == events.In:
			s.tRx = at
		case isBest:
			s.best, s.tBest = s.best+1, at
		}
	}
	return s
}

func (o observed) up() span   { return o.during(1000, 2000) }
func (o observed) down() span { return o.during(2000, 5000) }

// train gives the UPDATEs that one router sends another from a time on: when, and
// A with the length of the path, or W.
func (o observed) train(from, to events.ActorID, since, until float64) string {
	var all []string
	for _, l := range o.Of(from, events.Out) {
		u, ok := l.Event.(*events.Update)
		at := float64(l.At)/1e9 - since
		if !ok || l.Peer != to || at < 0 || at >= until-since {
			continue
		}
		what := "W"
		if len(u.NLRI) > 0 {
			what = fmt.Sprintf("A%d", u.Attrs.Path.Len())
		}
		all = append(all, fmt.Sprintf("%.1f %s", at, what))
	}
	return strings.Join(all, ", ")
}

// paths gives the path of every router to a prefix at a time: the routers on it,
// the router itself first.
func (o observed) paths(prefix string, until float64) map[events.ActorID]string {
	all, names := map[events.ActorID]string{}, o.names()
	for _, l := range o.Written {
		e, ok := l.Event.(*events.BestChanged)
		if !ok || e.Prefix.String() != prefix || float64(l.At)/1e9 > until {
			continue
		}
		if delete(all, l.Actor); len(e.Is) == 0 {
			continue
		}
		hops := []string{string(l.Actor)}
		for _, segment := range e.Path {
			for _, as := range segment.AS {
				hops = append(hops, names[as])
			}
		}
		all[l.Actor] = strings.Join(hops, " ")
	}
	return all
}

// names gives the routers by their AS.
func (o observed) names() map[uint32]string {
	all := map[uint32]string{}
	for _, l := range o.Written {
		if e, ok := l.Event.(events.Node); ok {
			all[e.AS] = string(e.Node)
		}
	}
	return all
}

// router gives a router as it is at the end.
func (o observed) router(id events.ActorID) *actors.Router {
	return o.Routers[slices.IndexFunc(o.Routers, func(r *actors.Router) bool { return r.ID() == id })]
}

// same compares a row with what was measured.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// exactly compares times: to a microsecond.
func exactly(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6 {
		t.Errorf("%s: %v s, want %v s", what, got, want)
	}
}

// sortedKeys gives the keys of a map in order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	var all []K
	for k := range m { // order-free: sorted below
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// sends says whether the best route is sent to whom it came from.
func sends(mode string) string {
	return map[string]string{
		"all":  "send_back: true",
		"none": "send_back: false",
		"ssld": "send_back: false, sender_side_loop_detection: true",
	}[mode]
}

// prefixOf gives the prefix of the i-th router.
func prefixOf(i int) netip.Prefix { return scenarios.Originated(i) }
