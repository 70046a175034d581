package simtest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/scenarios"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// quarrel gives the text of a random network of four to eight routers, each of which
// prefers some neighbours to others whatever their paths: many never settle. Times
// are whole hundreds of milliseconds, so that a period is not longer than a run.
func quarrel(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 0xc1c1e))
	n := 4 + r.IntN(5)
	var b, links strings.Builder
	fmt.Fprintf(&b, "version: 1\nname: quarrel-%d\nhorizon: 400s\nstart: established\nrouters:\n", seed)
	peers := make([][]string, n)
	join := func(i, j int) {
		fmt.Fprintf(&links, "  - {between: [r%d, r%d], delay: %dms}\n", i, j, 100*(1+r.IntN(5)))
		for _, end := range [][2]int{{i, j}, {j, i}} {
			peers[end[0]] = append(peers[end[0]], fmt.Sprintf("{router: r%d, import: [{local_pref: %d}]}", end[1], 100+r.IntN(3)))
		}
	}
	for i := 1; i < n; i++ {
		join(r.IntN(i), i)
		for range r.IntN(3) {
			if j := r.IntN(i); !strings.Contains(strings.Join(peers[i], ""), fmt.Sprintf("router: r%d,", j)) {
				join(j, i)
			}
		}
	}
	mrai := []string{"0s", "0s", "1s", "5s"}[r.IntN(4)]
	for i := range n {
		fmt.Fprintf(&b, "  - {name: r%d, asn: %d, bgp: {mrai: %s, send_back: %t}, peers: [%s]}\n", i, 64512+i, mrai, r.IntN(2) == 0, strings.Join(peers[i], ", "))
	}
	fmt.Fprintf(&b, "links:\n%sfaults: [{name: up, kind: announce, target: r0, prefix: 198.51.100.0/24, at: 10s}]\n", links.String())
	return b.String()
}

// misfit is a VPN gateway, whose timers are fixed, with a site whose hold time is
// shorter than its keepalive interval: their sessions end again and again.
const misfit = `version: 1
name: misfit
horizon: 2000s
vnets:
  - {name: hub, address_space: [10.0.0.0/16], subnets: [{name: GatewaySubnet, prefix: 10.0.0.0/27}, {name: workload, prefix: 10.0.1.0/24}]}
vpn_gateways: [{name: vgw, vnet: hub, asn: 65010}]
sites: [{name: dc, asn: 65100, prefixes: [10.100.0.0/16], tunnels: [{to: vgw, delay: 10ms}], hold: 30s, keepalive: 10s}]
vms: [{name: vms, vnet: hub, subnet: workload, count: 1}]
`

// circled is a run with the circle that its kernel found.
type circled struct {
	played
	sim.Recurrence
	found bool
}

// circle builds and runs a scenario, up to until if that is not 0.
func circle(t *testing.T, text string, seed uint64, until events.Time) circled {
	t.Helper()
	n := build(t, text, scenarios.Options{Seed: seed})
	if until != 0 {
		n.Config.Horizon, n.Config.Bounds = until, sim.Bounds{}
	}
	c := circled{played: played{n, &simtest.Recorder{}, true}}
	k := sim.New(n.Config, c.Recorder, &eventlog.MemoryBus{})
	err := k.Run(context.Background())
	if _, restless := errors.AsType[*sim.BoundError](err); err != nil && !restless {
		t.Fatal(err)
	}
	c.whole = err == nil
	c.Recurrence, c.found = k.Recurrence()
	return c
}

// TestCircles: among many networks there are circles, and each of them is what it
// says to be: what happens in it happens again and again, and a run that was cut
// finds it too.
func TestCircles(t *testing.T) {
	met := 0
	meet := func(name, text string, seed uint64) {
		c := circle(t, text, seed, 0)
		if !c.found || !c.Strict {
			return
		}
		met++
		t.Run(fmt.Sprintf("%s/%d/goes-on", name, seed), func(t *testing.T) { goesOn(t, text, seed, c) })
		t.Run(fmt.Sprintf("%s/%d/cut", name, seed), func(t *testing.T) { foundAgain(t, text, seed, c) })
	}
	for seed := range *networks {
		if seed%2 == 0 { // these take long
			meet("azure", azureNetwork(seed, true), seed)
		}
		meet("quarrel", quarrel(seed), seed)
		meet("quarrel", quarrel(1000+seed), seed)
	}
	for seed := range uint64(3) {
		meet("misfit", misfit, seed)
	}
	if t.Logf("%d circles", met); met < 15 {
		t.Errorf("only %d circles", met)
	}
}

