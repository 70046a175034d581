package bgp_test

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// flapped is what a speaker wrote of damping: when, since an instant, and what.
func flapped(r *simtest.Recorder, of events.ActorID, begin float64) (s []string) {
	for _, l := range r.Of(of, events.Change) {
		if e, ok := l.Event.(events.Suppressed); ok {
			s = append(s, fmt.Sprintf("%.2f %v", float64(l.At)/1e9-begin, e))
		}
	}
	return s
}

// damp has a speaker damp what another sends.
func (l *lab) damp(of, from int, d *bgp.Damping) *lab {
	l.peer(node(of), node(from)).Damping = d
	return l
}

// flap makes the first speaker withdraw the prefix each minute from begin on, n
// times, and announce it again after half a minute.
func (l *lab) flap(begin float64, n int) *lab {
	seconds := []float64{1}
	for i := range n {
		seconds = append(seconds, begin+60*float64(i), begin+60*float64(i)+30)
	}
	return l.announce(seconds...)
}

// origin, damper, downstream: what the middle one hears is damped.
func dampedLine(d *bgp.Damping) *lab {
	return graph(3, time.Millisecond, func(i, j int) bool { return j == i+1 }).damp(1, 0, d)
}

func penalty(l *lab, of, from int, at float64) float64 {
	p, _ := l.speakers[node(of)].Penalty(node(from), netip.MustParsePrefix(prefix), events.Time(math.Round(at*1e9)))
	return float64(p) / float64(events.Point)
}

// near compares to the hundredths in which the numbers below are given.
func near(got, want float64) bool { return math.Abs(got-want) <= 0.01 }

// TestDamping: of a prefix that goes every minute the third withdrawal is too much,
// and it comes back when its penalty, which grows on, has decayed to 750: a
// geometric sum and a logarithm.
func TestDamping(t *testing.T) {
	const begin = 5000.0
	for _, c := range []struct {
		n              int
		penalty, reuse float64 // at the last withdrawal; 0: never suppressed
	}{
		{1, 1000, 0}, {2, 1954.84, 0}, {3, 2866.56, 1860.92}, {4, 3737.11, 2265.27}, {5, 0, 2586.04}, {10, 0, 3644.69},
	} {
		l := dampedLine(bgp.CiscoDamping()).flap(begin, c.n)
		r := l.run(t, 9000)
		if got := penalty(l, 1, 0, begin+60*float64(c.n-1)+0.001); c.penalty > 0 && !near(got, c.penalty) {
			t.Errorf("%d flaps: penalty %f, not %f", c.n, got, c.penalty)
		}
		var want []string
		if c.reuse > 0 {
			want = []string{
				"120.00 suppresses " + prefix + " of n00 (penalty 2866.56)",
				fmt.Sprintf("%.2f reuses "+prefix+" of n00 (penalty 750.00)", c.reuse),
			}
		}
		if got := flapped(r, node(1), begin+0.001); !slices.Equal(got, want) {
			t.Errorf("%d flaps: %q, not %q", c.n, got, want)
		}
	}
}

// TestDampingDownstream: a speaker behind the one that damps hears nothing of what
// happens meanwhile, and then that the route is back: because of the announcement
// that had to wait, not of the withdrawal before it.
func TestDampingDownstream(t *testing.T) {
	l := dampedLine(bgp.CiscoDamping()).flap(5000, 3)
	l.at(5149, func(t *sim.Turn) {
		t.Begin(events.Disturbance{Name: "back", What: "announce", Target: string(node(0))})
		t.Send(node(0), events.Order{Do: events.Announce, Prefix: netip.MustParsePrefix(prefix)})
	})
	l.tell(5200, node(1), events.Order{Do: events.Refresh}) // nothing new
	r := l.run(t, 9000)
	if got := train(r, node(1), node(2), 5000); got != "-4999.0 A2, 0.0 W, 30.0 A2, 60.0 W, 90.0 A2, 120.0 W, 1860.9 A2" {
		t.Error(got)
	}
	if n := len(updates(r, node(0), node(1))); n != 8 {
		t.Errorf("%d UPDATEs reach the one that damps", n)
	}
	own := r.Of(node(1), events.Change)
	if why := r.Written[own[len(own)-1].Cause-1]; why.Role != events.In || why.At != 5149001*events.Time(time.Millisecond) {
		t.Errorf("%v follows from %v", own[len(own)-1], why)
	}
	changes := r.Of(node(2), events.Change)
	if last := changes[len(changes)-1]; simtest.Lineage(r.Written).Disturbance(last.Seq) != "back" {
		t.Errorf("%v follows from %s", last, simtest.Lineage(r.Written).Disturbance(last.Seq))
	}
}

