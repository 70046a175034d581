package main

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"dualhome/metrics"
	"dualhome/scenarios"
	"dualhome/sim"
)

// lossy is src - gw - nva1 or nva2 - dst: gw prefers nva1, which dies silently at a
// time that is uniform over whole periods of what is listened for, or loses its link
// with gw. src sends 1,000 packets a second.
type lossy struct {
	gw, nva1, nva2, rs string // what these do
	links              string // of gw, or of the route server
	fault              string
	over               float64 // s; how much later than 400 s it may come
}

func (v lossy) scenario() string {
	return fmt.Sprintf(`version: 1
name: loss
horizon: 1000s
start: established
routers:
  - {name: src, asn: 65001, originates: [10.1.0.0/16]}
  - {name: gw, asn: 65002, %s}
  - {name: nva1, asn: 65003, %s}
  - {name: nva2, asn: 65003, %s}
  - {name: dst, asn: 65004, originates: [10.4.0.0/16]}
  %s
links:
  - {between: [src, gw], delay: 5ms}
  - {between: [nva1, dst], delay: 5ms}
  - {between: [nva2, dst], delay: 5ms}
%s
traffic: [{name: flows, from: src, to: dst, rate: 8Mbps, packet_size: 1000B}]
faults: [{name: fault, %s, at: 'uniform(400s, %vs)'}]
`, v.gw, v.nva1, v.nva2, v.rs, v.links, v.fault, 400+v.over)
}

const (
	prefers  = "peers: [{router: nva1, import: [{local_pref: 200}]}, {router: nva2, import: [{local_pref: 100}]}], bgp: {bfd_jitter: false}"
	calm     = "bgp: {bfd_jitter: false}"
	dies     = "kind: node-death, target: nva1"
	bfdTo    = "  - {between: [%[1]s, nva1], delay: %[2]s, bfd: true, bfd_interval: 300ms, bfd_multiplier: 3}\n  - {between: [%[1]s, nva2], delay: %[2]s, bfd: true, bfd_interval: 300ms, bfd_multiplier: 3}"
	plainTo  = "  - {between: [gw, nva1], delay: 0s}\n  - {between: [gw, nva2], delay: 0s}"
	throughS = "  - {between: [gw, rs], delay: 5ms}\n"
)

// lost gives, of so many runs, what src loses on the way there: packets, and the time
// with any loss in seconds.
func (v lossy) lost(t *testing.T, runs int) (packets, outages []float64) {
	t.Helper()
	s, _, err := scenarios.Load("case.yaml", []byte(v.scenario()))
	if err != nil {
		t.Fatalf("%v\n%s", err, v.scenario())
	}
	for seed := range uint64(runs) {
		m, err := measureOnce(t.Context(), s, seed+1)
		if _, bound := errors.AsType[*sim.BoundError](err); err != nil || bound {
			t.Fatal(err)
		}
		checkConserved(t, s, m)
		for _, i := range m.Impacts {
			if i.Direction == "forward" {
				packets, outages = append(packets, float64(i.LostPackets)), append(outages, float64(i.Outage)/1e9)
				if i.LostPackets != i.LostBytes/1000 || !i.Restored {
					t.Errorf("seed %d: %+v", seed+1, i)
				}
			}
		}
		if path := pathsOf(m, "flows", "forward"); path != "src > gw > nva2 > dst" {
			t.Fatalf("seed %d: in the end packets go %s", seed+1, path)
		}
	}
	if len(packets) != runs {
		t.Fatalf("%d runs, not %d", len(packets), runs)
	}
	return packets, outages
}

// checkConserved checks, exactly, that of each direction what was sent over the whole
// run is what was delivered and what was lost, and that this is what the outages say.
func checkConserved(t *testing.T, s *scenarios.Scenario, m *metrics.Result) {
	t.Helper()
	for _, direction := range []string{"forward", "return"} {
		sent, received, gone := new(big.Int), new(big.Int), new(big.Int)
		since := new(big.Int) // the fault: what is lost while the tables fill is no outage of it
		rows := (&result{measured: m}).traffic("flows", direction)
		for i, r := range rows {
			until := int64(s.Horizon)
			for _, next := range rows[i:] {
				if next.T > r.T {
					until = next.T
					break
				}
			}
			for sum, rate := range map[*big.Int]int64{sent: r.Offered, received: r.Delivered, gone: r.Lost} {
				sum.Add(sum, new(big.Int).Mul(big.NewInt(rate), big.NewInt(until-r.T)))
			}
			if fault := m.Convergence[0].T; until > fault {
				since.Add(since, new(big.Int).Mul(big.NewInt(r.Lost), big.NewInt(until-max(r.T, fault))))
			}
		}
		all := new(big.Int).Mul(big.NewInt(8e6), big.NewInt(int64(s.Horizon)-rows[0].T))
		if sent.Cmp(all) != 0 || new(big.Int).Add(received, gone).Cmp(sent) != 0 {
			t.Errorf("%s: %v sent, %v delivered, %v lost", direction, sent, received, gone)
		}
		for _, i := range m.Impacts {
			if bytes := new(big.Int).Div(since, big.NewInt(8e9)); i.Direction == direction && bytes.Int64() != i.LostBytes {
				t.Errorf("%+v: %v bytes are lost", i, bytes)
			}
		}
	}
}

