package actors_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// watching is a - b - x. a originates three prefixes, and something happens to it or to
// its link with b at a time that is uniform over whole periods of what b listens to.
type watching struct {
	bgp   string // of a and b
	link  string // theirs
	fault string
	also  string  // faults before it
	from  float64 // s; the earliest it comes
	over  float64 // s; and how much later it may come
	until float64 // s; the longest that b may take
}

func (w watching) scenario() string {
	return fmt.Sprintf(`version: 1
name: case
horizon: %vs
routers:
  - {name: a, asn: 65001, originates: ['%v', '%v', '%v'], bgp: {%s}}
  - {name: b, asn: 65002, bgp: {%[5]s}}
  - {name: x, asn: 65003}
links: [{between: [a, b], %s}, {between: [b, x], delay: 0s}]
faults: [%[7]s{name: fault, %s, at: 'uniform(%vs, %vs)'}]
`, w.from+w.over+w.until, prefixOf(1), prefixOf(2), prefixOf(3), w.bgp, w.link, w.also, w.fault, w.from, w.from+w.over)
}

// detected gives, of so many runs, how many seconds after the fault b finds out, and
// what it does at that instant, which is the same in all of them.
func (w watching) detected(t *testing.T, runs int) (after []float64, does string) {
	t.Helper()
	s, _, err := scenarios.Load("case.yaml", []byte(w.scenario()))
	if err != nil {
		t.Fatalf("%v\n%s", err, w.scenario())
	}
	for seed := range uint64(runs) {
		n, err := scenarios.Build(s, scenarios.Options{Seed: seed + 1})
		if err != nil {
			t.Fatal(err)
		}
		log, err := simtest.Run(n.Config)
		if err != nil {
			t.Fatal(err)
		}
		if seed < 3 {
			if err := simtest.Laws(log); err != nil {
				t.Error(err)
			}
		}
		at, did := finds(log, log.Fault("fault").At)
		if does == "" {
			does = did
		}
		if did != does {
			t.Fatalf("seed %d: b does %q, with seed 1 %q", seed+1, did, does)
		}
		after = append(after, at.Seconds())
	}
	slices.Sort(after)
	return after, does
}

// finds gives how long after a fault b changes anything for the first time, and all
// that it does at that instant.
func finds(log *simtest.Recorder, fault events.Time) (after time.Duration, does string) {
	changes := log.Select(func(l events.Line) bool { return l.Actor == "b" && l.Role == events.Change && l.At >= fault })
	if len(changes) == 0 {
		return 0, "nothing"
	}
	var all []string
	gone, withdrawn := 0, 0
	for _, l := range log.Select(func(l events.Line) bool { return l.Actor == "b" && l.At == changes[0].At }) {
		switch e := l.Event.(type) {
		case events.BFDChanged:
			all = append(all, fmt.Sprintf("BFD %v, diagnostic %d", e.Is, e.Diag))
		case events.Notification:
			all = append(all, e.String())
		case events.SessionChanged:
			if e.Was == events.Established {
				all = append(all, fmt.Sprintf("%v: %s", e.Is, e.Why))
			}
		case *events.BestChanged:
			if len(e.Is) == 0 {
				gone++
			}
		case *events.Update:
			if l.Peer == "x" && l.Role == events.Out {
				withdrawn += len(e.Withdrawn)
			}
		}
	}
	return changes[0].At.Sub(fault), fmt.Sprintf("%s; %d routes gone, %d withdrawn", strings.Join(all, "; "), gone, withdrawn)
}

// uniformOver compares times, ascending, with a uniform distribution: its ends, which
// are never exceeded, mean, standard deviation, three quantiles, each to three of its own
// standard errors, and the distribution function.
func uniformOver(t *testing.T, what string, all []float64, low, high float64) {
	t.Helper()
	n, width := float64(len(all)), high-low
	if all[0] <= low || all[len(all)-1] > high+1e-9 {
		t.Errorf("%s: from %v to %v s, not above %v to %v", what, all[0], all[len(all)-1], low, high)
	}
	mean, sigma := sample(all)
	sd := width / math.Sqrt(12)
	within(t, what+": mean", mean, (low+high)/2, 3*sd/math.Sqrt(n))
	within(t, what+": standard deviation", sigma*math.Sqrt(n), sd, 3*sd/2*math.Sqrt(0.8/n)) // of a fourth moment of 1.8
	for _, p := range []float64{0.1, 0.5, 0.9} {
		within(t, fmt.Sprintf("%s: %v quantile", what, p), all[int(p*n)], low+p*width, 3*width*math.Sqrt(p*(1-p)/n))
	}
	uniformly(t, all, low, high)
}

