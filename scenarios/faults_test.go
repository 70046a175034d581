package scenarios_test

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"testing"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// played is a scenario at the end of its run.
type played struct {
	*scenarios.Network
	*simtest.Recorder
}

func play(t *testing.T, name string, seed uint64, set ...string) played {
	t.Helper()
	e, err := scenarios.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := scenarios.Load(name, e.Text, set...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := scenarios.Build(s, scenarios.Options{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	log, err := simtest.Run(n.Config)
	if err != nil {
		t.Fatal(err)
	}
	return played{n, log}
}

// after gives how long after a disturbance the changes came that follow from it
// and that keep tells to, in seconds.
func (p played) after(disturbance string, keep func(events.Line) bool) []float64 {
	t0, lines := p.Fault(disturbance), simtest.Lineage(p.Written)
	var s []float64
	for _, l := range p.Written[t0.Seq:] {
		if l.Role == events.Change && lines.Root(l.Seq) == t0.Seq && keep(l) {
			s = append(s, l.At.Sub(t0.At).Seconds())
		}
	}
	return s
}

// forwards keeps changes of FIBs and NICs, but for those of the node itself.
func forwards(l events.Line) bool {
	k := l.Event.Kind()
	return (k == events.KindFIBChanged || k == events.KindNICChanged) && l.Actor != "nva1"
}

// goesDown keeps sessions that leave Established, elsewhere.
func goesDown(l events.Line) bool {
	e, ok := l.Event.(events.SessionChanged)
	return ok && e.Was == events.Established && l.Actor != "nva1"
}

// programs keeps changes of NICs.
func programs(l events.Line) bool { return l.Event.Kind() == events.KindNICChanged }

func first(s []float64) float64 { return at(s, 0) }
func last(s []float64) float64  { return at(s, len(s)-1) }

// at gives a time, or infinity for what did not happen.
func at(s []float64, i int) float64 {
	if i < 0 || i >= len(s) {
		return math.Inf(1)
	}
	return s[i]
}

// hops gives the next hops for a prefix on the NICs at the end, group by group.
func (p played) hops(prefix string) string {
	var s []string
	for _, n := range p.NICs {
		s = append(s, fmt.Sprint(n.Routes()[netip.MustParsePrefix(prefix)]))
	}
	return fmt.Sprint(slices.Compact(s))
}

const (
	dc        = "10.100.0.0/16"
	elsewhere = "0.0.0.0/0"
)

// TestFaultTable: what is known of failures of the base design (references: labs
// that measured them, or RFC 4271's timers) against what the simulator does.
func TestFaultTable(t *testing.T) {
	never := math.Inf(1)
	const nva1, nva2, both = "[[10.1.0.4]]", "[[10.2.0.4]]", "[[10.1.0.4 10.2.0.4]]"
	fault := func(text string) string {
		return "faults=[{name: f, target: nva1, at: \"uniform(300s, 360s)\", " + text + "}]"
	}
	cases := []struct {
		id, scenario string
		set          []string
		what         string
		measure      func(played) float64
		least, most  float64
		dc, internet string // next hops at the end
	}{
		{"F01", "active-passive", []string{fault("kind: graceful-stop")}, "last change of forwarding", lastForwarding, 0.9, 6, nva2, nva2},
		{"F02", "active-passive", []string{fault("kind: process-kill")}, "last change of forwarding", lastForwarding, 0.9, 6, nva2, nva2},
		{"F03", "active-passive", []string{fault("kind: node-death")}, "first detection", firstDown, 120, 180.01, nva2, nva2},
		{"F03", "active-passive", []string{fault("kind: node-death")}, "last detection", lastDown, 120, 180.01, nva2, nva2},
		{"F03", "active-passive", []string{fault("kind: node-death")}, "last change of forwarding", lastForwarding, 120.9, 185.7, nva2, nva2},
		{"F04", "active-passive", []string{fault("kind: node-death"), "nvas[nva1].hold=15s"}, "first detection", firstDown, 10, 15.01, nva2, nva2},
		{"F04", "active-passive", []string{fault("kind: node-death"), "nvas[nva1].hold=15s"}, "last detection", lastDown, 10, 15.01, nva2, nva2},
		{"F04", "active-passive", []string{fault("kind: node-death"), "nvas[nva1].hold=30s"}, "last detection", lastDown, 20, 30.01, nva2, nva2},
		{"F06", "active-active", []string{fault("kind: forwarding-dead")}, "last change of forwarding", lastForwarding, never, never, both, both},
		{"F05", "active-active", []string{fault("kind: node-death")}, "last change of forwarding", lastForwarding, 120.9, 185.7, nva2, nva2},
		{"F06", "active-passive", []string{fault("kind: forwarding-dead")}, "first change of anything", firstChange, never, never, nva1, nva1},
		{"F07 learned", "active-passive", []string{fault("kind: upstream-loss")}, "last change of forwarding", lastForwarding, 120.9, 185.7, nva2, nva1},
		{"F07 static", "active-passive", []string{fault("kind: upstream-loss"), "nvas[nva1].static_routes=[" + dc + "]"}, "last change of NICs", lastNIC, never, never, nva1, nva1},
		{"F08", "active-passive", []string{fault("kind: graceful-stop, repair_after: 5s")}, "second change of NICs", secondNIC, 30.9, 35.7, nva1, nva1},
	}
	t.Logf("%-12s %-28s %20s %20s", "fault", "seconds to the", "expected", "measured")
	for _, c := range cases {
		low, high := math.Inf(1), math.Inf(-1)
		for seed := range uint64(20) {
			p := play(t, c.scenario, seed+1, append(c.set, "expect={}")...)
			m := c.measure(p)
			low, high = min(low, m), max(high, m)
			if p.hops(dc) != c.dc || p.hops(elsewhere) != c.internet {
				t.Errorf("%s, seed %d: at the end the NICs go to %s and %s, not to %s and %s", c.id, seed+1, p.hops(dc), p.hops(elsewhere), c.dc, c.internet)
			}
		}
		t.Logf("%-12s %-28s %9.2f – %8.2f %9.2f – %8.2f", c.id, c.what, c.least, c.most, low, high)
		if low < c.least || high > c.most {
			t.Errorf("%s: the %s comes after %.3f to %.3f s, not %.3f to %.3f", c.id, c.what, low, high, c.least, c.most)
		}
	}
}

func lastForwarding(p played) float64 { return last(p.after("f", forwards)) }
func firstDown(p played) float64      { return first(p.after("f", goesDown)) }
func lastDown(p played) float64       { return last(p.after("f", goesDown)) }
func lastNIC(p played) float64        { return last(p.after("f", programs)) }

func firstChange(p played) float64 {
	return first(p.after("f", func(l events.Line) bool { return l.Actor != events.Fabric }))
}

// secondNIC gives when the first NIC group changes back, after the fault.
func secondNIC(p played) float64 {
	gap := p.Fault("f-repair").At.Sub(p.Fault("f").At).Seconds()
	return first(p.after("f-repair", programs)) + gap
}
