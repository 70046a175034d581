// Package kernel_test measures runs: the time and allocations per line and per
// UPDATE, of the base design, of BGP exploring paths in a clique, and of a day in
// which nothing happens.
package kernel_test

import (
	"context"
	"fmt"
	"net/netip"
	"runtime"
	"syscall"
	"testing"
	"time"

	"dualhome/actors"
	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/events/natslog"
	"dualhome/metrics"
	"dualhome/scenarios"
	"dualhome/sim"
)

// buses are the two ways in which messages travel; the server of the embedded
// one is started once.
func buses(b *testing.B) map[string]func() eventlog.Bus {
	server, err := natslog.Start()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(server.Close)
	return map[string]func() eventlog.Bus{
		"memory": func() eventlog.Bus { return &eventlog.MemoryBus{} },
		"embedded": func() eventlog.Bus {
			bus, err := server.Bus(natslog.Options{})
			if err != nil {
				b.Fatal(err)
			}
			return bus
		},
	}
}

// measure runs a configuration again and again, with log and digest, and reports
// what a line and an UPDATE cost, from a time on: building, connecting and what is
// before are not counted.
func measure(b *testing.B, from time.Duration, build func() sim.Config) {
	for name, open := range buses(b) {
		b.Run(name, func(b *testing.B) {
			var lines, updates, allocs uint64
			var cpu time.Duration
			for b.Loop() {
				b.StopTimer()
				bus, log := open(), &eventlog.Memory{}
				k := sim.New(build(), log, bus)
				if from > 0 {
					if err := k.RunUntil(context.Background(), events.Time(from)-1); err != nil {
						b.Fatal(err)
					}
				}
				first := log.Len()
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				used := processorTime(b)
				b.StartTimer()
				if err := k.Run(context.Background()); err != nil {
					b.Fatal(err)
				}
				log.Digest()
				b.StopTimer()
				cpu += processorTime(b) - used
				runtime.ReadMemStats(&after)
				allocs += after.Mallocs - before.Mallocs
				lines += log.Len() - first
				if updates == 0 {
					updates = count(b, log, first+1)
				}
				if err := bus.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			updates *= uint64(b.N) // all runs are the same
			b.ReportMetric(float64(cpu)/float64(max(updates, 1)), "cpu-ns/UPDATE")
			b.ReportMetric(float64(allocs)/float64(max(updates, 1)), "allocs/UPDATE")
			b.ReportMetric(float64(b.Elapsed())/float64(lines), "ns/line")
			b.ReportMetric(float64(allocs)/float64(lines), "allocs/line")
			b.ReportMetric(float64(b.Elapsed())/float64(max(updates, 1)), "ns/UPDATE")
			b.ReportMetric(float64(lines)/float64(b.N), "lines/op")
		})
	}
}

// processorTime gives the time that the processors worked for this process, which
// says more than the clock where others use the machine too. It includes the garbage
// collector, on other cores as well.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func count(b testing.TB, log *eventlog.Memory, from uint64) (updates uint64) {
	for l, err := range log.Lines(context.Background(), from) {
		if err != nil {
			b.Fatal(err)
		}
		if l.Role == events.Out && l.Event.Kind() == events.KindUpdate {
			updates++
		}
	}
	return updates
}

