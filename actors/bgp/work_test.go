package bgp_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// burst is a lab in which m neighbours of a speaker announce a prefix each at one
// instant, and it needs so long for each.
func burst(m int, cost sim.Dist) *lab {
	l := graph(m+1, apart, func(i, _ int) bool { return i == 0 })
	l.configs[node(0)].Processing = &cost
	for i := range m {
		p := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i + 1)}), 16)
		l.at(100, func(t *sim.Turn) {
			t.Begin(events.Disturbance{Name: fmt.Sprint("announced-", p.Addr()), What: "announce", Target: p.String()})
			t.Send(node(i+1), events.Order{Do: events.Announce, Prefix: p})
		})
	}
	return l
}

// decisions gives when a speaker changed a best route, in seconds since 100 s.
func decisions(r *simtest.Recorder, of events.ActorID) (at []string) {
	for _, l := range r.Of(of, events.Change) {
		if e, ok := l.Event.(*events.BestChanged); ok && l.At >= 100e9 {
			at = append(at, fmt.Sprintf("%.2f %v", float64(l.At)/1e9-100, e.Prefix))
		}
	}
	return at
}

// TestOneAfterTheOther: the last of m UPDATEs that arrive together is done m times
// the cost later, and what follows from each cites its own.
func TestOneAfterTheOther(t *testing.T) {
	r := burst(3, sim.Constant(2*time.Second)).run(t, 200)
	if got, want := decisions(r, node(0)), []string{"2.01 10.1.0.0/16", "4.01 10.2.0.0/16", "6.01 10.3.0.0/16"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	lines := simtest.Lineage(r.Written)
	for _, l := range r.Select(func(l events.Line) bool { return l.At > 100e9 && l.Role == events.Change }) {
		e, ok := l.Event.(*events.BestChanged)
		if want := "announced-" + e.Prefix.Addr().String(); !ok || lines.Disturbance(l.Seq) != want {
			t.Errorf("%v follows from %s", l, lines.Disturbance(l.Seq))
		}
	}
	if got := updates(r, node(0), node(3)); len(got) != 2 || got[0][:7] != "102.010" {
		t.Errorf("%q", got)
	}
}

// TestWorkIsDrawnEachTime under its own number.
func TestWorkIsDrawnEachTime(t *testing.T) {
	r := burst(5, sim.Uniform(0, time.Second)).run(t, 200)
	took := map[time.Duration]bool{}
	for _, l := range r.Of(node(0), events.Set) {
		if timer := l.Event.(events.Timer); timer.Name == events.WorkTimer {
			took[l.Due.Sub(l.At)] = true
		}
	}
	if len(took) != 5 {
		t.Errorf("%v", took)
	}
}

// TestWorkEndsWithTheSession: what a session brought is forgotten when it ends;
// what is being worked on comes to nothing, but takes its time.
func TestWorkEndsWithTheSession(t *testing.T) {
	l := burst(4, sim.Constant(2*time.Second))
	l.tell(101, node(0), events.Order{Do: events.Shutdown, Arg: node(1)})
	l.tell(101, node(0), events.Order{Do: events.Shutdown, Arg: node(3)})
	r := l.run(t, 200)
	if got, want := decisions(r, node(0)), []string{"4.01 10.2.0.0/16", "6.01 10.4.0.0/16"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// TestWorkEndsWithTheProcess, and a new one begins with nothing to do.
func TestWorkEndsWithTheProcess(t *testing.T) {
	l := burst(3, sim.Constant(2*time.Second))
	l.kill(103, node(0))
	l.restart(110, node(0))
	r := l.run(t, 400)
	got := decisions(r, node(0))
	if len(got) != 5 || got[0] != "2.01 10.1.0.0/16" || got[1] != "3.00 10.1.0.0/16" {
		t.Errorf("%v", got)
	}
}

// TestWorkIsHeardAtOnce: an UPDATE that waits shows that its sender lives.
func TestWorkIsHeardAtOnce(t *testing.T) {
	_, r := sameStory(t, 1000, func() *lab {
		l := burst(2, sim.Constant(100*time.Second))
		l.cut(110, node(1), node(0))
		return l
	})
	if at, why, _ := lost(r, node(0)); why != "hold timer expired" || at != 280*time.Second+apart {
		t.Errorf("%s at %v", why, at)
	}
}

// TestEstablishedFromTheStart: no message before the first route, and a silence
// is noticed as in a session that began as sessions do.
func TestEstablishedFromTheStart(t *testing.T) {
	_, r := sameStory(t, 2000, func() *lab {
		l := line(3, apart)
		l.configs[node(0)].Originate = []netip.Prefix{netip.MustParsePrefix(prefix)}
		l.cut(400, node(1), node(2))
		l.heal(1000, node(1), node(2))
		return l
	})
	sent := r.Select(func(l events.Line) bool { return l.Role == events.Out && l.At < 400e9 })
	if len(sent) != 2 || sent[0].At != 0 || sent[1].At != events.Time(apart) {
		t.Errorf("%v", sent)
	}
	if at, why, _ := lost(r, node(2)); why != "hold timer expired" || at != 540*time.Second+apart {
		t.Errorf("%s at %v", why, at)
	}
	if last := best(r, node(2), prefix); len(last.Is) != 1 {
		t.Errorf("no route after the repair: %v", last)
	}
}

// TestEstablishedSilence: whenever it begins, all ends notice, whether keepalives
// are written or not.
func TestEstablishedSilence(t *testing.T) {
	for _, at := range []float64{0.005, 0.015, 59.995, 60, 60.005, 60.01, 61, 119} {
		for _, last := range []float64{0.5, 30, 100} {
			sameStory(t, 1000, func() *lab {
				l := line(3, apart)
				l.configs[node(0)].Originate = []netip.Prefix{netip.MustParsePrefix(prefix)}
				l.cut(at, node(0), node(1))
				l.heal(at+last, node(0), node(1))
				l.die(at+400, node(2))
				return l
			})
		}
	}
}

// TestLinkDown: both ends notice at once, and connect at once when it is up.
func TestLinkDown(t *testing.T) {
	l := line(2, apart)
	l.configs[node(0)].Originate = []netip.Prefix{netip.MustParsePrefix(prefix)}
	both := func(s float64, do events.Verb) {
		l.at(s, func(t *sim.Turn) {
			t.Begin(events.Disturbance{Name: do.String(), What: do.String(), Target: "link", Repair: do == events.LinkUp})
			t.Send(node(0), events.Order{Do: do, Arg: node(1)})
			t.Send(node(1), events.Order{Do: do, Arg: node(0)})
		})
	}
	both(100, events.LinkDown)
	both(300, events.LinkUp)
	r := l.run(t, 400)
	want := []string{
		"0.000 n00#1 Established: established from the start", "100.000 n00#1 Idle: link down",
		"300.000 n00#2 Connect: connecting", "300.020 n00#2 OpenSent: connected", "300.020 n00#2 OpenConfirm: OPEN received", "300.040 n00#2 Established: KEEPALIVE received",
	}
	if got := sessions(r, node(0), node(1)); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := decisions(r, node(1)); !slices.Equal(got, []string{"0.00 " + prefix, "200.05 " + prefix}) {
		t.Errorf("%v", got)
	}
	lines := simtest.Lineage(r.Written)
	for _, line := range r.Select(func(l events.Line) bool { return l.At > 299e9 && l.Role == events.Change && l.Actor == node(1) }) {
		if got := lines.Disturbance(line.Seq); got != "link-up" {
			t.Errorf("%v follows from %s", line, got)
		}
	}
}

// TestLinkDownLosesWhatIsUnderWay, without an answer.
func TestLinkDownLosesWhatIsUnderWay(t *testing.T) {
	l := line(2, apart)
	l.announce(100)
	for _, i := range []int{0, 1} {
		l.tell(100.005, node(i), events.Order{Do: events.LinkDown, Arg: node(1 - i)})
	}
	r := l.run(t, 400)
	after := r.Select(func(l events.Line) bool { return l.At > 100.005e9 && l.Role == events.Out })
	if len(after) != 0 || best(r, node(1), prefix).Prefix.IsValid() {
		t.Errorf("%v", after)
	}
}

// TestOwnRoutesComeAndGo: a process that begins anew has those that it had.
func TestOwnRoutesComeAndGo(t *testing.T) {
	l := line(2, apart)
	other := netip.MustParsePrefix("10.2.0.0/16")
	l.configs[node(0)].Originate = []netip.Prefix{other}
	l.announce(100)
	l.tell(110, node(0), events.Order{Do: events.Withdraw, Prefix: other})
	l.kill(200, node(0))
	l.restart(210, node(0))
	l.run(t, 400)
	if got := l.speakers[node(1)].Prefixes(); !slices.Equal(got, []netip.Prefix{netip.MustParsePrefix(prefix)}) {
		t.Errorf("%v", got)
	}
}

// TestSenderLoops: what an Out policy leaves of the path counts, and what was
// sent before is withdrawn.
func TestSenderLoops(t *testing.T) {
	for override, want := range map[uint32]string{0: "", 64513: "10.0 A2"} { // order-free: each on its own
		l := line(3, apart).announce(10)
		l.configs[node(2)].AS = l.configs[node(0)].AS
		p := l.peer(node(1), node(2))
		p.AS, p.SenderLoops, p.Out = 64513, true, bgp.Policy{Override: override}
		r := l.run(t, 100)
		if got := train(r, node(1), node(2), 0); got != want {
			t.Errorf("override %d: %q", override, got)
		}
	}
}
