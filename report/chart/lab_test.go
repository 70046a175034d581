package chart

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"dualhome/metrics"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// played plays a scenario and measures it: one of the library where there is no text.
func played(t testing.TB, name string, text []byte, set ...string) *metrics.Result {
	t.Helper()
	if text == nil {
		e, err := scenarios.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		text = e.Text
	}
	s, _, err := scenarios.Load(name+".yaml", text, set...)
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
	r, err := metrics.Measure(log.Lines(context.Background(), 1))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// runs gives runs of the library, two that never settle, and tables with random rows.
func runs(t testing.TB) map[string]*metrics.Result {
	t.Helper()
	all := map[string]*metrics.Result{
		"bad-gadget": played(t, "bad-gadget", []byte(badGadget)), "misfit": played(t, "misfit", []byte(misfit)),
	}
	for _, name := range []string{
		"active-passive", "active-active-overload", "active-active-stateful", "expressroute-active-active", "expressroute-no-as-override",
		"expressroute-nva-bypass", "mrai-clique", "recorded-expressroute", "single-hub",
	} {
		all[name] = played(t, name, nil)
	}
	for seed := range uint64(3) {
		all[fmt.Sprint("random ", seed)] = randomRun(seed, 400)
	}
	return all
}

// badGadget has no stable state (Griffin, Shepherd and Wilfong 2002).
const badGadget = `version: 1
name: bad-gadget
horizon: 1200s
start: established
routers:
  - {name: r0, asn: 64512}
  - {name: r1, asn: 64513, peers: [{router: r0, import: [{as_path: '^64512$', local_pref: 199}, {action: drop}]}, {router: r3, import: [{as_path: '^64515 64512$', local_pref: 200}, {action: drop}]}, {router: r2, import: [{action: drop}]}]}
  - {name: r2, asn: 64514, peers: [{router: r0, import: [{as_path: '^64512$', local_pref: 199}, {action: drop}]}, {router: r1, import: [{as_path: '^64513 64512$', local_pref: 200}, {action: drop}]}, {router: r4, import: [{action: drop}]}]}
  - {name: r3, asn: 64515, peers: [{router: r0, import: [{as_path: '^64512$', local_pref: 199}, {action: drop}]}, {router: r4, import: [{as_path: '^64516 64514 64512$', local_pref: 200}, {action: drop}]}, {router: r1, import: [{action: drop}]}]}
  - {name: r4, asn: 64516, peers: [{router: r2, import: [{as_path: '^64514 64512$', local_pref: 200}, {action: drop}]}, {router: r3, import: [{as_path: '^64515 64512$', local_pref: 199}, {action: drop}]}]}
links:
  - {between: [r0, r1], delay: 1s}
  - {between: [r0, r2], delay: 1s}
  - {between: [r0, r3], delay: 1s}
  - {between: [r1, r2], delay: 1s}
  - {between: [r1, r3], delay: 1s}
  - {between: [r2, r4], delay: 1s}
  - {between: [r3, r4], delay: 1s}
faults: [{name: up, kind: announce, target: r0, prefix: 198.51.0.0/24, at: 1000s}]
`

// misfit has timers that do not fit each other: its sessions end and begin anew.
const misfit = `version: 1
name: misfit
horizon: 2000s
vnets:
  - {name: hub, address_space: [10.0.0.0/16], subnets: [{name: GatewaySubnet, prefix: 10.0.0.0/27}, {name: workload, prefix: 10.0.1.0/24}]}
vpn_gateways: [{name: vgw, vnet: hub, asn: 65010}]
sites: [{name: dc, asn: 65100, prefixes: [10.100.0.0/16], tunnels: [{to: vgw, delay: 10ms}], hold: 30s, keepalive: 10s}]
vms: [{name: vms, vnet: hub, subnet: workload, count: 1}]
`

// randomRun gives tables with so many rows of each kind, at random times: dense in some
// places, and with names of all kinds.
func randomRun(seed uint64, rows int) *metrics.Result {
	rng := rand.New(rand.NewPCG(seed, 7))
	r := &metrics.Result{Scenario: "random", Seed: seed}
	set(&r.Horizon, int64(1000e9))
	var times []int64
	for len(times) < rows {
		at := rng.Int64N(int64(r.Horizon))
		for range 1 + rng.IntN(1+rows/20) {
			times = append(times, min(at, int64(r.Horizon)-1))
			at += rng.Int64N(1 + rng.Int64N(1e9))
		}
	}
	slices.Sort(times)
	node := func() string {
		return fmt.Sprint([]string{"n", "a rather long name of an actor ", "<b>"}[rng.IntN(3)], rng.IntN(4))
	}
	for i, at := range times[:rows] {
		r.Routes = append(r.Routes, metrics.Route{Seq: int64(i), T: at, Actor: node(), Table: []string{"loc-rib", "fib", "nic"}[rng.IntN(3)]})
		a, b := rng.IntN(6), rng.IntN(6)
		r.Sessions = append(r.Sessions, metrics.Session{
			T: at, Actor: fmt.Sprint("n", a), Peer: fmt.Sprint("n", (a+1+b%5)%6), State: []string{"Established", "Idle"}[rng.IntN(2)],
		})
	}
	for i := range 1 + rng.IntN(40) {
		d := metrics.Disturbance{}
		d.Name, d.What, d.Target = fmt.Sprint("fault ", i), "node-death", "n1"
		set(&d.At, times[rng.IntN(rows)])
		r.Disturbances = append(r.Disturbances, d)
		if i%3 > 0 {
			d.Name, d.Repair = d.Name+"-repair", true
			set(&d.At, int64(d.At)+rng.Int64N(int64(r.Horizon-d.At)))
			r.Disturbances = append(r.Disturbances, d)
		}
	}
	slices.SortStableFunc(r.Disturbances, func(a, b metrics.Disturbance) int { return cmp.Compare(a.At, b.At) })
	for i := range r.Disturbances {
		d := &r.Disturbances[i]
		r.Convergence = append(r.Convergence, metrics.Convergence{T: int64(d.At), Disturbance: d.Name, Converged: true, Control: new(rng.Int64N(int64(r.Horizon - d.At)))})
	}
	for range 3 {
		from := rng.Int64N(900e9)
		r.Absences = append(r.Absences, metrics.Absence{Actor: fmt.Sprint("n", len(r.Absences)), From: from, To: from + rng.Int64N(90e9)})
	}
	randomTraffic(r, rng, times[:rows])
	return r
}

func randomTraffic(r *metrics.Result, rng *rand.Rand, times []int64) {
	times = append([]int64{0}, slices.Compact(slices.Clone(times))...)
	for _, class := range []string{"c1", "c2"} {
		for _, at := range times {
			rest := int64(1e9)
			for k := range 4 {
				row := metrics.Traffic{T: at, Class: class, Direction: "forward", Offered: rest}
				if k < 3 {
					row.Offered = rng.Int64N(rest + 1)
				}
				rest -= row.Offered
				if k < 2 {
					row.Via, row.Delivered = new(fmt.Sprint("hub", k)), row.Offered
				} else {
					row.Cause, row.Lost = new(fmt.Sprint("cause", k)), row.Offered
				}
				r.Traffic = append(r.Traffic, row)
			}
		}
	}
}

// set sets a time of the log, whose type this package does not know.
func set[T ~int64](to *T, v int64) { *to = T(v) }