// TestQuarrelsGoInCircles: one route, delays that do not vary and nothing to come:
// whoever does not come to rest goes in a circle, and nobody else.
func TestQuarrelsGoInCircles(t *testing.T) {
	restless := 0
	for seed := range uint64(150) {
		c := circle(t, quarrel(seed), seed, 0)
		last := c.Written[len(c.Written)-1].At
		if moves := !c.whole || last > c.Config.Horizon.Add(-30*time.Second); moves != c.found {
			t.Errorf("quarrel %d: the last line is at %v; circle: %v %+v", seed, last, c.found, c.Recurrence)
		}
		if c.found {
			restless++
		}
	}
	if t.Logf("%d go in circles", restless); restless < 10 || restless > 140 {
		t.Errorf("%d of 150 go in circles", restless)
	}
}

// TestCirclesEndWithDisturbances: a circle is one until the next disturbance, and
// what the network does after the last one counts.
func TestCirclesEndWithDisturbances(t *testing.T) {
	text := strings.Replace(quarrel(1), "at: 10s}", "at: 10s}, {name: down, kind: withdraw, target: r0, prefix: 198.51.100.0/24, at: 100s}", 1)
	if c := circle(t, text, 1, events.Time(99*time.Second)); !c.found || c.Next != events.Time(100*time.Second) {
		t.Errorf("before the withdrawal: %v %+v", c.found, c.Recurrence)
	}
	if c := circle(t, text, 1, 0); c.found {
		t.Errorf("after the withdrawal: %+v", c.Recurrence)
	}
}

var incarnation = regexp.MustCompile(`#\d+`)

// turns gives what happens in a part of a run, with times as they are since its
// beginning; NICs left out.
func turns(lines []events.Line, from, until events.Time) []string {
	var all []string
	for _, l := range lines {
		if timer, ok := l.Event.(events.Timer); l.At <= from || l.At > until ||
			ok && timer.Name == events.ProgramTimer || slices.Contains([]events.Kind{events.KindProgram, events.KindNICChanged}, l.Event.Kind()) {
			continue
		}
		due := events.Time(0)
		if l.Due != 0 {
			due = l.Due - l.At
		}
		l.At -= from
		all = append(all, incarnation.ReplaceAllString(fmt.Sprint(l, due), ""))
	}
	return all
}

// goesOn: three periods more have the same lines, each as much later.
func goesOn(t *testing.T, text string, seed uint64, c circled) {
	period := c.Until - c.From
	longer := circle(t, text, seed, c.Until+3*period)
	want := turns(longer.Written, c.From, c.Until)
	if len(want) == 0 {
		t.Fatal("nothing happens in it")
	}
	for i := events.Time(1); i <= 3; i++ {
		if c.Next != 0 && c.Next <= c.Until+i*period {
			return
		}
		if got := turns(longer.Written, c.From+i*period, c.Until+i*period); !slices.Equal(got, want) {
			t.Fatalf("period %d of %v from %v on differs\n%s", i, period, c.From, firstDifference(got, want))
		}
	}
}

func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("%s\n%s", got[i], want[i])
		}
	}
	return fmt.Sprintf("%d lines, not %d", len(got), len(want))
}

// foundAgain: a run that is cut and goes on, from its lines alone, finds the same
// circle; so does one that is only folded to its end.
func foundAgain(t *testing.T, text string, seed uint64, c circled) {
	r := rand.New(rand.NewPCG(seed, 3))
	for i := range 4 {
		cut := c.Turns[len(c.Turns)-1]
		if i > 0 {
			cut = c.Turns[r.IntN(len(c.Turns))]
		}
		k := sim.New(build(t, text, scenarios.Options{Seed: seed}).Config, &simtest.Recorder{}, &eventlog.MemoryBus{})
		if err := k.Replay(all(c.Written[:cut])); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			_ = k.Run(context.Background()) // one that is restless ends with its bound
		}
		if again, found := k.Recurrence(); !found || again != c.Recurrence {
			t.Fatalf("cut after line %d: %v %+v, not %+v", cut, found, again, c.Recurrence)
		}
	}
}

// all gives lines as a log does.
func all(lines []events.Line) iter.Seq2[events.Line, error] {
	return func(yield func(events.Line, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}