// HOLD-S: a peer that falls silent is found out by the hold timer, which began with the
// last keepalive, and that is up to a third of it ago.
func holdTimer(t *testing.T) {
	const runs, d = 1000, 0.01
	const linkDies, peerDies = "kind: link-down, target: a-b", "kind: node-death, target: a"
	for _, row := range []struct {
		hold, keepalive float64
		fault           string
		flight          float64 // what is under way still arrives
	}{{180, 60, linkDies, 0}, {180, 60, peerDies, d}, {90, 30, linkDies, 0}, {60, 20, linkDies, 0}} {
		what := fmt.Sprintf("%v/%v, %s", row.hold, row.keepalive, row.fault)
		after, does := watching{
			bgp:  fmt.Sprintf("hold: %vs, keepalive: 60s", row.hold), // so a third of the hold time
			link: "delay: 10ms, detected: false", fault: row.fault, from: 1000, over: row.keepalive, until: row.hold + 1,
		}.detected(t, runs)
		uniformOver(t, what, after, row.hold-row.keepalive+row.flight, row.hold+row.flight)
		same(t, what, does, "NOTIFICATION 4/0 Hold Timer Expired; Idle: hold timer expired; 3 routes gone, 3 withdrawn")
	}
	for _, row := range []struct {
		fault, does string
		after       float64
	}{
		{"kind: process-kill, target: a", "Idle: connection closed by peer; 3 routes gone, 3 withdrawn", d},
		{linkDies, "Idle: link down; 3 routes gone, 3 withdrawn", 0},
	} {
		after, does := watching{link: "delay: 10ms", fault: row.fault, from: 1000, over: 60, until: 1}.detected(t, 20)
		same(t, row.fault, does, row.does)
		within(t, row.fault+": the first", after[0], row.after, 1e-9)
		within(t, row.fault+": the last", after[len(after)-1], row.after, 1e-9)
	}
	after, _ := watching{ // keepalives come 60 s apart, so that one comes from 1020 to 1021.1 s, and the next is lost
		link: "delay: 10ms, detected: false", fault: linkDies, from: 1060, over: 0, until: 181,
		also: fmt.Sprintf("{name: more, kind: announce, target: a, prefix: %v, at: 1050s}, ", prefixOf(4)),
	}.detected(t, 3)
	for _, s := range after {
		exactly(t, "an UPDATE restarts the timer", s, 1050+d+180-1060)
	}
}

// BFD-S: BFD finds it out after three packets, of which the first is up to an interval
// late; and BGP goes with it, without waiting for its hold timer.
func bidirectionalDetection(t *testing.T) {
	const runs = 600
	silence := func(interval float64) watching {
		return watching{
			bgp: "bfd_jitter: false", link: fmt.Sprintf("delay: 1ms, detected: false, bfd: true, bfd_interval: %vs, bfd_multiplier: 3", interval),
			fault: "kind: link-down, target: a-b", from: 100, over: 3, until: 3*interval + 1,
		}
	}
	fast := 0.0
	for _, interval := range []float64{0.3, 0.05, 1} {
		what := fmt.Sprintf("%v s x 3", interval)
		after, does := silence(interval).detected(t, runs)
		uniformOver(t, what, after, 2*interval, 3*interval)
		same(t, what, does, "BFD Down, diagnostic 1; NOTIFICATION 6/10 BFD Down; Idle: BFD down; 3 routes gone, 3 withdrawn")
		if interval == 0.3 {
			fast, _ = sample(after)
		}
	}
	alone := silence(0.3)
	alone.link, alone.over, alone.until = "delay: 1ms, detected: false", 60, 181
	after, _ := alone.detected(t, runs)
	slow, _ := sample(after)
	// Both means have a standard deviation of an eighth of theirs, to a fifth of a percent.
	within(t, "mean without BFD and with it", slow/fast, 200, 3*200*0.1155*math.Sqrt(2.0/runs))
}