// TestDampingAttributes: a path that changes costs half as much: the fifth change is
// too much. n00's own prefix is near, another's far.
func TestDampingAttributes(t *testing.T) {
	const begin = 5000.0
	for n, want := range map[int]float64{1: 500, 2: 988.58, 3: 1466.0, 5: 2388.38} { // order-free: each on its own
		l := graph(4, time.Millisecond, func(i, j int) bool { return j == i+1 }).damp(2, 1, bgp.CiscoDamping())
		l.speaker("far", prefix).Established = true
		l.speaker("farther").Established = true
		l.link("far", "farther")
		l.link("farther", node(1))
		for i := range n {
			do := []events.Verb{events.Announce, events.Withdraw}[i%2]
			l.tell(begin+30*float64(i), node(0), events.Order{Do: do, Prefix: netip.MustParsePrefix(prefix)})
		}
		r := l.run(t, 5300)
		if got := penalty(l, 2, 1, begin+30*float64(n-1)+0.002); !near(got, want) {
			t.Errorf("%d changes: penalty %f, not %f", n, got, want)
		}
		var suppressed []string
		if n == 5 {
			suppressed = []string{"120.00 suppresses " + prefix + " of n01 (penalty 2388.38)"}
		}
		if got := flapped(r, node(2), begin+0.002); !slices.Equal(got, suppressed) {
			t.Errorf("%d changes: %q", n, got)
		}
	}
}

// TestDampingOfExploration: one withdrawal in a clique of five is enough, because of
// the paths that are tried before it gets through (Mao, Govindan, Varghese, Katz,
// SIGCOMM 2002); in a clique of four not quite.
func TestDampingOfExploration(t *testing.T) {
	const begin = 10000.0
	for _, c := range []struct {
		n         int
		train     string
		peak, end float64
		back      float64
		damping   []string
	}{
		{4, "0.0 A3, 30.0 A4, 30.0 W, 1000.0 A2", 1988.57, 30.03, 1000.02, nil},
		{5, "0.0 A3, 30.0 A4, 60.0 A5, 60.0 W, 1000.0 A2", 2465.99, 60.03, 1605.514, []string{
			"60.03 suppresses " + prefix + " of n04 (penalty 2465.99)", "1605.51 reuses " + prefix + " of n04 (penalty 750.00)",
		}},
	} {
		l := graph(c.n+1, apart, func(i, j int) bool { return j < c.n || i == c.n-1 })
		l.each(sendBack).each(wait(sim.Constant(30*time.Second), false)).damp(c.n, c.n-1, bgp.CiscoDamping())
		r := l.announce(100, begin, begin+1000).run(t, 12000)
		if got := train(r, node(c.n-1), node(c.n), begin); got != "-9900.0 A2, "+c.train {
			t.Errorf("clique of %d: %s", c.n, got)
		}
		if got := flapped(r, node(c.n), begin); !slices.Equal(got, c.damping) {
			t.Errorf("clique of %d: %q", c.n, got)
		}
		if got := penalty(l, c.n, c.n-1, begin+c.end); !near(got, c.peak) {
			t.Errorf("clique of %d: penalty %f, not %f", c.n, got, c.peak)
		}
		back := events.Time(0)
		for _, one := range r.Of(node(c.n), events.Change) {
			if e, ok := one.Event.(*events.BestChanged); ok && len(e.Is) > 0 {
				back = one.At
			}
		}
		if got := float64(back)/1e9 - begin; math.Abs(got-c.back) > 0.0005 {
			t.Errorf("clique of %d: back after %f s, not %f", c.n, got, c.back)
		}
	}
}

// TestDampingJuniper: there an announcement that follows a withdrawal is a flap too,
// and the limit is higher: the second one exceeds it.
func TestDampingJuniper(t *testing.T) {
	q := math.Exp2(-30.0 / 900)
	sum := 0.0
	for range 4 { // withdrawn, announced, withdrawn, announced
		sum = sum*q + 1000
	}
	r := dampedLine(bgp.JuniperDamping()).flap(5000, 2).run(t, 9000)
	want := []string{
		fmt.Sprintf("90.00 suppresses "+prefix+" of n00 (penalty %.2f)", sum),
		fmt.Sprintf("%.2f reuses "+prefix+" of n00 (penalty 750.00)", 90+900*math.Log2(sum/750)),
	}
	if got := flapped(r, node(1), 5000.001); !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}

