package bgp_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
)

// networks is how many random networks are tried; more with, say,
// go test ./actors/bgp -run TestRandom -networks 1000.
var networks = flag.Uint64("networks", 25, "random networks to try")

// decisive gives the speakers of a network any decision process and the routes
// that this is about: MEDs, costs and reflectors.
func decisive(seed uint64, l *lab) {
	r := rand.New(rand.NewPCG(seed, 6))
	for _, id := range l.order {
		l.configs[id].Decision = bgp.Decision{
			AlwaysCompareMED: r.IntN(4) == 0, MissingMEDWorst: r.IntN(4) == 0, PairwiseMED: r.IntN(2) == 0, KeepOldest: r.IntN(2) == 0,
		}
	}
	for _, link := range l.links {
		for _, p := range []*bgp.Peer{l.peer(link[0], link[1]), l.peer(link[1], link[0])} {
			p.IGPCost, p.Client = r.IntN(2), r.IntN(3) == 0
			if med := uint32(r.IntN(3)); med > 0 {
				p.Export = []bgp.Rule{{MED: &med}}
			}
		}
	}
}

// forgetful gives some sessions damping that is over before the run is.
func forgetful(seed uint64, l *lab) {
	r := rand.New(rand.NewPCG(seed, 7))
	for _, link := range l.links {
		for _, p := range []*bgp.Peer{l.peer(link[0], link[1]), l.peer(link[1], link[0])} {
			if r.IntN(3) == 0 {
				p.Damping = &bgp.Damping{
					Withdraw: 1000, Readvertise: 500 * r.IntN(3), Change: 500, Suppress: 900 + 400*r.IntN(3), Reuse: 750,
					HalfLife: time.Duration(10+r.IntN(100)) * time.Second, Longest: time.Duration(100+r.IntN(200)) * time.Second,
				}
			}
		}
	}
}

// graceful lets the ends of some links offer graceful restart, and the process of a
// speaker begin anew, while nothing else happens.
func graceful(seed uint64, l *lab) {
	r := rand.New(rand.NewPCG(seed, 7))
	for _, link := range l.links {
		for _, p := range []*bgp.Peer{l.peer(link[0], link[1]), l.peer(link[1], link[0])} {
			if r.IntN(3) > 0 {
				p.Restart = &bgp.GracefulRestart{Time: time.Duration(1+r.IntN(100)) * time.Second, Forwarding: r.IntN(3) > 0}
			}
		}
	}
	if id := l.order[r.IntN(len(l.order))]; r.IntN(2) == 0 {
		l.kill(455, id)
		l.restart(456+float64(r.IntN(40_000))/1e3, id)
	}
}

// unsteady gives some ends jitter on their keepalives and attempts to connect.
func unsteady(seed uint64, l *lab) {
	r := rand.New(rand.NewPCG(seed, 11))
	for _, link := range l.links {
		for _, p := range []*bgp.Peer{l.peer(link[0], link[1]), l.peer(link[1], link[0])} {
			p.Jitter = r.IntN(4) == 0
			if r.IntN(2) == 0 {
				p.ConnectRetry = sim.Uniform(3*time.Second, 120*time.Second)
			}
		}
	}
}

// lasting cuts one direction of a link for longer than TCP waits.
func lasting(seed uint64, l *lab) {
	r := rand.New(rand.NewPCG(seed, 12))
	link := l.links[r.IntN(len(l.links))]
	i := r.IntN(2)
	from := 30 + float64(r.IntN(60_000))/1e3
	for _, id := range link {
		l.peer(id, other(link, id)).Hold = 0
	}
	l.cut(from, link[i], link[1-i])
	if r.IntN(2) == 0 {
		l.heal(from+float64(r.IntN(1_200_000))/1e3, link[i], link[1-i])
	}
}

func other(link [2]events.ActorID, id events.ActorID) events.ActorID {
	if id == link[0] {
		return link[1]
	}
	return link[0]
}

// changeable has an operator change what one end of a link does with the other, and
// perhaps take it back.
func changeable(seed uint64, l *lab) {
	r := rand.New(rand.NewPCG(seed, 9))
	link := l.links[r.IntN(len(l.links))]
	n := 1 + r.IntN(3)
	some := []bgp.Rule{{Prefixes: []bgp.PrefixMatch{{Prefix: netip.MustParsePrefix("10.99.0.0/16")}}, Drop: r.IntN(2) == 0, MED: new(uint32)}}
	c := []bgp.Change{{Prepend: &n}, {Export: some}, {Import: some}, {Import: some, Export: some, Prepend: &n}}[r.IntN(4)]
	c.Name, c.Peers = "change", []events.ActorID{link[1]}
	l.configs[link[0]].Changes = []bgp.Change{c}
	at := 440 + float64(r.IntN(30_000))/1e3
	l.tell(at, link[0], events.Order{Do: events.Reconfigure, Arg: "change"})
	if r.IntN(2) == 0 {
		l.tell(at+[]float64{0.01, 1, 20}[r.IntN(3)], link[0], events.Order{Do: events.Restore, Arg: "change"})
	}
}

// deliberate gives the speakers of a network what FRR does otherwise.
func deliberate(seed uint64, l *lab) {
	r := rand.New(rand.NewPCG(seed, 9))
	for _, id := range l.order {
		c := l.configs[id]
		c.DecisionDelay = time.Duration(r.IntN(3)) * 50 * time.Millisecond
		c.ClearDelay, c.CompareUnsent, c.MaxPaths = 10*time.Millisecond, r.IntN(2) == 0, r.IntN(3)
	}
	for _, link := range l.links {
		for _, p := range []*bgp.Peer{l.peer(link[0], link[1]), l.peer(link[1], link[0])} {
			p.FirstTable, p.FirstTableFor = time.Duration(r.IntN(3))*time.Second, 50*time.Millisecond
			p.MRAI.OnQueue, p.StaysLinked = r.IntN(2) == 0, r.IntN(2) == 0
		}
	}
}