// between checks that values are in (low, high], come near both ends, and have a mean
// within three of its standard errors of what is expected.
func between(t *testing.T, what string, values []float64, low, high, mean, sigma float64) {
	t.Helper()
	least, most, sum := math.Inf(1), math.Inf(-1), 0.0
	for _, v := range values {
		least, most, sum = min(least, v), max(most, v), sum+v
	}
	got, near := sum/float64(len(values)), (high-low)/25
	if least < low || most > high || least > low+near || most < high-near {
		t.Errorf("%s: from %v to %v, not %v to %v", what, least, most, low, high)
	}
	if off := 3 * sigma / math.Sqrt(float64(len(values))); math.Abs(got-mean) > off {
		t.Errorf("%s: mean %v, not %v ± %v", what, got, mean, off)
	}
	t.Logf("%s: %d runs, mean %.2f, from %v to %v", what, len(values), got, least, most)
}

// lossOfFailover is what is lost while a failure is noticed: rate × outage. Traffic
// takes no time here, so packets in flight behind nva1 arrive, as they do, and none is
// in flight before it.
func lossOfFailover(t *testing.T) {
	const runs = 300
	sd := 300 / math.Sqrt(12) // of a uniform outage of 0.6 to 0.9 s, in packets
	direct := lossy{gw: prefers, nva1: calm, nva2: calm, links: fmt.Sprintf(bfdTo, "gw", "0s"), fault: dies, over: 0.3}

	packets, outages := direct.lost(t, runs)
	between(t, "direct: packets", packets, 600, 900, 750, sd)
	between(t, "direct: seconds", outages, 0.6, 0.9, 0.75, sd/1000)

	// The last packet of BFD arrives one delay after it was sent.
	far := direct
	far.links = fmt.Sprintf(bfdTo, "gw", "5ms")
	packets, _ = far.lost(t, runs)
	between(t, "5 ms away: packets", packets, 605, 905, 755, sd)

	// gw hears of both from a route server, which is not on the way of packets.
	server := direct
	server.gw = "peers: [{router: nva1, import: [{action: drop}]}, {router: nva2, import: [{action: drop}]}], bgp: {bfd_jitter: false}"
	server.rs = "- {name: rs, asn: 65009, peers: [{router: gw, transparent: true}, {router: nva1, transparent: true, import: [{local_pref: 200}]}, {router: nva2, transparent: true, import: [{local_pref: 100}]}], bgp: {bfd_jitter: false}}"
	server.links = throughS + fmt.Sprintf(bfdTo, "rs", "0s") + "\n" + plainTo
	packets, _ = server.lost(t, runs)
	between(t, "via a route server: packets", packets, 605, 905, 755, sd)

	// Both carry half of the flows, and those of nva1 move.
	both := direct
	both.gw = "bgp: {bfd_jitter: false, multipath: true}"
	packets, outages = both.lost(t, runs)
	between(t, "two equal ways: seconds", outages, 0.6, 0.9, 0.75, sd/1000)
	share, moved, sum := math.Sqrt(0.25/1000), 0.0, 0.0 // the first is the standard deviation of that of 1,000 flows
	for i := range packets {
		part := packets[i] / outages[i] / 1000
		moved, sum = moved+part/runs, sum+packets[i]
		if math.Abs(part-0.5) > 4.5*share {
			t.Errorf("seed %d: %v of the flows move", i+1, part)
		}
	}
	if mean := sum / runs; math.Abs(mean-375) > 3*math.Hypot(sd/2, 750*share)/math.Sqrt(runs) || math.Abs(moved-0.5) > 3*share/math.Sqrt(runs) {
		t.Errorf("two equal ways: %v packets are lost and %v of the flows move, not 375 and a half", mean, moved)
	}
	t.Logf("two equal ways: mean %.2f packets, %.4f of the flows", sum/runs, moved)

	// A link that both ends see fail: nothing is lost on the way there.
	seen := direct
	seen.fault = "kind: link-down, target: gw-nva1"
	packets, outages = seen.lost(t, 20)
	for i := range packets {
		if packets[i] != 0 || outages[i] != 0 {
			t.Errorf("seed %d: %v packets are lost in %v s", i+1, packets[i], outages[i])
		}
	}

	// Without BFD the hold timer ends it.
	hold := direct
	hold.links, hold.over = plainTo, 60
	packets, _ = hold.lost(t, runs)
	between(t, "hold timer: packets", packets, 120000, 180000, 150000, 60000/math.Sqrt(12))
}