// TestDampingEnds: however much a route flaps, it is used an hour after that; if it
// is there then.
func TestDampingEnds(t *testing.T) {
	for _, there := range []bool{true, false} {
		l := dampedLine(bgp.CiscoDamping())
		seconds := []float64{1}
		for i := range 100 {
			seconds = append(seconds, 5000+2*float64(i), 5001+2*float64(i))
		}
		if !there {
			seconds = seconds[:len(seconds)-1]
		}
		r := l.announce(seconds...).run(t, 10000)
		got := flapped(r, node(1), 5198.001)
		if want := "3600.00 reuses " + prefix + " of n00 (penalty 750.00)"; len(got) != 2 || got[1] != want {
			t.Errorf("%q", got)
		}
		if _, ok := l.speakers[node(1)].Best(netip.MustParsePrefix(prefix)); ok != there {
			t.Errorf("there %t, used %t", there, ok)
		}
	}
}

// TestNoFlaps: what is no flap costs nothing: the first announcement, one that is
// repeated, anything within an AS.
func TestNoFlaps(t *testing.T) {
	l := dampedLine(bgp.CiscoDamping()).announce(1)
	for i := range 9 {
		l.tell(10+float64(i), node(1), events.Order{Do: events.Refresh})
	}
	r := l.run(t, 100)
	if n := len(updates(r, node(0), node(1))); n != 10 || penalty(l, 1, 0, 100) != 0 {
		t.Errorf("%d announcements cost %f", n, penalty(l, 1, 0, 100))
	}
	l = graph(2, time.Millisecond, func(int, int) bool { return true })
	l.configs[node(1)].AS = l.configs[node(0)].AS
	l.peer(node(0), node(1)).AS = l.configs[node(1)].AS
	l.damp(1, 0, bgp.CiscoDamping()).flap(100, 5).run(t, 500)
	if got := penalty(l, 1, 0, 500); got != 0 {
		t.Errorf("within the AS flaps cost %f", got)
	}
}

// TestDampingMixesCauses: where an UPDATE mixes causes, each route is suppressed, and
// comes back, because of its own.
func TestDampingMixesCauses(t *testing.T) {
	l := mraiLab()
	d := bgp.CiscoDamping()
	d.Suppress, d.Reuse = 400, 300
	l.peer("x", "m").Damping = d
	l.kill(100, "d")
	l.kill(105, "a")
	l.kill(110, "b")
	r := l.run(t, 2000)
	roots, n := simtest.Lineage(r.Written), map[string]int{}
	for _, one := range r.Of("x", events.Change) {
		if e, ok := one.Event.(events.Suppressed); ok {
			n[e.Prefix.String()+" "+roots.Disturbance(one.Seq)]++
		}
	}
	if n["10.1.0.0/16 a-killed"] != 2 || n["10.2.0.0/16 b-killed"] != 2 || n["10.3.0.0/16 d-killed"] != 2 {
		t.Error(n)
	}
}

// TestDampingOfSessions: with Sessions a session that ends withdraws its routes, and
// the penalty outlives it; with the process of the one that damps it is gone.
func TestDampingOfSessions(t *testing.T) {
	stop := func(l *lab) {
		l.tell(1200, node(1), events.Order{Do: events.Stop})
		l.tell(1210, node(1), events.Order{Do: events.Restart})
	}
	die := func(l *lab) { l.die(1200, node(1)); l.restart(1210, node(1)) }
	for _, c := range []struct {
		ends  int
		then  func(*lab)
		reuse string
		gone  bool
	}{
		{3, func(*lab) {}, "1860.92 reuses %s of n00 (penalty 750.00)", false},
		{3, stop, "200.00 reuses %s of n00 (penalty 2695.28)", true},
		{3, die, "210.00 reuses %s of n00 (penalty 2674.60)", true},
		{2, stop, "", true},
	} {
		d := bgp.CiscoDamping()
		d.Sessions = true
		l := dampedLine(d).announce(1).sessionsEnd(c.ends)
		c.then(l)
		r := l.run(t, 4000)
		var want []string
		if c.reuse != "" {
			want = []string{"120.00 suppresses " + prefix + " of n00 (penalty 2866.56)", fmt.Sprintf(c.reuse, prefix)}
		}
		if got := flapped(r, node(1), 1000.001); !slices.Equal(got, want) {
			t.Errorf("%q, not %q", got, want)
		}
		if _, ok := l.speakers[node(1)].Best(netip.MustParsePrefix(prefix)); !ok {
			t.Errorf("%q: the route is not used", want)
		}
		if left := penalty(l, 1, 0, 2000); (left == 0) != c.gone {
			t.Errorf("%q: penalty %f", want, left)
		}
	}
}

