package bgp_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// graph is a lab of n speakers, each in an AS of its own, that begin established.
// Their names, numbers and addresses have the same order.
func graph(n int, delay time.Duration, joined func(i, j int) bool) *lab {
	l := newLab()
	l.delay = delay
	for i := range n {
		l.speaker(node(i)).Established = true
		for j := range i {
			if joined(j, i) {
				l.link(node(j), node(i))
			}
		}
	}
	return l
}

func node(i int) events.ActorID { return events.ActorID(fmt.Sprintf("n%02d", i)) }

func clique(n int, delay time.Duration) *lab {
	return graph(n, delay, func(int, int) bool { return true })
}

func line(n int, delay time.Duration) *lab {
	return graph(n, delay, func(i, j int) bool { return j == i+1 })
}

func ring(n int, delay time.Duration) *lab {
	return graph(n, delay, func(i, j int) bool { return j == i+1 || i == 0 && j == n-1 })
}

// each changes what every speaker is told of every peer.
func (l *lab) each(change func(*bgp.Peer)) *lab {
	for _, p := range l.peers { // order-free: each on its own
		change(p)
	}
	return l
}

func sendBack(p *bgp.Peer) { p.SendBack = true }

func ssld(p *bgp.Peer) { p.SenderLoops = true }

// wait gives every session an MRAI.
func wait(d sim.Dist, withdrawals bool) func(*bgp.Peer) {
	return func(p *bgp.Peer) { p.MRAI = bgp.MRAI{Interval: d, PerPrefix: true, Withdrawals: withdrawals} }
}

// announce makes the first speaker announce the prefix, and withdraw it, in turn.
func (l *lab) announce(seconds ...float64) *lab {
	for i, s := range seconds {
		do := []events.Verb{events.Announce, events.Withdraw}[i%2]
		l.tell(s, node(0), events.Order{Do: do, Prefix: netip.MustParsePrefix(prefix)})
	}
	return l
}

// outcome is what came of a trigger.
type outcome struct {
	announced, withdrawn, changes int // UPDATEs, and changes of Loc-RIBs
	best, arrived                 time.Duration
}

// since counts what happened from an instant up to another.
func since(r *simtest.Recorder, from, to float64) (o outcome) {
	begin := events.Time(from * 1e9)
	for _, l := range r.Written {
		if l.At < begin || l.At >= events.Time(to*1e9) {
			continue
		}
		switch e := l.Event.(type) {
		case *events.Update:
			switch {
			case l.Role != events.Out:
				o.arrived = l.At.Sub(begin)
			case len(e.NLRI) > 0:
				o.announced++
			default:
				o.withdrawn++
			}
		case *events.BestChanged:
			o.best, o.changes = l.At.Sub(begin), o.changes+1
		}
	}
	return o
}

// train gives the UPDATEs that one speaker sends another: when, since an instant,
// and the length of the path, or W.
func train(r *simtest.Recorder, from, to events.ActorID, begin float64) string {
	var s []string
	for _, l := range r.Of(from, events.Out) {
		u, ok := l.Event.(*events.Update)
		if !ok || l.Peer != to {
			continue
		}
		what := "W"
		if len(u.NLRI) > 0 {
			what = fmt.Sprint("A", u.Attrs.Path.Len())
		}
		s = append(s, fmt.Sprintf("%.1f %s", float64(l.At)/1e9-begin, what))
	}
	return strings.Join(s, ", ")
}

// TestTrees: every node changes its mind once, and says so once.
func TestTrees(t *testing.T) {
	for _, c := range []struct {
		change   func(*bgp.Peer)
		messages int
		arrived  time.Duration
	}{
		{func(*bgp.Peer) {}, 4, 4 * time.Second},
		{ssld, 4, 4 * time.Second},
		{sendBack, 8, 5 * time.Second},
	} {
		for _, m := range []time.Duration{0, 30 * time.Second} {
			l := line(5, time.Second).each(wait(sim.Constant(m), false)).each(c.change).announce(100, 1100)
			r := l.run(t, 2000)
			if got, want := since(r, 100, 1100), (outcome{c.messages, 0, 5, 4 * time.Second, c.arrived}); got != want {
				t.Errorf("up: %+v, not %+v", got, want)
			}
			if got, want := since(r, 1100, 2000), (outcome{0, c.messages, 5, 4 * time.Second, c.arrived}); got != want {
				t.Errorf("down: %+v, not %+v", got, want)
			}
		}
	}
}

// TestRings: after a withdrawal both ways round explore each other's paths.
func TestRings(t *testing.T) {
	const s = time.Second
	for _, c := range []struct {
		n        int
		mode     string
		up       int
		down     outcome
		announce func(*bgp.Peer)
	}{
		{3, "none", 4, outcome{2, 6, 5, 2 * s, 3 * s}, func(*bgp.Peer) {}},
		{3, "all", 6, outcome{4, 6, 5, 2 * s, 3 * s}, sendBack},
		{3, "ssld", 4, outcome{0, 4, 5, 2 * s, 2 * s}, ssld},
		{5, "none", 6, outcome{4, 10, 11, 4 * s, 5 * s}, func(*bgp.Peer) {}},
		{5, "all", 10, outcome{8, 14, 11, 4 * s, 5 * s}, sendBack},
		{5, "ssld", 6, outcome{2, 8, 11, 4 * s, 4 * s}, ssld},
		{7, "none", 8, outcome{6, 14, 17, 6 * s, 7 * s}, func(*bgp.Peer) {}},
		{7, "all", 14, outcome{12, 22, 17, 6 * s, 7 * s}, sendBack},
		{7, "ssld", 8, outcome{4, 12, 17, 6 * s, 6 * s}, ssld},
	} {
		r := ring(c.n, s).each(c.announce).announce(100, 1100).run(t, 2000)
		if up := since(r, 100, 1100); up.announced != c.up || up.withdrawn != 0 || up.best != time.Duration(c.n-1)/2*s {
			t.Errorf("ring of %d, %s, up: %+v", c.n, c.mode, up)
		}
		if down := since(r, 1100, 2000); down != c.down {
			t.Errorf("ring of %d, %s, down: %+v, not %+v", c.n, c.mode, down, c.down)
		}
	}
}
