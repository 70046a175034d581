package metrics

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// equalNextHops is ECMP-S: which flows move when equal next hops come and go,
// whether both directions of a flow go the same way, and what a stateful firewall
// makes of it. Left to the tests of what NVAs know and translate: that shared state
// and SNAT, too, let all connections live.
func equalNextHops(t *testing.T) {
	t.Run("fraction moved and share after", movedFlows)
	t.Run("flap 2-1-2", flappingNextHop)
	t.Run("asymmetric", twoHashes)
	t.Run("stateful firewall", statefulFirewalls)
}

const caseFlows = 10000

// schemes are all of which a scenario has the choice.
func schemes() []string { return []string{"modulo", "hash-threshold", "resilient"} }

// tally counts flows that have a property, of runs with different seeds. Sums must
// be within three standard deviations of independent flows, a band that is
// narrower than that of one run by the root of their number; of single runs one
// figure in a hundred may be outside its own.
type tally struct {
	sum      map[string]int
	runs     map[string]int
	share    map[string]float64
	all, out int
}

func newTally() *tally {
	return &tally{sum: map[string]int{}, runs: map[string]int{}, share: map[string]float64{}}
}

// deviates tells whether so many of some flows are too far from a share of them.
func deviates(got, flows int, share float64) bool {
	return math.Abs(float64(got)-float64(flows)*share) > 3*math.Sqrt(float64(flows)*share*(1-share))
}

func (a *tally) add(what string, got int, share float64) {
	a.sum[what], a.share[what] = a.sum[what]+got, share
	a.runs[what]++
	if a.all++; deviates(got, caseFlows, share) {
		a.out++
	}
}

func (a *tally) check(t *testing.T, figures, runs int) {
	t.Helper()
	if len(a.sum) != figures || a.all != figures*runs {
		t.Errorf("%d figures of %d runs", len(a.sum), runs)
	}
	for what, got := range a.sum {
		if flows := a.runs[what] * caseFlows; deviates(got, flows, a.share[what]) {
			t.Errorf("%s: %d of %d flows, not %.4f of them", what, got, flows, a.share[what])
		}
	}
	if 100*a.out > a.all {
		t.Errorf("%d of %d figures are outside three standard deviations", a.out, a.all)
	}
}

// change is a change of the set of next hops, named by its disturbance, how many
// there are after it, and how much of the flows each scheme moves.
type change struct {
	name                         string
	left                         int
	modulo, threshold, resilient float64
}

// movedFlows takes one of four NVAs away after another and brings them back, and
// then the second one alone. Each has a hub of its own: a flow that takes another
// next hop takes another hub.
func movedFlows(t *testing.T) {
	const faults = `{name: 4-3, kind: graceful-stop, target: nva4, at: 300s, repair_after: 1500s},
  {name: 3-2, kind: graceful-stop, target: nva3, at: 600s, repair_after: 900s},
  {name: 2-1, kind: graceful-stop, target: nva2, at: 900s, repair_after: 300s},
  {name: inner-4-3, kind: graceful-stop, target: nva2, at: 2100s, repair_after: 300s}`
	changes := []change{
		{"4-3", 3, 3. / 4, 1. / 2, 1. / 4},
		{"3-2", 2, 2. / 3, 1. / 2, 1. / 3},
		{"2-1", 1, 1. / 2, 1. / 2, 1. / 2},
		{"2-1-repair", 2, 1. / 2, 1. / 2, 1. / 2},
		{"3-2-repair", 3, 2. / 3, 1. / 2, 1. / 3},
		{"4-3-repair", 4, 3. / 4, 1. / 2, 1. / 4},
		{"inner-4-3", 3, 3. / 4, 1. / 3, 1. / 4},
		{"inner-4-3-repair", 4, 3. / 4, 1. / 3, 1. / 4},
	}
	for i, scheme := range schemes() {
		sums := newTally()
		const runs = 10
		for seed := range uint64(runs) {
			p := playCase(t, manyHubs(4, "ecmp_scheme: "+scheme, "", faults), seed)
			for _, c := range changes {
				moved := []float64{c.modulo, c.threshold, c.resilient}[i]
				for _, dir := range []direction{forward, backward} {
					p.tallyChange(t, sums, c, dir, moved)
				}
			}
		}
		left := 0
		for _, c := range changes {
			left += c.left
		}
		sums.check(t, 2*(len(changes)+left-1), runs) // of one next hop there is no share
		if t.Failed() {
			t.Fatal(scheme)
		}
	}
}

// tallyChange counts the flows that a change moves, and those of each next hop
// after it.
func (p played) tallyChange(t *testing.T, sums *tally, c change, dir direction, moved float64) {
	t.Helper()
	what, used := c.name+", "+dir.String(), 0
	for i := 1; i <= 4; i++ {
		row := p.shiftOf(t, c.name, dir.String(), fmt.Sprintf("hub%d", i))
		if row.ShareAfter > 0 {
			used++
		}
		if row.ShareAfter > 0 && c.left > 1 {
			sums.add(what+", via "+row.Via, int(math.Round(row.ShareAfter*caseFlows)), 1/float64(c.left))
		}
		if i == 1 {
			sums.add(what+", moved", int(row.FlowsMoved), moved)
		}
	}
	if used != c.left {
		t.Errorf("%s: %d hubs are used, not %d", what, used, c.left)
	}
}

