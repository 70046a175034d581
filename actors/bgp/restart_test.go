package bgp_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// ten is r2 - r1 - x: r2 originates 10.1.0.0/16 to 10.10.0.0/16, its process ends at
// 100 s, and its session is up again 25 s later, without the last two. r1 needs 2.5 s
// for each UPDATE. Both offer graceful restart, unless offer is nil.
func ten(offer *bgp.GracefulRestart) *lab {
	l := newLab()
	l.delay = 0
	r2 := l.speaker("r2")
	for i := range 10 {
		r2.Originate = append(r2.Originate, route(i+1))
	}
	r2.StartJitter = sim.Constant(15 * time.Second)
	takes := sim.Constant(2500 * time.Millisecond)
	l.speaker("r1").Processing = &takes
	l.speaker("x")
	a, b := l.link("r2", "r1")
	a.Restart, b.Restart = offer, offer
	l.link("r1", "x")
	l.kill(100, "r2")
	for i := range 2 {
		l.tell(105, "r2", events.Order{Do: events.Withdraw, Prefix: route(9 + i)})
	}
	l.restart(110, "r2")
	return l
}

func route(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i)}), 16)
}

// told gives the UPDATEs that one speaker sent another from 100 s on: when, and how
// many prefixes are withdrawn and announced.
func told(r *simtest.Recorder, from, to events.ActorID) (all []string) {
	for _, l := range r.Of(from, events.Out) {
		if u, ok := l.Event.(*events.Update); ok && l.Peer == to && l.At >= 100e9 {
			all = append(all, fmt.Sprintf("%v W%d A%d", l.At.Sub(100e9), len(u.Withdrawn), len(u.NLRI)))
		}
	}
	return all
}

// changes gives the changes of best routes of a speaker from 100 s on, by instant
// and reason, with how many.
func changes(r *simtest.Recorder, of events.ActorID) (all []string) {
	count := map[string]int{}
	for _, l := range r.Of(of, events.Change) {
		if e, ok := l.Event.(*events.BestChanged); ok && l.At >= 100e9 {
			s := fmt.Sprintf("%v %s", l.At.Sub(100e9), e.Why)
			if count[s]++; count[s] == 1 {
				all = append(all, s)
			}
		}
	}
	for i, s := range all {
		all[i] = fmt.Sprintf("%s: %d", s, count[s])
	}
	return all
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

var twoMinutes = &bgp.GracefulRestart{Time: 2 * time.Minute, Forwarding: true}

// TestGracefulRestart (RFC 4724 section 4): the routes of a peer that begins anew
// stay until its End-of-RIB; nobody hears of those that it sends again.
func TestGracefulRestart(t *testing.T) {
	r := ten(twoMinutes).run(t, 1000)
	same(t, "r2 to r1", told(r, "r2", "r1"), "25s W0 A8", "25s W0 A0")
	same(t, "r1", changes(r, "r1"), "30s no path: 2")
	same(t, "r1 to x", told(r, "r1", "x"), "30s W2 A0")
	same(t, "x", changes(r, "x"), "30s no path: 2")
	if got := best(r, "x", "10.9.0.0/16"); len(got.Is) != 0 {
		t.Errorf("x has %v", got)
	}
	lines := simtest.Lineage(r.Written)
	for _, l := range r.Of("r1", events.Change) {
		if e, ok := l.Event.(*events.BestChanged); ok && l.At >= 100e9 {
			u, isUpdate := lines.Line(l.Cause).Event.(*events.Update)
			if !isUpdate || !u.EndOfRIB() {
				t.Errorf("%v follows from %v", e, lines.Line(l.Cause))
			}
		}
	}
}

// TestWithoutGracefulRestart: the same, where nobody or only one end offers it.
func TestWithoutGracefulRestart(t *testing.T) {
	for _, link := range [][2]events.ActorID{{"r1", "r2"}, {"r2", "r1"}} {
		for _, offer := range []*bgp.GracefulRestart{nil, twoMinutes} {
			l := ten(offer)
			l.peer(link[0], link[1]).Restart = nil
			r := l.run(t, 1000)
			if got := told(r, "r1", "x"); !slices.Equal(got, []string{"0s W10 A0", "27.5s W0 A8"}) {
				t.Errorf("%s offers %v: r1 sends x %q", link[1], offer, got)
			}
		}
	}
}

// TestGraceEnds: the stale routes go at once where the peer did not go on
// forwarding, or when it is not back in time; not before, and not at all where
// the session ends otherwise.
func TestGraceEnds(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(*lab)
		told    []string // r1 tells x
	}{
		{
			"not forwarding", func(l *lab) { l.peer("r2", "r1").Restart = &bgp.GracefulRestart{Time: 2 * time.Minute} },
			[]string{"25s W10 A0", "27.5s W0 A8"},
		},
		{
			"back too late", func(l *lab) {
				l.peer("r2", "r1").Restart = &bgp.GracefulRestart{Time: 24*time.Second + time.Millisecond, Forwarding: true}
			},
			[]string{"24s W10 A0", "27.5s W0 A8"},
		},
		{
			"in time", func(l *lab) {
				l.peer("r2", "r1").Restart = &bgp.GracefulRestart{Time: 26 * time.Second, Forwarding: true}
			},
			[]string{"30s W2 A0"},
		},
		{
			"no time at all", func(l *lab) { l.peer("r2", "r1").Restart = &bgp.GracefulRestart{Forwarding: true} },
			[]string{"0s W10 A0", "27.5s W0 A8"},
		},
		{
			"NOTIFICATION", func(l *lab) {
				l.deeds = l.deeds[1:]
				l.tell(100, "r2", events.Order{Do: events.Stop})
			},
			[]string{"0s W10 A0", "27.5s W0 A8"},
		},
		{
			"shut down here", func(l *lab) {
				l.deeds = l.deeds[:0]
				l.tell(100, "r1", events.Order{Do: events.Shutdown, Arg: "r2"})
			},
			[]string{"0s W10 A0"},
		},
		{
			"shut down while it is awaited",
			func(l *lab) { l.tell(107, "r1", events.Order{Do: events.Shutdown, Arg: "r2"}) },
			[]string{"7s W10 A0"},
		},
		{
			"link down while it is awaited",
			func(l *lab) { l.tell(107, "r1", events.Order{Do: events.LinkDown, Arg: "r2"}) },
			[]string{"7s W10 A0"},
		},
		{
			"killed again before its End-of-RIB: what it did not send twice goes",
			func(l *lab) {
				l.kill(126, "r2")
				l.restart(130, "r2")
			},
			[]string{"26s W10 A0", "47.5s W0 A8"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := ten(twoMinutes)
			c.prepare(l)
			same(t, "r1 to x", told(l.run(t, 1000), "r1", "x"), c.told...)
		})
	}
}

