package actors_test

import (
	"fmt"
	"math"
	"net/netip"
	"strings"
	"testing"

	"dualhome/events"
)

// flappingAt is when the prefix, which was there for hours, begins to flap.
const flappingAt = 20000.0

// flapLine is origin - router that damps - downstream, without delays, and what
// happens to the origin's prefix: alternately withdrawn and announced at so many
// seconds after flappingAt.
func flapLine(seconds ...float64) string {
	return fmt.Sprintf(`version: 1
name: case
horizon: 30000s
start: established
routers:
  - {name: o, asn: 65001, originates: [%s]}
  - {name: d, asn: 65002, bgp: {damping: cisco, send_back: false}}
  - {name: x, asn: 65003, bgp: {send_back: false}}
links: [{between: [o, d], delay: 0s}, {between: [d, x], delay: 0s}]
faults: [%s]
`, lab0, alternating("o", seconds...))
}

// alternating gives the faults with which a router withdraws lab0 and announces it
// in turn.
func alternating(router string, seconds ...float64) string {
	var all []string
	for i, at := range seconds {
		all = append(all, fmt.Sprintf("{name: f%d, kind: %s, target: %s, prefix: %s, at: %vs}", i, []string{"withdraw", "announce"}[i%2], router, lab0, flappingAt+at))
	}
	return strings.Join(all, ", ")
}

// minutely gives n withdrawals, one a minute, each repaired after half of one.
func minutely(n int) []float64 {
	var all []float64
	for i := range n {
		all = append(all, 60*float64(i), 60*float64(i)+30)
	}
	return all
}

// suppressions gives when a router began and ended to suppress a route, in seconds
// after flappingAt, and the penalty then.
func (o observed) suppressions(id events.ActorID) (all [][2]float64) {
	for _, l := range o.Of(id, events.Change) {
		if e, ok := l.Event.(events.Suppressed); ok {
			all = append(all, [2]float64{float64(l.At)/1e9 - flappingAt, float64(e.Penalty) / float64(events.Point)})
		}
	}
	return all
}

// penalty gives what a router holds against its peer's route so many seconds after
// flappingAt, which are not before the last flap.
func (o observed) penalty(id, peer events.ActorID, seconds float64) float64 {
	p, _ := o.router(id).Penalty(peer, netip.MustParsePrefix(lab0), events.Time(math.Round((flappingAt+seconds)*1e9)))
	return float64(p) / float64(events.Point)
}

// within compares with a tolerance.
func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %v, want %v +-%v", what, got, want, tolerance)
	}
}

// RFD-S: route flap damping with the defaults of Cisco (RFC 2439; RFC 7196 table 1):
// the third of three withdrawals within two minutes is too much.
func flapDamping(t *testing.T) {
	for _, row := range []struct {
		n       int
		penalty float64 // at the n-th withdrawal; NaN: not given
		reuse   float64 // 0: never suppressed
		after   float64 // the last announcement
	}{
		{1, 1000, 0, 0},
		{2, 1954.84, 0, 0},
		{3, 2866.56, 1860.92, 1710.92},
		{4, 3737.11, 2265.27, 2055.27},
		{5, math.NaN(), 2586.04, 2316.04},
		{10, math.NaN(), 3644.69, 3074.69},
	} {
		o, last := observe(t, flapLine(minutely(row.n)...), 1), 60*float64(row.n-1)
		what := fmt.Sprintf("%d flaps", row.n)
		if !math.IsNaN(row.penalty) {
			within(t, what+": penalty", o.penalty("d", "o", last), row.penalty, 0.01)
		}
		back := o.lastBest("x") - flappingAt
		got := o.suppressions("d")
		if row.reuse == 0 {
			same(t, what+": suppressed", len(got), 0)
			within(t, what+": usable again", back, last+30, 0)
			continue
		}
		if len(got) != 2 {
			t.Errorf("%s: suppressed and reused at %v", what, got)
			continue
		}
		within(t, what+": suppressed at", got[0][0], 120, 0.01)
		within(t, what+": penalty then", got[0][1], 2866.56, 0.01)
		within(t, what+": reusable at", got[1][0], row.reuse, 0.01)
		within(t, what+": usable at X", back, row.reuse, 0.01)
		within(t, what+": seconds after the last announcement", back-(last+30), row.after, 0.01)
	}
	o := observe(t, flapLine(minutely(3)...), 1)
	same(t, "3 flaps: reach D", o.train("o", "d", flappingAt, 30000), "0.0 W, 30.0 A1, 60.0 W, 90.0 A1, 120.0 W, 150.0 A1")
	same(t, "3 flaps: reach X", o.train("d", "x", flappingAt, 30000), "0.0 W, 30.0 A2, 60.0 W, 90.0 A2, 120.0 W, 1860.9 A2")
	t.Run("gone at its reuse", goneAtReuse)
	t.Run("as RFC 7196 recommends", laterSuppression)
	t.Run("attributes", attributeFlaps)
}

