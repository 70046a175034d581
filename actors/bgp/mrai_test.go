package bgp_test

import (
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

// TestCliques: n-3 rounds of an MRAI each (Labovitz, Ahuja, Bose, Jahanian,
// SIGCOMM 2000).
func TestCliques(t *testing.T) {
	const m = 30 * time.Second
	for n := 3; n <= 6; n++ {
		for _, withdrawals := range []bool{false, true} {
			l := clique(n, apart).each(sendBack).each(wait(sim.Constant(m), withdrawals)).announce(100, 1100)
			r := l.run(t, 2000)
			up, down := since(r, 100, 1100), since(r, 1100, 2000)
			if up.announced != n*(n-1) || up.withdrawn != 0 || up.best != apart {
				t.Errorf("clique of %d, up: %+v", n, up)
			}
			if down.announced != (n-1)*(n-2)*(n+1)/2 || down.withdrawn != n*(n-1) || down.best != time.Duration(n-3)*m+2*apart {
				t.Errorf("clique of %d, down: %+v", n, down)
			}
			arrived := time.Duration(n-3)*m + 3*apart
			if withdrawals {
				arrived = time.Duration(n-2)*m + 2*apart
			}
			if down.arrived != arrived {
				t.Errorf("clique of %d, withdrawals wait %t: the last arrives after %v, not %v", n, withdrawals, down.arrived, arrived)
			}
		}
	}
}

// TestGhostFlush: bad news does not wait.
func TestGhostFlush(t *testing.T) {
	for _, n := range []int{4, 5, 6, 8, 10} {
		l := clique(n, apart).each(sendBack).each(wait(sim.Constant(30*time.Second), false)).announce(100, 1100)
		for _, c := range l.configs { // order-free: each on its own
			c.GhostFlush = true
		}
		down := since(l.run(t, 2000), 1100, 2000)
		if down.announced != (n-1)*(n-1) || down.withdrawn != n*(n-1) || down.best != 3*apart {
			t.Errorf("clique of %d: %+v", n, down)
		}
	}
}

// TestTrainsOfAFlap: what changed and changed back while it waited is not sent;
// a withdrawal waits, and makes others wait, only where it is told to.
func TestTrainsOfAFlap(t *testing.T) {
	for _, c := range []struct {
		at           []float64
		once, always string
	}{
		{[]float64{0, 10, 20}, "0.1 A2, 10.1 W, 30.1 A2", "0.1 A2"},
		{[]float64{0, 13, 27, 44, 58, 71}, "0.1 A2, 13.1 W, 30.1 A2, 44.1 W, 60.1 A2, 71.1 W", "0.1 A2, 44.1 W"},
		{[]float64{0, 21, 42, 63, 84, 105}, "0.1 A2, 21.1 W, 42.1 A2, 63.1 W, 84.1 A2, 105.1 W", "0.1 A2, 30.1 W, 60.1 A2, 105.1 W"},
	} {
		for _, perPrefix := range []bool{false, true} {
			for withdrawals, want := range map[bool]string{false: c.once, true: c.always} { // order-free: each on its own
				l := line(4, 100*time.Millisecond).each(wait(sim.Constant(30*time.Second), withdrawals))
				l.each(func(p *bgp.Peer) { p.MRAI.PerPrefix = perPrefix })
				l.peer(node(0), node(1)).MRAI = bgp.MRAI{}
				for i, at := range c.at {
					l.tell(100+at, node(0), events.Order{Do: []events.Verb{events.Announce, events.Withdraw}[i%2], Prefix: netip.MustParsePrefix(prefix)})
				}
				r := l.run(t, 400)
				if got := train(r, node(1), node(2), 100); got != want {
					t.Errorf("%v, withdrawals wait %t: %s, not %s", c.at, withdrawals, got, want)
				}
				later := strings.NewReplacer("A2", "A3").Replace(want)
				if got := train(r, node(2), node(3), 100.1); got != later {
					t.Errorf("%v, withdrawals wait %t, next: %s, not %s", c.at, withdrawals, got, later)
				}
			}
		}
	}
}

// TestFreeRunningMRAI: a timer that runs on whether or not something was sent
// makes the first announcement wait too, until it expires; what was announced and
// taken back before that is not sent. A withdrawal waits only where it is told to.
// What happens is put at times from an expiry of the timer of 1 towards 2, B; those
// of 2 towards 3 are elsewhere.
func TestFreeRunningMRAI(t *testing.T) {
	const m = 30 * time.Second
	key := sim.KeyOf("mrai").Actor(node(1)).Actor(node(2))
	for _, perPrefix := range []bool{false, true} {
		for withdrawals, want := range map[bool]string{ // order-free: each on its own
			false: "30.0 A2, 33.1 W, 120.0 A2",
			true:  "30.0 A2, 60.0 W, 120.0 A2",
		} {
			from := key
			if perPrefix {
				from = key.Str(prefix)
			}
			begin := 90 + sim.Draw(1, sim.Uniform(0, m), from.Str("phase")).Seconds()
			l := line(3, 100*time.Millisecond).each(func(p *bgp.Peer) {
				p.MRAI = bgp.MRAI{Interval: sim.Constant(m), PerPrefix: perPrefix, Withdrawals: withdrawals, FreeRunning: true}
			})
			l.peer(node(0), node(1)).MRAI = bgp.MRAI{}
			for i, at := range []float64{5, 33, 40, 50, 95} { // up, down, up, down, up
				l.tell(begin+at, node(0), events.Order{Do: []events.Verb{events.Announce, events.Withdraw}[i%2], Prefix: netip.MustParsePrefix(prefix)})
			}
			r := l.run(t, 400)
			if got := train(r, node(1), node(2), begin); got != want {
				t.Errorf("per prefix %t, withdrawals wait %t: %s, not %s", perPrefix, withdrawals, got, want)
			}
			idle := r.Select(func(l events.Line) bool {
				timer, ok := l.Event.(events.Timer)
				return ok && timer.Name == events.MRAITimer && l.Role == events.Set && l.At.Sub(0).Seconds() > begin+125
			})
			if idle != nil {
				t.Errorf("nothing waits, and %v", idle)
			}
		}
	}
}

// TestMRAIPerPrefix: the timer of one prefix does not hold another back, and each
// cites what made it wait.
func TestMRAIPerPrefix(t *testing.T) {
	l := mraiLab()
	l.peer("m", "x").MRAI.PerPrefix = true
	l.kill(100, "d")
	l.kill(105, "a")
	l.kill(110, "b")
	r := l.run(t, 200)
	got := updates(r, "m", "x")
	want := []string{
		"100.010 UPDATE announce 10.3.0.0/16 path 64517 64516 next hop 192.0.2.5",
		"105.010 UPDATE announce 10.1.0.0/16 path 64517 64516 next hop 192.0.2.5",
		"110.010 UPDATE announce 10.2.0.0/16 path 64517 64516 next hop 192.0.2.5",
	}
	if got = got[len(got)-3:]; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestMRAIPerPrefixHoldsBack: what waited follows from what changed it last (law
// of causes, R2), and only it is looked at when its timer fires.
func TestMRAIPerPrefixHoldsBack(t *testing.T) {
	l := mraiLab()
	l.peer("m", "x").MRAI.PerPrefix = true
	l.kill(100, "d")
	l.restart(105, "d")
	l.kill(120, "a") // at once: its timer does not run
	r := l.run(t, 200)
	got := updates(r, "m", "x")
	want := []string{
		"100.010 UPDATE announce 10.3.0.0/16 path 64517 64516 next hop 192.0.2.5",
		"120.010 UPDATE announce 10.1.0.0/16 path 64517 64516 next hop 192.0.2.5",
		"130.010 UPDATE announce 10.3.0.0/16 path 64517 64515 next hop 192.0.2.5",
	}
	if got = got[len(got)-3:]; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	lines, changes := simtest.Lineage(r.Written), r.Of("x", events.Change)
	if last := changes[len(changes)-1]; lines.Disturbance(last.Seq) != "d-alive" {
		t.Errorf("%v follows from %s", last, lines.Disturbance(last.Seq))
	}
}

// TestMRAIJitter: each setting is another draw, from three quarters up.
func TestMRAIJitter(t *testing.T) {
	const m = 30 * time.Second
	for _, perPrefix := range []bool{false, true} {
		l := line(3, apart)
		l.peer(node(1), node(2)).MRAI = bgp.MRAI{Interval: sim.Uniform(m*3/4, m), PerPrefix: perPrefix}
		for i := range 40 {
			l.announce(10+100*float64(i), 60+100*float64(i))
		}
		r := l.run(t, 4100)
		draws := map[time.Duration]bool{}
		for _, set := range r.Of(node(1), events.Set) {
			if timer := set.Event.(events.Timer); timer.Name == events.MRAITimer {
				d := set.Due.Sub(set.At)
				if draws[d] = true; d < m*3/4 || d > m || timer.Prefix.IsValid() != perPrefix {
					t.Errorf("%v set for %v", timer, d)
				}
			}
		}
		if len(draws) != 40 {
			t.Errorf("%d draws", len(draws))
		}
	}
}

// TestMRAIEndsWithTheSession: per prefix too.
func TestMRAIEndsWithTheSession(t *testing.T) {
	l := line(3, apart).each(wait(sim.Constant(30*time.Second), false)).announce(100)
	l.tell(110, node(1), events.Order{Do: events.Shutdown, Arg: node(2)})
	r := l.run(t, 200)
	stopped := r.Select(func(l events.Line) bool {
		return l.Role == events.Stopped && l.At == 110e9 && l.Event.(events.Timer).Name == events.MRAITimer
	})
	if len(stopped) != 1 || stopped[0].Actor != node(1) {
		t.Errorf("%v", stopped)
	}
}

// TestMRAIOptimum: means over 20 runs of a clique of 8 whose speakers take time
// for each UPDATE. Without an MRAI they work on what is long past; with one longer
// than a round takes, they only wait (Griffin, Premore, ICNP 2001).
func TestMRAIOptimum(t *testing.T) {
	for _, c := range []struct {
		seconds  int
		change   func(*bgp.Peer)
		time     float64
		messages float64
	}{
		{3, sendBack, 34.4, 601},
		{5, sendBack, 23.3, 280},
		{30, sendBack, 106, 240},
		{0, ssld, 98.2, 843},
		{8, ssld, 18.8, 170},
		{30, ssld, 36.5, 129},
	} {
		seconds, messages := slowCliques(t, time.Duration(c.seconds)*time.Second, c.change)
		if !within(seconds, c.time, 0.25) || !within(messages, c.messages, 0.25) {
			t.Errorf("MRAI %d s: %.1f s, %.0f messages; not %.1f s, %.0f", c.seconds, seconds, messages, c.time, c.messages)
		}
	}
	if seconds, _ := slowCliques(t, 0, sendBack); seconds < 3*23.3 {
		t.Errorf("without: %.1f s", seconds)
	}
}

func within(got, want, share float64) bool { return got >= want*(1-share) && got <= want*(1+share) }

// slowCliques gives the mean time and number of messages that a withdrawal takes
// in a clique whose speakers are busy with each UPDATE.
func slowCliques(t *testing.T, m time.Duration, change func(*bgp.Peer)) (seconds, messages float64) {
	const runs = 20
	takes := sim.Uniform(10*time.Millisecond, time.Second)
	for seed := range uint64(runs) {
		l := clique(8, apart).each(change).each(wait(sim.Uniform(m*3/4, m), false)).announce(100, 1100)
		l.seed = seed
		for _, c := range l.configs { // order-free: each on its own
			c.Processing = &takes
		}
		c, _ := l.config(3000e9)
		r, err := simtest.Run(c)
		if err != nil {
			t.Fatal(err)
		}
		down := since(r, 1100, 3000)
		seconds += down.best.Seconds() / runs
		messages += float64(down.announced+down.withdrawn) / runs
	}
	return seconds, messages
}

// TestManyPathsIntoOne: f hears of the origin over chains of 1 to k relays, and
// tells only g. An MRAI lets g skip what f tries in between.
func TestManyPathsIntoOne(t *testing.T) {
	for _, c := range []struct {
		k           int
		mrai        float64
		withdrawals bool
		want        string
	}{
		{3, 0, false, "2.0 A4, 3.0 A5, 4.0 W"},
		{3, 30, false, "2.0 A4, 4.0 W"},
		{3, 30, true, "2.0 A4, 32.0 W"},
		{5, 0, false, "2.0 A4, 3.0 A5, 4.0 A6, 5.0 A7, 6.0 W"},
		{5, 30, false, "2.0 A4, 6.0 W"},
		{5, 30, true, "2.0 A4, 32.0 W"},
		{5, 2.5, false, "2.0 A4, 4.5 A6, 6.0 W"},
		{5, 2.5, true, "2.0 A4, 4.5 A6, 7.0 W"},
	} {
		m := sim.Constant(time.Duration(c.mrai * 1e9))
		l, f, g, h := focus(c.k)
		l.each(wait(m, c.withdrawals)).announce(100, 1100)
		r := l.run(t, 2000)
		if got := train(r, f, g, 1100); got != "-998.0 A3, "+c.want {
			t.Errorf("%d chains, MRAI %v s: %s, not %s", c.k, c.mrai, got, c.want)
		}
		next := train(r, g, h, 1101)
		if want := strings.NewReplacer("A3", "A4", "A4", "A5", "A5", "A6", "A6", "A7", "A7", "A8").Replace("-998.0 A3, " + c.want); next != want {
			t.Errorf("%d chains, MRAI %v s, next: %s, not %s", c.k, c.mrai, next, want)
		}
	}
}

// focus joins an origin to f by chains of 1 to k relays, and f to g to h. What f
// hears goes to g alone.
func focus(k int) (l *lab, f, g, h events.ActorID) {
	relays := k * (k + 1) / 2
	l = graph(relays+4, time.Second, func(int, int) bool { return false })
	f, g, h = node(relays+1), node(relays+2), node(relays+3)
	next := 1
	for i := 1; i <= k; i++ {
		last := node(0)
		for range i {
			l.link(last, node(next))
			last = node(next)
			next++
		}
		_, back := l.link(last, f)
		back.Export = []bgp.Rule{{Drop: true}}
	}
	l.link(f, g)
	l.link(g, h)
	return l, f, g, h
}

// TestPacedPeersAndNoExport: a route that may not leave any more is withdrawn at once
// from peers whose timers run, all of them alike.
func TestPacedPeersAndNoExport(t *testing.T) {
	l, med := newLab(), uint32(7)
	l.speaker("a", "10.1.0.0/16")
	l.speaker("m").Changes = []bgp.Change{
		{Name: "other", Peers: []events.ActorID{"a"}, Import: []bgp.Rule{{Prepend: 1}}},
		{Name: "here", Peers: []events.ActorID{"a"}, Import: []bgp.Rule{{MED: &med, AddCommunity: []events.Community{events.NoExport}}}},
	}
	l.speaker("z")
	l.link("a", "m")
	l.link("m", "z")
	l.each(sendBack).each(wait(sim.Constant(30*time.Second), false))
	l.operate(100, events.Reconfigure, "other")
	l.operate(110, events.Reconfigure, "here")
	r := l.run(t, 1000)
	same(t, "m to z", told(r, "m", "z"), "0s W0 A1", "10s W1 A0")
	same(t, "m to a", told(r, "m", "a"), "0s W0 A1", "10s W1 A0")
}