func library(b *testing.B, name string) *scenarios.Scenario {
	e, err := scenarios.Find(name)
	if err != nil {
		b.Fatal(err)
	}
	s, _, err := scenarios.Load(name, []byte(e.Text))
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func build(b *testing.B, s *scenarios.Scenario) sim.Config {
	n, err := scenarios.Build(s, scenarios.Options{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	return n.Config
}

// BenchmarkActivePassive is the scenario as shipped: 20 VMs, 1,200 s.
func BenchmarkActivePassive(b *testing.B) {
	s := library(b, "active-passive")
	measure(b, 0, func() sim.Config { return build(b, s) })
}

// BenchmarkActivePassiveMeasured adds what the command adds before files are
// written: building the network, and measuring it from the log.
func BenchmarkActivePassiveMeasured(b *testing.B) {
	s := library(b, "active-passive")
	b.ReportAllocs()
	for b.Loop() {
		log := &eventlog.Memory{}
		if err := sim.New(build(b, s), log, &eventlog.MemoryBus{}).Run(context.Background()); err != nil {
			b.Fatal(err)
		}
		if _, err := metrics.Measure(log.Lines(context.Background(), 1)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkClique withdraws a prefix in a full mesh whose sessions are up: the
// routers explore paths through each other, and the run is almost nothing but
// UPDATEs (Labovitz, Ahuja, Bose, Jahanian 2000).
func BenchmarkClique(b *testing.B) {
	for _, n := range []int{10, 20, 30} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			measure(b, time.Minute, func() sim.Config { return clique(n) })
		})
	}
}

// clique is a full mesh of n routers, one AS each, with an MRAI of 30 s; the first
// has a prefix and withdraws it after a minute.
func clique(n int) sim.Config {
	id := func(i int) events.ActorID { return events.ActorID(fmt.Sprintf("r%d", i)) }
	address := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i + 1)}) }
	prefix := netip.MustParsePrefix("192.0.2.0/24")
	cfg := sim.Config{Seed: 1, Horizon: events.Time(time.Hour), Facts: []events.Event{events.RunStarted{Scenario: "clique"}}}
	var ways []actors.Way
	var list []sim.Actor
	for i := range n {
		c := bgp.Config{ID: id(i), AS: uint32(64512 + i), Address: address(i), Established: true}
		if i == 0 {
			c.Originate = []netip.Prefix{prefix}
		}
		for j := range n {
			if j == i {
				continue
			}
			c.Peers = append(c.Peers, bgp.Peer{
				ID: id(j), AS: uint32(64512 + j), Identifier: address(j), Passive: j < i, Hold: 180 * time.Second, Keepalive: time.Minute,
				PeerKeepalive: time.Minute, ConnectRetry: sim.Constant(2 * time.Minute), IdleHold: time.Second, MRAI: bgp.MRAI{Interval: sim.Constant(30 * time.Second), PerPrefix: true}, SendBack: true,
			})
			w := sim.Wire{From: id(i), To: id(j), Delay: sim.Constant(10 * time.Millisecond)}
			cfg.Wires = append(cfg.Wires, w)
			ways = append(ways, actors.Way{From: w.From, To: w.To})
		}
		list = append(list, actors.NewRouter(actors.RouterConfig{Speaker: c}))
	}
	fabric := actors.NewFabric(actors.FabricConfig{
		Nodes: []events.ActorID{id(0)}, Ways: ways,
		Faults: []actors.Fault{{
			Name: "down", What: "withdraw", At: sim.Constant(time.Minute),
			Effect: actors.Effect{Originate: []actors.Origination{{Router: id(0), Prefix: prefix}}},
		}},
	})
	cfg.Actors = append([]sim.Actor{fabric}, list...)
	return cfg
}

// BenchmarkIdleDay goes on for a virtual day with 1,000 sessions that are up; an
// operation is a day.
func BenchmarkIdleDay(b *testing.B) {
	cfg := star(1000)
	log := &eventlog.Memory{}
	k := sim.New(cfg, log, &eventlog.MemoryBus{})
	until := events.Time(10 * time.Minute)
	if err := k.RunUntil(context.Background(), until); err != nil {
		b.Fatal(err)
	}
	before := log.Len()
	for b.Loop() {
		until = until.Add(24 * time.Hour)
		if err := k.RunUntil(context.Background(), until); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(log.Len()-before), "lines")
}

// star is a router with n peers, each with a prefix.
func star(n int) sim.Config {
	hub := bgp.Config{ID: "hub", AS: 64512, Address: netip.AddrFrom4([4]byte{10, 255, 0, 1})}
	cfg := sim.Config{Seed: 1, Facts: []events.Event{events.RunStarted{Scenario: "star"}}}
	var list []sim.Actor
	peer := bgp.Peer{Hold: 180 * time.Second, Keepalive: time.Minute, PeerKeepalive: time.Minute, ConnectRetry: sim.Constant(2 * time.Minute), IdleHold: time.Second}
	for i := range n {
		id := events.ActorID(fmt.Sprintf("r%d", i))
		there, here := peer, peer
		there.ID, there.AS, there.Passive = id, uint32(70000+i), true
		here.ID, here.AS = "hub", 64512
		hub.Peers = append(hub.Peers, there)
		list = append(list, actors.NewRouter(actors.RouterConfig{Speaker: bgp.Config{
			ID: id, AS: there.AS, Address: netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), Peers: []bgp.Peer{here},
			StartJitter: sim.Uniform(0, time.Second),
		}}))
		cfg.Wires = append(cfg.Wires,
			sim.Wire{From: id, To: "hub", Delay: sim.Constant(time.Millisecond)}, sim.Wire{From: "hub", To: id, Delay: sim.Constant(time.Millisecond)})
	}
	cfg.Actors = append([]sim.Actor{actors.NewFabric(actors.FabricConfig{}), actors.NewRouter(actors.RouterConfig{Speaker: hub})}, list...)
	return cfg
}