// lastBest gives when the best route of a router to lab0 changed last, to one.
func (o observed) lastBest(id events.ActorID) float64 {
	at := math.NaN()
	for _, l := range o.Of(id, events.Change) {
		if e, ok := l.Event.(*events.BestChanged); ok && len(e.Is) > 0 {
			at = float64(l.At) / 1e9
		}
	}
	return at
}

// laterSuppression: with a limit of 6000 the same flaps are not too much before the seventh.
func laterSuppression(t *testing.T) {
	for n, suppressed := range map[int]bool{6: false, 7: true} { // order-free: each on its own
		text := strings.Replace(flapLine(minutely(n)...), "damping: cisco", "damping: cisco, damping_suppress: 6000", 1)
		q := math.Exp2(-60.0 / 900)
		sum := 1000 * (1 - math.Pow(q, float64(n))) / (1 - q)
		o := observe(t, text, 1)
		within(t, fmt.Sprintf("%d flaps: penalty", n), o.penalty("d", "o", 60*float64(n-1)), sum, 0.01)
		same(t, fmt.Sprintf("%d flaps: over the limit, suppressed", n), [2]bool{sum > 6000, len(o.suppressions("d")) > 0}, [2]bool{suppressed, suppressed})
	}
}

// goneAtReuse: a route that is withdrawn when it may be used again stays unusable;
// penalties went on growing until then.
func goneAtReuse(t *testing.T) {
	o := observe(t, flapLine(minutely(4)[:7]...), 1)
	got := o.suppressions("d")
	if len(got) != 2 {
		t.Fatalf("suppressed and reused at %v", got)
	}
	within(t, "reusable at", got[1][0], 2265.27, 0.01)
	within(t, "usable last", o.lastBest("x")-flappingAt, 90, 0)
}

// attributeFlaps: an AS path that changes without being withdrawn costs half as
// much. It changes because one of two origins, the nearer one, comes and goes.
func attributeFlaps(t *testing.T) {
	for _, row := range []struct {
		changes    int
		penalty    float64
		suppressed bool
	}{{1, 500, false}, {2, 988.6, false}, {3, 1466.0, false}, {5, 2388.4, true}} {
		var seconds []float64
		for i := range row.changes {
			seconds = append(seconds, 30*float64(i))
		}
		o := observe(t, fmt.Sprintf(`version: 1
name: case
horizon: 30000s
start: established
routers:
  - {name: near, asn: 65001, originates: [%[1]s]}
  - {name: far, asn: 65002, originates: [%[1]s]}
  - {name: farther, asn: 65003}
  - {name: m, asn: 65004}
  - {name: d, asn: 65005, bgp: {damping: cisco}}
links: [{between: [near, m], delay: 0s}, {between: [far, farther], delay: 0s}, {between: [farther, m], delay: 0s}, {between: [m, d], delay: 0s}]
faults: [%[2]s]
`, lab0, alternating("near", seconds...)), 1)
		what := fmt.Sprintf("%d changes", row.changes)
		last := seconds[row.changes-1]
		within(t, what+": penalty", o.penalty("d", "m", last), row.penalty, 0.05)
		var want [][2]float64
		if got := o.suppressions("d"); row.suppressed && len(got) == 2 {
			want = [][2]float64{{last, got[0][1]}, got[1]}
			within(t, what+": suppressed at the last, with", got[0][1], row.penalty, 0.05)
		}
		same(t, what+": suppressed", o.suppressions("d"), want)
		if n := strings.Count(o.train("m", "d", flappingAt, 30000), "A"); n != row.changes {
			t.Errorf("%s: %d announcements, not one for each", what, n)
		}
	}
}