// nvaOf gives the NVA that each flow passes, at the border of a window.
func (c *class) nvaOf(legs []leg) []int32 {
	at := slices.Repeat([]int32{-1}, c.Flows)
	for _, l := range legs {
		for i := range at {
			if l.flows[i/64]>>(i%64)&1 == 1 {
				at[i] = l.exit
			}
		}
	}
	return at
}

func differ(a, b []int32) int {
	n := 0
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// flappingNextHop: half of the flows move when one of two goes, half of them when
// it comes back, and then each is where it was.
func flappingNextHop(t *testing.T) {
	const faults = "{name: flap, kind: graceful-stop, target: nva2, at: 300s, repair_after: 300s}"
	for _, scheme := range schemes() {
		sums := newTally()
		for seed := range uint64(10) {
			p := playCase(t, manyHubs(2, "ecmp_scheme: "+scheme, "", faults), seed)
			for dir, k := range p.classes[0].ways {
				var at [3][]int32 // before, without, and after it came back
				for i := range at {
					at[i] = p.classes[0].nvaOf(k.marks[i].legs)
				}
				sums.add(fmt.Sprint(direction(dir), " at the failure"), differ(at[0], at[1]), 0.5)
				sums.add(fmt.Sprint(direction(dir), " at the recovery"), differ(at[1], at[2]), 0.5)
				if n := differ(at[0], at[2]); n > 0 {
					t.Errorf("%s, seed %d, %s: %d flows do not return to their next hop", scheme, seed, direction(dir), n)
				}
			}
		}
		sums.check(t, 4, 10)
	}
}

// twoHashes: with a hash of its own in each direction a flow comes back another way
// in 1 - 1/N of all cases, with a symmetric one in none.
func twoHashes(t *testing.T) {
	for _, scheme := range schemes() {
		for _, n := range []int{2, 4} {
			sums := newTally()
			for seed := range uint64(10) {
				p := playCase(t, manyHubs(n, "ecmp_scheme: "+scheme, "", ""), seed)
				sums.add("two hashes", p.asymmetric(), 1-1/float64(n))
				p = playCase(t, manyHubs(n, "ecmp_symmetric: true\necmp_scheme: "+scheme, "", ""), seed)
				if got := p.asymmetric(); got > 0 && (n == 2 || scheme != "resilient") { // buckets remember which came first: see TestHistoryParts

					t.Errorf("%s, %d next hops: %d flows come back another way", scheme, n, got)
				}
				for _, row := range p.Final {
					if row.Delivered != 1 {
						t.Errorf("%+v", row)
					}
				}
			}
			sums.check(t, 1, 10)
		}
	}
}

// asymmetric counts the flows whose directions pass different NVAs.
func (p played) asymmetric() int {
	c := p.classes[0]
	return differ(c.nvaOf(c.ways[forward].legs), c.nvaOf(c.ways[backward].legs))
}

// statefulFirewalls: two that share nothing lose half of the connections from the
// start, unless both directions come to the same one, by a symmetric hash or SNAT;
// those with state sync lose none.
func statefulFirewalls(t *testing.T) {
	for _, scheme := range schemes() {
		sums := newTally()
		for seed := range uint64(10) {
			p := playCase(t, manyHubs(2, "ecmp_scheme: "+scheme, ", stateful: true", ""), seed)
			sums.add("two hashes", p.broken(t), 0.5)
			p = playCase(t, manyHubs(2, "ecmp_symmetric: true\necmp_scheme: "+scheme, ", stateful: true", ""), seed)
			if got := p.broken(t); got > 0 {
				t.Errorf("%s: %d connections fail where the hash is symmetric", scheme, got)
			}
			for _, with := range []string{"snat: all", "shared_state: pair"} {
				p = playCase(t, manyHubs(2, "ecmp_scheme: "+scheme, ", stateful: true, "+with, ""), seed)
				if got := p.broken(t); got > 0 {
					t.Errorf("%s: %d connections fail with %s", scheme, got, with)
				}
			}
		}
		sums.check(t, 1, 10)
	}
}

// broken counts the flows that do not work in both directions, because they have
// one way there and another back.
func (p played) broken(t *testing.T) int {
	t.Helper()
	steps := p.classes[0].both.steps
	lost := 0
	for _, c := range steps[len(steps)-1].cells {
		switch c.cause {
		case delivered:
		case asymmetry:
			lost += c.flows
		default:
			t.Errorf("%d flows are lost: %s", c.flows, c.cause)
		}
	}
	return lost
}