// TestNotBackInTime: the routes go when the restart timer expires, and that follows
// from what ended the session (law of causes, R3).
func TestNotBackInTime(t *testing.T) {
	l := ten(twoMinutes)
	l.deeds = l.deeds[:1]
	r := l.run(t, 1000)
	same(t, "r1", changes(r, "r1"), "2m0s no path: 10")
	lines := simtest.Lineage(r.Written)
	for _, line := range r.Of("r1", events.Change) {
		if e, ok := line.Event.(*events.BestChanged); ok && line.At > 100e9 {
			why, isSession := lines.Line(line.Cause).Event.(events.SessionChanged)
			if !isSession || why.Was != events.Established || lines.Disturbance(line.Seq) != "r2-killed" {
				t.Errorf("%v follows from %v, %s", e, lines.Line(line.Cause), lines.Disturbance(line.Seq))
			}
		}
	}
}

// TestSilentRestart: nobody told r1 that the machine of r2 died. Its OPEN does: the
// old session ends without a NOTIFICATION and the new one goes on (RFC 4724 section
// 4.2). A machine that died forwarded nothing.
func TestSilentRestart(t *testing.T) {
	l, r := sameStory(t, 1000, func() *lab {
		l := ten(twoMinutes)
		l.deeds = l.deeds[:0]
		for _, at := range []float64{100, 150} {
			l.die(at, "r2")
			l.restart(at+10, "r2")
		}
		return l
	})
	same(t, "r1 to x", told(r, "r1", "x"), "25s W10 A0", "27.5s W0 A10", "1m15s W10 A0", "1m17.5s W0 A10")
	var why []string
	for _, s := range sessions(r, "r1", "r2") {
		if strings.Contains(s, "Idle") {
			why = append(why, s)
		}
	}
	same(t, "ends", why, "125.000 r2#1 Idle: the peer restarted", "175.000 r2#2 Idle: the peer restarted")
	if got := l.speakers["x"].Prefixes(); len(got) != 10 {
		t.Errorf("x has %v", got)
	}
}

