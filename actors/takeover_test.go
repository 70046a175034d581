package actors_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// lose loses instances of rs0 in the base design, after changes.
func lose(t *testing.T, faults string, set ...string) (*scenarios.Network, *simtest.Recorder) {
	t.Helper()
	e, err := scenarios.Find("active-passive")
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := scenarios.Load("active-passive", e.Text, append(set, "expect={}", "faults=["+faults+"]")...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := scenarios.Build(s, scenarios.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	log, err := simtest.Run(n.Config)
	if err != nil {
		t.Fatal(err)
	}
	return n, log
}

// served gives who begins to serve which NIC group when.
func served(r *simtest.Recorder) []string {
	var s []string
	for _, l := range r.Written {
		if e, ok := l.Event.(events.Serving); ok && e.On {
			s = append(s, fmt.Sprintf("%.0f %s %s", float64(l.At)/1e9, l.Actor, e.Group))
		}
	}
	return s
}

// nics gives the next hops of the default route, group by group.
func nics(n *scenarios.Network) string {
	var s []string
	for _, g := range n.NICs {
		s = append(s, fmt.Sprint(g.Routes()[netip.MustParsePrefix("0.0.0.0/0")]))
	}
	return strings.Join(s, " ")
}

const (
	loss0 = "{name: a, kind: instance-loss, target: rs0-0, at: 300s}"
	loss1 = "{name: b, kind: instance-loss, target: rs0-1, at: 400s}"
)

// TestTakeover: the NICs of a lost instance are the other's after the takeover
// delay, and change only where it knows another way.
func TestTakeover(t *testing.T) {
	for takeover, at := range map[string]string{"0s": "300", "7s": "307"} {
		n, r := lose(t, loss0, "route_servers[rs0].takeover="+takeover)
		if got := served(r); !slices.Equal(got, []string{at + " rs0-1 spoke-vms-0"}) {
			t.Errorf("takeover %s: %q", takeover, got)
		}
		for _, l := range r.Of("spoke-vms-0", events.Change) {
			if l.At > 100e9 {
				t.Errorf("takeover %s: %v", takeover, l)
			}
		}
		if got := nics(n); got != "[10.1.0.4] [10.1.0.4]" {
			t.Errorf("takeover %s: the NICs go to %s", takeover, got)
		}
	}
}

// TestTakeoverIsHeldBackByRepair: an instance that is back before the takeover
// keeps its NICs.
func TestTakeoverIsHeldBackByRepair(t *testing.T) {
	_, r := lose(t, strings.Replace(loss0, "300s", "300s, repair_after: 5s", 1), "route_servers[rs0].takeover=20s")
	if got := served(r); !slices.Equal(got, []string{"305 rs0-0 spoke-vms-0"}) {
		t.Errorf("%q", got)
	}
}

// TestNewServerProgramsWhatItLearns: who took NICs over moves them when a fault
// comes later.
func TestNewServerProgramsWhatItLearns(t *testing.T) {
	n, r := lose(t, loss0+", {name: c, kind: graceful-stop, target: nva1, at: 400s}")
	if got := nics(n); got != "[10.2.0.4] [10.2.0.4]" {
		t.Errorf("the NICs go to %s", got)
	}
	for _, group := range []events.ActorID{"spoke-vms-0", "spoke-vms-1"} {
		lines := r.Of(group, events.Change)
		e := lines[len(lines)-1]
		if e.Event.(events.NICChanged).Instance != "rs0-1" || e.At.Sub(400e9) > 6*time.Second {
			t.Errorf("%s: %v", group, e)
		}
	}
}

// TestBothInstancesLost: NICs keep what they have, or forget it.
func TestBothInstancesLost(t *testing.T) {
	for rule, want := range map[string]string{"keep": "[10.1.0.4] [10.1.0.4]", "flush": "[] []"} {
		n, r := lose(t, loss0+", "+loss1, "route_servers[rs0].on_loss="+rule)
		if got := nics(n); got != want {
			t.Errorf("%s: the NICs go to %s", rule, got)
		}
		if err := simtest.Laws(r); err != nil {
			t.Errorf("%s: %v", rule, err)
		}
	}
}

// TestNICOfAHungMachine: Azure programs the NIC of an NVA whatever its process
// does. nva1 stands in the spoke and hangs for good; its own NIC too goes to nva2.
func TestNICOfAHungMachine(t *testing.T) {
	n, _ := lose(t, "{name: h, kind: hang, target: nva1, at: 300s}", "drills=[]", "failures=[]", "nvas[nva1].vnet=spoke", "nvas[nva1].address=10.0.1.10")
	for _, r := range n.Routers {
		if r.ID() != "nva1" {
			continue
		}
		if got := fmt.Sprint(r.NIC().Routes()[netip.MustParsePrefix("0.0.0.0/0")]); got != "[10.2.0.4]" {
			t.Errorf("it goes to %s", got)
		}
	}
}

// TestTakeoverIsNotPostponed: what happens to an instance meanwhile does not
// move the takeover of another one.
func TestTakeoverIsNotPostponed(t *testing.T) {
	_, log := lose(t,
		"{name: a, kind: instance-loss, target: rs0-0, at: 300s}, {name: b, kind: instance-loss, target: rs0-1, at: 340s, repair_after: 10s}",
		"route_servers[rs0].takeover=60s")
	got := strings.Join(served(log), "; ")
	if want := "350 rs0-1 spoke-vms-1; 360 rs0-1 spoke-vms-0"; got != want {
		t.Errorf("served: %s; expected %s", got, want)
	}
}

// TestUpCitesTheLaterRepair: a session that an earlier repair did not bring back
// follows from the one that did, at both ends (law of causes, R4).
func TestUpCitesTheLaterRepair(t *testing.T) {
	_, log := lose(t, "{name: f, kind: process-kill, target: nva1, at: 300s, repair_after: 300s},"+
		"{name: g, kind: node-death, target: nva1, at: 400s, repair_after: 100s}")
	lines := simtest.Lineage(log.Written)
	up := 0
	for _, l := range log.Written {
		e, ok := l.Event.(events.SessionChanged)
		if !ok || e.Is != events.Established || l.At < events.Time(600*time.Second) {
			continue
		}
		up++
		chain := lines.Why(l.Seq)
		if root, _ := chain[len(chain)-1].Event.(events.Disturbance); root.Name != "f-repair" {
			t.Errorf("%v follows from %q, expected f-repair", l, root.Name)
		}
	}
	if up != 6 {
		t.Errorf("%d ends came up after the repair, expected 6", up)
	}
}
