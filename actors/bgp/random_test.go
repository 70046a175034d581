package bgp_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
)

// networks is how many random networks are tried; more with, say,
// go test ./actors/bgp -run TestRandom -networks 1000.
var networks = flag.Uint64("networks", 25, "random networks to try")

// random is a network of up to five speakers in up to three ASes, with any timers
// and limits, and up to six things that happen to it. (With any policies some
// would never come to rest.)
func random(seed uint64) *lab {
	r := rand.New(rand.NewPCG(seed, 5))
	l := newLab()
	l.seed, l.misfit = seed, true
	for i := range 2 + r.IntN(4) {
		c := l.speaker(events.ActorID(fmt.Sprint("n", i)), fmt.Sprintf("10.%d.0.0/16", i), "10.99.0.0/16")
		c.AS, c.StartJitter = uint32(64512+r.IntN(3)), sim.Uniform(0, time.Second)
		c.Multipath, c.EqualLength = bgp.Multipath(r.IntN(3)), r.IntN(4) == 0
		for j := range i {
			if r.IntN(3) > 0 || j == i-1 {
				a, b := l.link(l.order[j], l.order[i])
				randomPeer(r, a)
				randomPeer(r, b)
			}
		}
	}
	for i := range 1 + r.IntN(3) {
		link := l.links[r.IntN(len(l.links))]
		if r.IntN(2) == 0 {
			link[0], link[1] = link[1], link[0]
		}
		from := 100 + 400*float64(i) + float64(r.IntN(200_000))/1e3
		to := from + []float64{0.4, 3, 30, 100}[r.IntN(4)]*(0.5+r.Float64())
		switch r.IntN(4) {
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
	if r.IntN(2) == 0 {
		p.Liveness = bgp.Liveness{Name: "BFD", Interval: time.Duration(100+r.IntN(900)) * time.Millisecond, Multiplier: 2 + r.IntN(4)}
	}
	if r.IntN(3) == 0 {
		late := sim.Uniform(0, 10*time.Second)
		p.Hesitate = &late
	}
	p.MaxRoutes = bgp.MaxRoutes{Limit: r.IntN(5) * 3, Incoming: r.IntN(2) == 0, Retry: 100 * time.Second}
	p.MRAI = time.Duration(r.IntN(2)) * 20 * time.Second
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