// TestStaleRoutesCompete: a stale route is as good as it was before: its peer's
// identifier still counts, and what is not stale does not come first.
func TestStaleRoutesCompete(t *testing.T) {
	for killed, better := range map[events.ActorID]events.ActorID{"a": "a", "b": "a"} { // order-free: each on its own
		l := newLab()
		l.speaker("a", "10.1.0.0/16")
		l.speaker("b", "10.1.0.0/16")
		l.speaker("c")
		l.speaker("m")
		for _, id := range l.order[:3] {
			p, q := l.link(id, "m")
			p.Restart, q.Restart = twoMinutes, twoMinutes
		}
		l.kill(100, killed)
		l.tell(105, "c", events.Order{Do: events.Announce, Prefix: route(1)})
		l.tell(106, "c", events.Order{Do: events.Withdraw, Prefix: route(1)})
		l.restart(110, killed)
		r := l.run(t, 1000)
		if got := changes(r, "m"); got != nil {
			t.Errorf("%s killed: %q", killed, got)
		}
		if got := best(r, "m", "10.1.0.0/16"); len(got.Is) != 1 || got.Is[0] != better {
			t.Errorf("%s killed: %v", killed, got)
		}
	}
}

// TestHoldTimerKeepsRoutes: the peer whose hold timer expired may be back; the one
// that was sent the NOTIFICATION is told that the session is over.
func TestHoldTimerKeepsRoutes(t *testing.T) {
	l := ten(&bgp.GracefulRestart{Time: 4095 * time.Second, Forwarding: true})
	l.deeds = l.deeds[:0]
	l.peer("r1", "r2").Hold = 30 * time.Second
	l.cut(100, "r2", "r1")
	l.heal(200, "r2", "r1")
	r := l.run(t, 1000)
	if got := changes(r, "r1"); got != nil {
		t.Errorf("r1: %q", got)
	}
	if got := sessions(r, "r1", "r2"); !slices.ContainsFunc(got, func(s string) bool { return strings.HasSuffix(s, "Idle: hold timer expired") }) {
		t.Errorf("r1: %q", got)
	}
	if !l.speakers["r1"].Established("r2") {
		t.Error("r2 is not back")
	}
}

// TestSelectionIsDeferred (RFC 4724 section 4.1): a speaker that began anew chooses
// and sends nothing until all of its peers sent what they have, and then End-of-RIB;
// or until its own restart time is over.
func TestSelectionIsDeferred(t *testing.T) {
	build := func() *lab {
		l := newLab()
		for _, id := range []events.ActorID{"a", "m", "b"} {
			l.speaker(id, fmt.Sprintf("10.%d.0.0/16", 1+len(l.order)))
		}
		for _, id := range []events.ActorID{"a", "b"} {
			p, q := l.link(id, "m")
			p.Restart, q.Restart = twoMinutes, twoMinutes
			p.ConnectRetry = sim.Constant(7 * time.Second)
		}
		l.configs["b"].StartJitter = sim.Constant(3 * time.Second)
		l.kill(100, "m")
		l.restart(110, "m")
		return l
	}
	r := build().run(t, 1000)
	if got := changes(r, "a"); got != nil {
		t.Errorf("a: %q", got)
	}
	eor := func(r *simtest.Recorder, from events.ActorID, to events.ActorID) (all []string) {
		for _, s := range updates(r, from, to) {
			if strings.HasSuffix(s, "End-of-RIB") {
				all = append(all, strings.Fields(s)[0])
			}
		}
		return all
	}
	toA, fromA, fromB := eor(r, "m", "a"), eor(r, "a", "m"), eor(r, "b", "m")
	if len(toA) != 2 || len(fromA) != 2 || len(fromB) != 2 || toA[1] <= max(fromA[1], fromB[1]) {
		t.Errorf("m says End-of-RIB at %q, a at %q, b at %q", toA, fromA, fromB)
	}
	same(t, "m ends, and begins anew with all", changes(r, "m")[:1], "0s process killed: 3")

	lonely := build()
	lonely.at(105, func(t *sim.Turn) { t.Send("b", events.Order{Do: events.Shutdown, Arg: "m"}) })
	lonely.at(150, func(t *sim.Turn) {
		t.Begin(events.Disturbance{Name: "new", What: "announce", Target: "a"})
		t.Send("a", events.Order{Do: events.Announce, Prefix: route(50)})
	})
	r = lonely.run(t, 1000)
	if got := eor(r, "m", "a"); len(got) != 2 || got[1] != "230.000" {
		t.Errorf("b is not there: m says End-of-RIB at %q", got)
	}
	same(t, "a", changes(r, "a"), "50s own route: 1", "2m10.01s no path: 1")
	lines := simtest.Lineage(r.Written)
	for _, l := range r.Of("m", events.Change) {
		e, ok := l.Event.(*events.BestChanged)
		if ok && e.Prefix == route(50) && (l.At != 230e9 || lines.Disturbance(l.Seq) != "new") {
			t.Errorf("%v follows from %s", l, lines.Disturbance(l.Seq))
		}
	}

	shut := build()
	shut.tell(120, "m", events.Order{Do: events.Shutdown, Arg: "b"})
	shut.tell(100, "b", events.Order{Do: events.Shutdown, Arg: "m"})
	if got := eor(shut.run(t, 1000), "m", "a"); len(got) != 2 || got[1] != "120.000" {
		t.Errorf("nobody waits for b: m says End-of-RIB at %q", got)
	}
}