// RFDX-S: one withdrawal in a clique of five is enough for a router behind it to
// damp the route, because of the paths that are tried before it gets through; in a
// clique of four not quite (Mao, Govindan, Varghese and Katz 2002).
func dampedExploration(t *testing.T) {
	for _, row := range []struct {
		n        int
		arrivals []string
		peak     float64
		at       float64 // of the peak
		damped   [][2]float64
		usable   float64
	}{
		{4, []string{"0.02 A3", "30.02 A4", "30.03 W", "1000.02 A2"}, 1988.6, 30.03, nil, 1000.02},
		{
			5,
			[]string{"0.02 A3", "30.02 A4", "60.02 A5", "60.03 W", "1000.02 A2"},
			2465.99, 60.03,
			[][2]float64{{60.03, 2465.99}, {1605.514, 750}},
			1605.514,
		},
	} {
		var b strings.Builder
		b.WriteString("version: 1\nname: case\nhorizon: 30000s\nstart: established\nrouters:\n")
		var links []string
		for i := range row.n {
			origin := ""
			if i == 0 {
				origin = fmt.Sprintf("originates: [%s], ", lab0)
			}
			fmt.Fprintf(&b, "  - {name: r%d, asn: %d, %sbgp: {mrai: 30s, mrai_per: prefix, send_back: true}}\n", i, 64512+i, origin)
			for j := range i {
				links = append(links, fmt.Sprintf("{between: [r%d, r%d], delay: 10ms}", j, i))
			}
		}
		last := router(row.n - 1)
		fmt.Fprintf(&b, "  - {name: x, asn: 65000, bgp: {damping: cisco}}\nlinks: [%s, {between: [%s, x], delay: 10ms}]\nfaults: [%s]\n",
			strings.Join(links, ", "), last, alternating("r0", 0, 1000))
		o := observe(t, b.String(), 1)
		what := fmt.Sprintf("clique of %d", row.n)
		same(t, what+": arrivals at X", o.arrivals("x", last), row.arrivals)
		within(t, what+": peak penalty", o.penalty("x", last, row.at), row.peak, 0.05)
		got := o.suppressions("x")
		same(t, what+": times suppressed and reused", len(got), len(row.damped))
		for i := range min(len(got), len(row.damped)) {
			within(t, what+": suppressed, reused at", got[i][0], row.damped[i][0], 0.002)
			within(t, what+": penalty then", got[i][1], row.damped[i][1], 0.01)
		}
		within(t, what+": usable at X", o.lastBest("x")-flappingAt, row.usable, 0.0005)
		if row.damped != nil {
			within(t, what+": further outage", o.lastBest("x")-flappingAt-1000.02, 605.49, 0.005)
		}
	}
}

// arrivals gives the UPDATEs that reach a router from flappingAt on: when, and A with
// the length of the path, or W.
func (o observed) arrivals(id, from events.ActorID) (all []string) {
	for _, l := range o.Of(id, events.In) {
		u, ok := l.Event.(*events.Update)
		at := float64(l.At)/1e9 - flappingAt
		if !ok || l.Peer != from || at < 0 {
			continue
		}
		what := "W"
		if len(u.NLRI) > 0 {
			what = fmt.Sprintf("A%d", u.Attrs.Path.Len())
		}
		all = append(all, fmt.Sprintf("%.2f %s", at, what))
	}
	return all
}

// beacon: a routing beacon (RIPE RIS) is withdrawn every four hours and announced two
// hours later: in a day twelve events, whose penalty has its limit at
// 1000/(1-2^-16) and never suppresses.
func beacon(t *testing.T) {
	const day, period = 86400.0, 14400.0
	var seconds []float64
	for i := range 12 {
		seconds = append(seconds, float64(i)*period/2)
	}
	o := observe(t, strings.Replace(flapLine(seconds...), "horizon: 30000s", fmt.Sprintf("horizon: %vs", flappingAt+day), 1), 1)
	same(t, "events in a day", strings.Count(o.train("o", "d", flappingAt, flappingAt+day), ",")+1, 12)
	within(t, "peak", o.penalty("d", "o", 10*period/2), 1000.02, 0.005)
	same(t, "suppressed", len(o.suppressions("d")), 0)
}