// random is a network of up to five speakers in up to three ASes, with any timers
// and limits, and up to six things that happen to it. (With any policies some
// would never come to rest.)
func random(seed uint64) *lab {
	r := rand.New(rand.NewPCG(seed, 5))
	l := newLab()
	l.seed, l.misfit = seed, true
	established := r.IntN(3) == 0
	for i := range 2 + r.IntN(4) {
		c := l.speaker(events.ActorID(fmt.Sprint("n", i)), fmt.Sprintf("10.%d.0.0/16", i), "10.99.0.0/16")
		c.AS, c.StartJitter = uint32(64512+r.IntN(3)), sim.Uniform(0, time.Second)
		c.Multipath, c.EqualLength = bgp.Multipath(r.IntN(3)), r.IntN(4) == 0
		c.Established, c.GhostFlush = established, r.IntN(3) == 0
		if r.IntN(3) == 0 {
			takes := sim.Uniform(0, 2*time.Second)
			c.Processing = &takes
		}
		for j := range i {
			if r.IntN(3) > 0 || j == i-1 {
				a, b := l.link(l.order[j], l.order[i])
				randomPeer(r, a)
				randomPeer(r, b)
				if established {
					b.Hold, b.Keepalive, b.Fixed = a.Hold, a.Keepalive, a.Fixed
				}
			}
		}
	}
	decisive(seed, l)
	if seed%2 == 1 {
		graceful(seed, l)
	}
	forgetful(seed, l)
	if seed%4 < 2 {
		unsteady(seed, l)
	}
	if seed%5 == 0 {
		lasting(seed, l)
	}
	switch seed % 3 {
	case 0:
		changeable(seed, l)
	case 2:
		deliberate(seed, l)
	}
	for i := range 1 + r.IntN(3) {
		link := l.links[r.IntN(len(l.links))]
		if r.IntN(2) == 0 {
			link[0], link[1] = link[1], link[0]
		}
		from := 100 + 400*float64(i) + float64(r.IntN(200_000))/1e3
		to := from + []float64{0.4, 3, 30, 100}[r.IntN(4)]*(0.5+r.Float64())
		switch r.IntN(6) {
		case 4:
			for i := range link {
				if l.peer(link[i], link[1-i]).StaysLinked || l.peer(link[1-i], link[i]).StaysLinked {
					l.cut(from, link[i], link[1-i])
					l.heal(to, link[i], link[1-i])
				}
				l.tell(from, link[i], events.Order{Do: events.LinkDown, Arg: link[1-i]})
				l.tell(to, link[i], events.Order{Do: events.LinkUp, Arg: link[1-i]})
			}
		case 5:
			l.tell(from, link[0], events.Order{Do: events.Announce, Prefix: netip.MustParsePrefix("10.98.0.0/16")})
			l.tell(to, link[0], events.Order{Do: events.Withdraw, Prefix: netip.MustParsePrefix("10.98.0.0/16")})
		case 0:
			l.die(from, link[0])
			l.restart(to, link[0])
		case 1:
			l.tell(from, link[0], events.Order{Do: events.Refresh})
		default:
			l.cut(from, link[0], link[1])
			l.heal(to, link[0], link[1])
		}
	}
	return l
}

func randomPeer(r *rand.Rand, p *bgp.Peer) {
	p.Hold = time.Duration([]int{0, 15, 30, 90, 180}[r.IntN(5)]) * time.Second
	p.Keepalive = p.Hold / 3
	if p.Fixed = r.IntN(4) == 0; p.Fixed {
		p.Hold, p.Keepalive = 180*time.Second, 60*time.Second
	}
	some := func(most int) time.Duration { return time.Duration(100+r.IntN(most)) * time.Millisecond }
	switch r.IntN(3) {
	case 0:
		p.Liveness = bgp.Liveness{Name: "DPD", Interval: some(900), Multiplier: 2 + r.IntN(4)}
	case 1:
		p.BFD = &bgp.BFD{
			DesiredMinTx: some(2000), RequiredMinRx: some(2000), Multiplier: 1 + r.IntN(4),
			Jitter: r.IntN(2) == 0, LateInit: r.IntN(2) == 0, DropsZero: r.IntN(2) == 0,
		}
	}
	if r.IntN(3) == 0 {
		late := sim.Uniform(0, 10*time.Second)
		p.Hesitate = &late
	}
	p.MaxRoutes = bgp.MaxRoutes{Limit: r.IntN(5) * 3, Incoming: r.IntN(2) == 0, Retry: 100 * time.Second}
	p.MRAI = bgp.MRAI{Interval: sim.Uniform(15*time.Second, 20*time.Second), PerPrefix: r.IntN(2) == 0, Withdrawals: r.IntN(2) == 0}
	if r.IntN(2) == 0 {
		p.MRAI.Interval = sim.Dist{}
	}
	p.SendBack, p.SenderLoops = r.IntN(3) == 0, r.IntN(3) == 0
	p.Rank = r.IntN(2)
}

// TestRandom: with all of that, the laws hold, a run goes on from anywhere, and
// sending every keepalive changes nothing.
func TestRandom(t *testing.T) {
	for seed := range *networks {
		sameStory(t, 1300, func() *lab { return random(seed) })
		if t.Failed() {
			t.Fatalf("go test ./actors/bgp -run TestRandom -networks %d", seed+1)
		}
	}
}