// sessionsEnd has the operator of the first speaker shut the session with the one that
// damps down n times, one a minute, each for half a minute.
func (l *lab) sessionsEnd(n int) *lab {
	for i := range n {
		l.tell(1000+60*float64(i), node(0), events.Order{Do: events.Shutdown, Arg: node(1)})
		l.tell(1030+60*float64(i), node(0), events.Order{Do: events.Enable, Arg: node(1)})
	}
	return l
}

// TestNoPenaltyForSessions: otherwise the end of a session costs nothing, nor does it
// that its routes are announced again; a penalty that they have goes on decaying.
func TestNoPenaltyForSessions(t *testing.T) {
	for _, d := range []*bgp.Damping{bgp.CiscoDamping(), bgp.JuniperDamping()} {
		l := dampedLine(d).announce(1).sessionsEnd(9)
		if got := flapped(l.run(t, 4000), node(1), 0); got != nil || penalty(l, 1, 0, 4000) != 0 {
			t.Errorf("%+v: %q, penalty %f", d, got, penalty(l, 1, 0, 4000))
		}
		l = dampedLine(d).announce(1, 500, 501).sessionsEnd(9)
		if got := flapped(l.run(t, 4000), node(1), 0); got != nil {
			t.Errorf("%+v: %q", d, got)
		}
		want := (1000*math.Exp2(-1.0/900) + float64(d.Readvertise)) * math.Exp2(-1499.0/900)
		if got := penalty(l, 1, 0, 2000.001); !near(got, want) {
			t.Errorf("%+v: penalty %f, not %f", d, got, want)
		}
	}
}

// TestDampingCounts: what each UPDATE costs. A prefix that is named twice flaps once,
// and what is announced overrules what is withdrawn (RFC 4271 section 4.3).
func TestDampingCounts(t *testing.T) {
	p := netip.MustParsePrefix(prefix)
	one := &events.Attrs{Path: events.ASPath{{AS: []uint32{64513}}}, NextHop: netip.MustParseAddr("192.0.2.1")}
	two := &events.Attrs{Path: events.ASPath{{AS: []uint32{64513, 64514}}}, NextHop: netip.MustParseAddr("192.0.2.1")}
	announce := func(a *events.Attrs, w ...netip.Prefix) *events.Routes {
		return &events.Routes{Withdrawn: w, Attrs: a, NLRI: []netip.Prefix{p}}
	}
	gone := &events.Routes{Withdrawn: []netip.Prefix{p}}
	s := bgp.NewSpeaker(bgp.Config{ID: "d", AS: 64999, Peers: []bgp.Peer{{ID: "o", AS: 64513, Damping: bgp.JuniperDamping()}}})
	for i, c := range []struct {
		says *events.Routes
		sum  int
	}{
		{gone, 0},
		{announce(one), 0},
		{announce(one), 0},
		{announce(two), 500},
		{announce(two), 500},
		{&events.Routes{Withdrawn: []netip.Prefix{p, p}}, 1500},
		{gone, 1500},
		{announce(one), 2500},
		{announce(two, p), 3000},
	} {
		u := events.NewUpdate(events.Conn{Initiator: "o", N: 1}, c.says)
		s.Apply(&events.Line{Seq: uint64(i + 1), Role: events.In, Actor: "d", Peer: "o", Event: u})
		if got, _ := s.Penalty("o", p, 0); got != events.Penalty(c.sum)*events.Point {
			t.Errorf("after UPDATE %d, %v: %v, not %d", i, u, got, c.sum)
		}
	}
}

// TestDampingLimit: a penalty must be higher than the limit, not equal.
func TestDampingLimit(t *testing.T) {
	for suppress, n := range map[int]int{1000: 0, 999: 2} { // order-free: each on its own
		d := bgp.CiscoDamping()
		d.Suppress = suppress
		if got := flapped(dampedLine(d).flap(100, 1).run(t, 2000), node(1), 100); len(got) != n {
			t.Errorf("limit %d: %q", suppress, got)
		}
	}
}

// TestDampingOfWork: an UPDATE that takes time flaps when it is done.
func TestDampingOfWork(t *testing.T) {
	l, takes := dampedLine(bgp.CiscoDamping()), sim.Constant(10*time.Second)
	l.configs[node(1)].Processing = &takes
	got := flapped(l.flap(5000, 3).run(t, 8000), node(1), 5000.001)
	want := []string{
		"130.00 suppresses " + prefix + " of n00 (penalty 2866.56)", "1870.92 reuses " + prefix + " of n00 (penalty 750.00)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
