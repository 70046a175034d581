package actors_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
)

// gadget is, for each node, its permitted paths, the best first. Node 0 originates.
type gadget map[string][]string

// network writes a gadget as routers that drop every other path on import. Links
// take what delays say of their two ends, in either order, or else of "".
func (g gadget) network(bgp string, delays map[string]string) string {
	var b strings.Builder
	links := map[string]bool{}
	b.WriteString("routers:\n  - {name: r0, asn: 64512, bgp: {" + bgp + "}}\n")
	for _, node := range sortedKeys(g) {
		rules := map[string][]string{}
		for rank, path := range g[node] {
			for i := range len(path) - 1 {
				links[min(path[i:i+1], path[i+1:i+2])+max(path[i:i+1], path[i+1:i+2])] = true
			}
			var as []string
			for _, c := range path[1:] {
				as = append(as, fmt.Sprint(64512+int(c-'0')))
			}
			next := path[1:2]
			rules[next] = append(rules[next], fmt.Sprintf("{as_path: '^%s$', local_pref: %d}", strings.Join(as, " "), 200-rank))
		}
		for other := range g { // order-free: into a map
			if rules[other] == nil && other != node {
				rules[other] = nil
			}
		}
		fmt.Fprintf(&b, "  - {name: r%s, asn: %d, bgp: {%s}, peers: [", node, 64512+int(node[0]-'0'), bgp)
		for _, other := range g.neighbours(node) {
			fmt.Fprintf(&b, "{router: r%s, import: [%s]}, ", other, strings.Join(append(rules[other], "{action: drop}"), ", "))
		}
		b.WriteString("]}\n")
	}
	b.WriteString("links:\n")
	for _, l := range sortedKeys(links) {
		delay := delays[l]
		if delay == "" {
			delay = delays[""]
		}
		back := delays[l[1:]+l[:1]]
		if back == "" {
			back = delay
		}
		fmt.Fprintf(&b, "  - {between: [r%s, r%s], delay: '%s', delay_back: '%s'}\n", l[:1], l[1:], delay, back)
	}
	return b.String()
}

// neighbours gives the nodes next to one in any path.
func (g gadget) neighbours(node string) []string {
	all := map[string]bool{}
	for _, paths := range g { // order-free: sorted below
		for _, path := range paths {
			for i := range len(path) - 1 {
				switch node {
				case path[i : i+1]:
					all[path[i+1:i+2]] = true
				case path[i+1 : i+2]:
					all[path[i:i+1]] = true
				}
			}
		}
	}
	return sortedKeys(all)
}

// play announces node 0's prefix at 1000 s, and runs so long.
func (g gadget) play(t *testing.T, bgp string, delays map[string]string, seed uint64, horizon int) observed {
	t.Helper()
	return observe(t, fmt.Sprintf("version: 1\nname: case\nhorizon: %ds\nstart: established\nfaults: [{name: up, kind: announce, target: r0, prefix: %s, at: 1000s}]\n", horizon, lab0)+
		g.network(bgp, delays), seed)
}

// state gives the paths of all nodes but 0 at the end, as a gadget writes them.
func state(o observed) string {
	var all []string
	paths := o.paths(lab0, 1e9)
	for _, id := range sortedKeys(paths) {
		if id != "r0" {
			all = append(all, strings.ReplaceAll(strings.ReplaceAll(paths[id], "r", ""), " ", ""))
		}
	}
	return strings.Join(all, " ")
}

var (
	disagree = gadget{"1": {"120", "10"}, "2": {"210", "20"}}
	good     = gadget{"1": {"130", "10"}, "2": {"210", "20"}, "3": {"30"}, "4": {"430", "420"}}
	bad      = gadget{"1": {"130", "10"}, "2": {"210", "20"}, "3": {"3420", "30"}, "4": {"420", "430"}}
	bad3     = gadget{"1": {"120", "10"}, "2": {"230", "20"}, "3": {"310", "30"}}
)

// stable gives the states in which no node has a reason to move, written as state
// does, by trying all: each node has the best of its permitted paths whose rest is
// what its next hop has.
func (g gadget) stable() []string {
	nodes := sortedKeys(g)
	var all []string
	var try func(has map[string]string)
	try = func(has map[string]string) {
		if len(has) < len(nodes)+1 {
			node := nodes[len(has)-1]
			for _, path := range append([]string{""}, g[node]...) {
				has[node] = path
				try(maps.Clone(has))
			}
			return
		}
		var paths []string
		for _, node := range nodes {
			i := slices.IndexFunc(g[node], func(path string) bool { return has[path[1:2]] == path[1:] })
			if i < 0 && has[node] != "" || i >= 0 && has[node] != g[node][i] {
				return
			}
			if i >= 0 {
				paths = append(paths, has[node])
			}
		}
		all = append(all, strings.Join(paths, " "))
	}
	try(map[string]string{"0": "0"})
	slices.Sort(all)
	return all
}