// TestNeighboursRestart: of two that begin anew at one time, neither waits for the
// other; and what one of them kept of the other is gone.
func TestNeighboursRestart(t *testing.T) {
	l := newLab()
	l.speaker("a", "10.1.0.0/16")
	l.speaker("b", "10.2.0.0/16")
	p, q := l.link("a", "b")
	p.Restart, q.Restart, p.ConnectRetry = twoMinutes, twoMinutes, sim.Constant(7*time.Second)
	l.kill(100, "a")
	l.kill(110, "b")
	l.restart(120, "a")
	l.restart(121, "b")
	r := l.run(t, 1000)
	for _, id := range l.order {
		if got := l.speakers[id].Prefixes(); len(got) != 2 {
			t.Errorf("%s has %v", id, got)
		}
		for _, change := range r.Of(id, events.Change) {
			if _, ok := change.Event.(*events.BestChanged); ok && change.At > 140e9 {
				t.Errorf("%v is late", change)
			}
		}
	}
	away := newLab()
	away.speaker("a", "10.1.0.0/16")
	away.speaker("b")
	p, q = away.link("a", "b")
	p.Restart, q.Restart = twoMinutes, twoMinutes
	away.kill(100, "a")
	away.kill(110, "b")
	away.restart(120, "b")
	away.run(t, 1000)
	if got := away.speakers["b"].Learned("a"); len(got) != 0 {
		t.Errorf("b has %v", got)
	}
}

// restful is a random network of which each comes to rest.
func restful(seed uint64) *lab {
	l := random(seed)
	for _, id := range l.order {
		l.configs[id].Processing, l.configs[id].Decision = nil, bgp.Decision{AlwaysCompareMED: true}
	}
	for _, p := range l.peers { // order-free: each on its own
		p.Fixed, p.MaxRoutes = false, bgp.MaxRoutes{}
		p.Hold = max(p.Hold, 15*time.Second)
		p.Keepalive = p.Hold / 3
	}
	return l
}

// TestNothingStaysStale: when all is over, in random networks, every route is one
// that the other end of its session sent.
func TestNothingStaysStale(t *testing.T) {
	kept := 0
	for seed := uint64(1); seed < 2**networks; seed += 2 {
		l := restful(seed)
		c, speakers := l.config(2000e9)
		r, err := simtest.Run(c)
		if err != nil {
			t.Fatal(err)
		}
		kept += len(r.Select(func(l events.Line) bool {
			timer, ok := l.Event.(events.Timer)
			return ok && timer.Name == events.RestartTimer && timer.Peer != "" && l.Role == events.Set
		}))
		for _, link := range l.links {
			for _, way := range [][2]events.ActorID{link, {link[1], link[0]}} {
				sent := speakers[way[0]].Advertised(way[1])
				for prefix := range speakers[way[1]].Learned(way[0]) { // order-free: each on its own
					if sent[prefix] == nil {
						t.Errorf("network %d: %s has %v, which %s does not send", seed, way[1], prefix, way[0])
					}
				}
			}
		}
	}
	if kept < 5 {
		t.Errorf("only %d sessions were awaited", kept)
	}
}

// TestSelectionDoesNotWaitForTheWorkQueue: a restarted speaker whose decisions wait
// says End-of-RIB with its routes, not before them, so that nobody loses any.
func TestSelectionDoesNotWaitForTheWorkQueue(t *testing.T) {
	for _, delay := range []time.Duration{0, 50 * time.Millisecond} {
		l := newLab()
		for _, id := range []events.ActorID{"a", "m", "b"} {
			l.speaker(id, fmt.Sprintf("10.%d.0.0/16", 1+len(l.order))).DecisionDelay = delay
		}
		for _, id := range []events.ActorID{"a", "b"} {
			p, q := l.link(id, "m")
			p.Restart, q.Restart = twoMinutes, twoMinutes
			p.ConnectRetry = sim.Constant(7 * time.Second)
		}
		l.kill(100, "m")
		l.restart(110, "m")
		if all := changes(l.run(t, 1000), "a"); len(all) > 0 {
			t.Errorf("decisions wait %v: the helper's routes change: %q", delay, all)
		}
	}
}