// SPP-S: policies with two stable states, with one and with none (Griffin, Shepherd
// and Wilfong 2002).
func stablePaths(t *testing.T) {
	const goodState = "130 20 30 430"
	same(t, "stable states of DISAGREE", disagree.stable(), []string{"10 210", "120 20"})
	same(t, "stable states of GOOD", good.stable(), []string{goodState})
	same(t, "stable states of BAD", len(bad.stable()), 0)
	same(t, "stable states of BAD3", len(bad3.stable()), 0)

	second := map[string]string{"": "1s"}
	varying := map[string]string{"": "uniform(500ms, 1500ms)"}
	o := good.play(t, sends("none"), second, 1, 2000)
	same(t, "GOOD", state(o), goodState)
	same(t, "GOOD: goes in a circle", o.circle != nil, false)
	exactly(t, "GOOD: t_best", o.during(1000, 2000).tBest, 3)
	same(t, "GOOD: node 2 passes through", o.bestOf("r2", 1002), "[r1]")
	for seed := range uint64(20) {
		same(t, "GOOD, delays vary", state(good.play(t, sends("all"), varying, seed+1, 2000)), goodState)
		same(t, "GOOD, delays vary, MRAI", state(good.play(t, "mrai: 'uniform(22.5s, 30s)', "+sends("ssld"), varying, seed+1, 2000)), goodState)
	}
	for mode, rate := range map[string]int{"none": 9, "all": 9, "ssld": 6} {
		tenth := bad3.play(t, sends(mode), second, 1, 1100).during(1010.5, 1020.5)
		same(t, "BAD3, "+mode+": UPDATEs and changes in 10 s", [2]int{tenth.ann + tenth.wd, tenth.best}, [2]int{10 * rate, 30})
	}
	circles(t, second)
	t.Run("BAD", neverEnding)
	t.Run("DISAGREE", disagreements)
}

// neverEnding: BAD GADGET comes to no rest, whatever the delays; with MRAI neither,
// in 20000 s.
func neverEnding(t *testing.T) {
	varying := map[string]string{"": "uniform(500ms, 1500ms)"}
	for mode, seeds := range map[string]uint64{"none": 200, "all": 5, "ssld": 5} {
		for seed := range seeds {
			o := bad.play(t, sends(mode), varying, seed+1, 1060)
			if o.during(1050, 1060).best == 0 {
				t.Errorf("sb %s, seed %d: it comes to rest at %s", mode, seed+1, state(o))
			}
			same(t, "BAD, delays vary: a period", o.circle != nil && o.circle.Strict, false)
		}
	}
	for seed := range uint64(20) {
		if o := bad.play(t, "mrai: 'uniform(22.5s, 30s)', "+sends("none"), varying, seed+1, 21000); o.during(20500, 21000).best == 0 {
			t.Errorf("MRAI, seed %d: it comes to rest at %s", seed+1, state(o))
		}
	}
}

// circles: a gadget without a stable state is found to go in a circle, with the
// period that a dumb twin of it has, and all its nodes take part.
func circles(t *testing.T, second map[string]string) {
	for name, g := range map[string]gadget{"BAD": bad, "BAD3": bad3, "DISAGREE": disagree} {
		o := g.play(t, sends("all"), second, 1, 1300)
		if o.circle == nil {
			t.Errorf("%s: no circle is found", name)
			continue
		}
		same(t, name+": strict", o.circle.Strict, true)
		same(t, name+": period in seconds", o.circle.Until.Sub(o.circle.From).Seconds(), g.twin(t))
		same(t, name+": participants", o.moving(), sortedKeys(g.routers()))
	}
}

// moving gives the routers whose best route changes in the circle.
func (o observed) moving() []events.ActorID {
	all := map[events.ActorID]bool{}
	for _, l := range o.Written {
		if l.Event.Kind() == events.KindBestChanged && l.At > o.circle.From && l.At <= o.circle.Until {
			all[l.Actor] = true
		}
	}
	return sortedKeys(all)
}

// routers gives the routers of the nodes but 0.
func (g gadget) routers() map[events.ActorID]bool {
	all := map[events.ActorID]bool{}
	for node := range g { // order-free: into a map
		all[events.ActorID("r"+node)] = true
	}
	return all
}

// path is what a node says of its way to node 0: a path, or empty, none.
type path struct{ from, to, path string }

// twin plays a gadget by hand and gives its period in rounds. A round takes what was
// said in the one before, in that order; whoever changes its mind tells all its
// neighbours, at once.
func (g gadget) twin(t *testing.T) int {
	t.Helper()
	heard, best := map[string]map[string]string{}, map[string]string{"0": "0"}
	var said []path
	tell := func(node string) {
		for _, to := range g.neighbours(node) {
			said = append(said, path{node, to, best[node]})
		}
	}
	for node := range g { // order-free: each on its own
		heard[node] = map[string]string{}
	}
	tell("0")
	seen := map[string]int{}
	for round := 1; round < 1000; round++ {
		now := said
		said = nil
		for _, m := range now {
			if m.to == "0" {
				continue
			}
			heard[m.to][m.from] = m.path
			choice := ""
			for _, permitted := range g[m.to] {
				if p := heard[m.to][permitted[1:2]]; choice == "" && p == permitted[1:] {
					choice = permitted
				}
			}
			if choice != best[m.to] {
				best[m.to] = choice
				tell(m.to)
			}
		}
		state := fmt.Sprint(best, heard, said)
		if before := seen[state]; before > 0 {
			return round - before
		}
		seen[state] = round
	}
	t.Fatal("the twin comes to no end")
	return 0
}

// disagreements: without MRAI, the two of DISAGREE come to rest only if the direct
// route of one reaches the other before that one has its own. The links' delays are
// drawn once for each run, each way for itself.
func disagreements(t *testing.T) {
	for _, row := range []struct {
		d01, d02, d12, d21 string
		state              string // and when it is reached; none: it oscillates
		at                 float64
		updates            int // in 300 s of an oscillation
	}{
		{"1s", "5s", "1s", "1s", "10 210", 2, 0},
		{"5s", "1s", "1s", "1s", "120 20", 2, 0},
		{"1s", "1900ms", "1s", "1s", "", 0, 600},
		{"1s", "2100ms", "1s", "1s", "10 210", 2, 0},
		{"1s", "3200ms", "2s", "1s", "10 210", 3, 0},
		{"1s", "2900ms", "2s", "1s", "", 0, 400},
	} {
		o := disagree.play(t, sends("ssld"), map[string]string{"01": row.d01, "02": row.d02, "12": row.d12, "21": row.d21}, 1, 1500)
		what := fmt.Sprintf("%s %s %s %s", row.d01, row.d02, row.d12, row.d21)
		if row.state == "" {
			tail := o.during(1100.05, 1400.05)
			same(t, what+": UPDATEs in 300 s", tail.ann+tail.wd, row.updates)
			period := map[int]events.Time{600: 2e9, 400: 3e9}[row.updates]
			same(t, what+": period", o.circle != nil && o.circle.Strict && o.circle.Until-o.circle.From == period, true)
			continue
		}
		same(t, what+": goes in a circle", o.circle != nil, false)
		same(t, what, state(o), row.state)
		exactly(t, what+": t_best", o.during(1000, 2000).tBest, row.at)
	}
	t.Run("probability", atRest)
	t.Run("MRAI", settled)
}

// drawn draws delays of 0.5 s to 1.5 s, by their ends.
func drawn(seed uint64) (seconds map[string]float64, delays map[string]string) {
	r := rand.New(rand.NewPCG(seed, 0))
	seconds, delays = map[string]float64{}, map[string]string{}
	for _, ends := range []string{"01", "02", "12", "21"} {
		us := 500_000 + r.IntN(1_000_000)
		seconds[ends], delays[ends] = float64(us)/1e6, fmt.Sprintf("%dus", us)
	}
	return seconds, delays
}

// atRest: of random delays, 1 in 24 ends the oscillation before it begins; which, the
// delays tell.
func atRest(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	const runs, p = 1000, 1.0 / 24
	n := 0
	for seed := range uint64(runs) {
		d, delays := drawn(seed + 1)
		o := disagree.play(t, sends("ssld"), delays, seed+1, 1060)
		want := ""
		switch gap := d["02"] - d["01"]; {
		case gap > d["12"]:
			want = "10 210"
		case -gap > d["21"]:
			want = "120 20"
		}
		got := state(o)
		if o.during(1040, 1060).best > 0 {
			got = ""
		} else {
			n++
		}
		same(t, fmt.Sprint(delays), got, want)
	}
	within(t, "probability of rest", float64(n)/runs, p, 3*math.Sqrt(p*(1-p)/runs))
}

// settled: with MRAI, whose jitter breaks the tie, it always comes to rest, in each
// of the stable states as often as in the other.
func settled(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	const runs = 400
	reached, sum, most := map[string]int{}, 0.0, 0.0
	for seed := range uint64(runs) {
		_, delays := drawn(seed + 1)
		o := disagree.play(t, "mrai: 'uniform(22.5s, 30s)', mrai_withdrawals: true, "+sends("ssld"), delays, seed+1, 2000)
		if o.during(1500, 2000).best > 0 {
			t.Errorf("seed %d: no rest", seed+1)
		}
		last := o.during(1000, 2000).tBest
		reached[state(o)]++
		sum, most = sum+last, max(most, last)
	}
	_, delays := drawn(1)
	again := func(seed uint64) string {
		o := disagree.play(t, "mrai: 'uniform(22.5s, 30s)', mrai_withdrawals: true, "+sends("ssld"), delays, seed, 2000)
		return fmt.Sprint(o.Written)
	}
	first := again(1)
	same(t, "the log of one seed is that of the same seed, and of another is not", [2]bool{again(1) == first, again(2) == first}, [2]bool{true, false})
	same(t, "states reached", sortedKeys(reached), disagree.stable())
	within(t, "how often the first", float64(reached["10 210"])/runs, 0.5, 3*math.Sqrt(0.25/runs))
	about(t, "mean t_best", sum/runs, 34, 0.15)
	if most < 60 || most > 250 {
		t.Errorf("the longest run to rest took %v s", most)
	}
}
