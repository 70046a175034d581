package actors_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/scenarios"
	"dualhome/sim"
)

// DES-S: what queueing theory, and a benchmark of simulators, say of the engine.
func discreteEvents(t *testing.T) {
	t.Run("M/M/1", func(t *testing.T) { oneServer(t, "exponential(1s)", 10_000_000) })
	t.Run("M/D/1", func(t *testing.T) { oneServer(t, "1s", 2_000_000) })
	t.Run("burst", burstOfUpdates)
	t.Run("PHOLD", heldModel)
	t.Run("ties", stableTies)
	t.Run("ticks", exactTicks)
	t.Run("cancelled", cancelledTimers)
}

// arrivalRate is that of UPDATEs, a second. Each takes the server 1 s on average, so
// that it is busy for four fifths of the time.
const arrivalRate = 0.8

// visit is an UPDATE as a customer of the router that works on it: the line with which
// it arrives, and when it does, is begun and takes effect.
type visit struct {
	line                  uint64
	arrives, begins, ends events.Time
}

func (v *visit) wait() time.Duration { return v.begins.Sub(v.arrives) }
func (v *visit) stay() time.Duration { return v.ends.Sub(v.arrives) }

// oneServer: a router that works on UPDATEs is a queue with one server, first come,
// first served, whose customers are UPDATEs and not prefixes (burstOfUpdates shows
// that). Its customers are those of Lindley's recursion (1952), each of them to the
// nanosecond; and this goes on for as many as the theory is to be tested with, with
// the draws that the router would have taken.
func oneServer(t *testing.T, processing string, all int) {
	const played, warmUp = 60_000, 100_000
	q := textbook{every: dist(fmt.Sprintf("exponential(%vs)", 1/arrivalRate)), service: dist(processing)}
	seen := serve(t, played, processing)
	for i, is := range seen.visits {
		want := q.next()
		want.line = is.line
		if is != want {
			t.Fatalf("customer %d: %v, want %v", i, is, want)
		}
	}
	little(t, seen)
	for range warmUp - played {
		q.next()
	}
	const count = 100
	batches := make([]batch, count)
	for i := range batches {
		from := q.now
		for range (all - warmUp) / count {
			v := q.next()
			batches[i].add(&v)
		}
		batches[i].span = q.now.Sub(from).Seconds()
	}
	queueing(t, batches, processing == "1s")
}

// textbook is a queue as textbooks have it.
type textbook struct {
	every, service sim.Dist
	n              uint64
	now, free      events.Time
}

const source, server events.ActorID = "source", "server"

func (q *textbook) next() visit {
	q.now = q.now.Add(sim.Draw(1, q.every, sim.KeyOf("customer").Int(q.n)))
	begins := max(q.now, q.free)
	q.free = begins.Add(sim.Draw(1, q.service, sim.KeyOf("processing").Actor(server).Int(q.n)))
	q.n++
	return visit{arrives: q.now, begins: begins, ends: q.free}
}

// little: the law of Little (1961) is exact on a path that begins and ends with an empty
// system: how many are there, integrated over time, is the sum of their times. So it is
// with the queue alone.
func little(t *testing.T, seen *counter) {
	t.Helper()
	var waits, stays time.Duration
	for i := range seen.visits {
		waits, stays = waits+seen.visits[i].wait(), stays+seen.visits[i].stay()
	}
	same(t, "left in the queue, in the system", [2]int64{seen.queue.n, seen.system.n}, [2]int64{})
	same(t, "customers x time in the queue", seen.queue.area, waits)
	same(t, "customers x time in the system", seen.system.area, stays)
}

// census is how many there are, and that integrated over time.
type census struct {
	n    int64
	area time.Duration
	at   events.Time
}

func (c *census) count(at events.Time, more int64) {
	c.area += time.Duration(c.n) * at.Sub(c.at)
	c.n, c.at = c.n+more, at
}

// batch sums up many customers in a row.
type batch struct {
	n, wait, stay, span float64
	longer              [len(patience)]float64 // how many of them stay longer than that
}

// patience is how many seconds some stay longer than.
var patience = [...]float64{1, 5, 10, 20}

func (b *batch) add(v *visit) {
	b.n++
	b.wait += v.wait().Seconds()
	b.stay += v.stay().Seconds()
	for i, most := range patience {
		if v.stay().Seconds() > most {
			b.longer[i]++
		}
	}
}

// queueing compares with theory: Pollaczek and Khinchine, of which M/M/1 is a case. The
// band is three times the standard error of the mean of 100 batches. Each has 19,000
// customers or more, which is far more than remember each other: over n customers of
// M/M/1 the correlation of waits falls as (4 rho/(1+rho)^2)^n (Daley 1968), to 1/e after
// 80 of them.
func queueing(t *testing.T, batches []batch, constant bool) {
	t.Helper()
	of := func(measure func(*batch) float64) (mean, sigma float64) {
		var all []float64
		for i := range batches {
			all = append(all, measure(&batches[i]))
		}
		return sample(all)
	}
	variation := 1.0 // of the service, squared
	if constant {
		variation = 0
	}
	const rho = arrivalRate
	wait := rho / (1 - rho) * (1 + variation) / 2
	check := func(what string, want float64, measure func(*batch) float64) (is, sigma float64) {
		t.Helper()
		is, sigma = of(measure)
		t.Logf("%s: %.5g +-%.2g, want %.5g", what, is, sigma, want)
		within(t, what, is, want, 3*sigma)
		return is, sigma
	}
	is, sigma := check("mean wait in queue", wait, func(b *batch) float64 { return b.wait / b.n })
	check("mean time in system", wait+1, func(b *batch) float64 { return b.stay / b.n })
	check("L", arrivalRate*(wait+1), func(b *batch) float64 { return b.stay / b.span })
	check("Lq", arrivalRate*wait, func(b *batch) float64 { return b.wait / b.span })
	if constant {
		return
	}
	for i, s := range patience {
		check(fmt.Sprintf("P(T > %v s)", s), math.Exp(-(1-rho)*s), func(b *batch) float64 { return b.longer[i] / b.n })
	}
	// n times the variance of the mean wait of n customers, for many of them (Daley 1968,
	// The serial correlation coefficients of waiting times; Whitt 1989, Planning queueing
	// simulations): 1976, of the case's 10^7 customers 1.06 % at three sigma. A variance
	// estimated from 100 batches has a standard deviation of its own of sqrt(2/99).
	n := float64(len(batches)) * batches[0].n
	known := rho * (2 + 5*rho - 4*rho*rho + rho*rho*rho) / math.Pow(1-rho, 4)
	within(t, "mean wait in queue, by its known variance", is, wait, 3*math.Sqrt(known/n))
	within(t, "asymptotic variance of the wait", sigma*sigma*n, known, 3*known*math.Sqrt(2.0/float64(len(batches)-1)))
}

// serve plays so many UPDATEs for the server.
func serve(t *testing.T, n uint64, processing string) *counter {
	t.Helper()
	s, _, err := scenarios.Load("case.yaml", fmt.Appendf(nil, `{version: 1, name: case, horizon: %ds, start: established,
  routers: [{name: source, asn: 65001}, {name: server, asn: 65002, bgp: {processing: %s, send_back: false}}],
  links: [{between: [source, server], delay: 0s}]}`, 2*n+1000, processing))
	if err != nil {
		t.Fatal(err)
	}
	network, err := scenarios.Build(s, scenarios.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range network.Config.Actors {
		if a.ID() == source {
			network.Config.Actors[i] = newCrowd(a.(*actors.Router), n)
		}
	}
	var log counter
	if err := sim.New(network.Config, &log, &eventlog.MemoryBus{}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if log.disorder != "" || log.ended != int(n) || len(log.visits) != int(n) {
		t.Fatalf("%d of %d customers, %d were served; not first come, first served: %q", len(log.visits), n, log.ended, log.disorder)
	}
	return &log
}

// crowd is a router that sends the server UPDATEs at random times, so many: one prefix
// is announced and withdrawn in turn, so that each of them changes the best route.
type crowd struct {
	*actors.Router
	every   sim.Dist
	updates [2]*events.Update
	sent, n uint64
}

func newCrowd(r *actors.Router, n uint64) *crowd {
	conn := events.Conn{Initiator: server, N: 1}
	attrs := &events.Attrs{Path: events.ASPath{{AS: []uint32{65001}}}, NextHop: netip.MustParseAddr("192.0.2.1")}
	one := []netip.Prefix{prefixOf(0)}
	return &crowd{Router: r, every: dist(fmt.Sprintf("exponential(%vs)", 1/arrivalRate)), n: n, updates: [2]*events.Update{
		events.NewUpdate(conn, &events.Routes{Attrs: attrs, NLRI: one}), events.NewUpdate(conn, &events.Routes{Withdrawn: one}),
	}}
}

func dist(text string) sim.Dist {
	d, err := sim.ParseDist(text)
	if err != nil {
		panic(err)
	}
	return d
}

// Apply counts them.
func (c *crowd) Apply(l *events.Line) {
	if l.Role == events.Out && l.Event.Kind() == events.KindUpdate {
		c.sent++
	}
	c.Router.Apply(l)
}

// Step sends one, and waits for the next.
func (c *crowd) Step(t *sim.Turn, in events.Line) {
	timer := events.Timer{Name: events.FaultTimer, Item: "customer"}
	switch in.Event {
	case timer:
		t.Send(server, c.updates[c.sent%2])
	case events.Start{}:
		c.Router.Step(t, in)
	default:
		c.Router.Step(t, in)
		return
	}
	if c.sent < c.n {
		t.After(t.Draw(c.every, sim.KeyOf("customer").Int(c.sent)), timer)
	}
}

// counter is a log that keeps nothing but the visits to the server.
type counter struct {
	visits        []visit
	begun, ended  int
	queue, system census
	disorder      string // what was not first come, first served
}

// Append notes when an UPDATE comes, when it is begun and when it changes the best
// route, both of which follow from its arrival.
func (c *counter) Append(_ context.Context, turn []events.Line) error {
	for i := range turn {
		l := &turn[i]
		if l.Actor != server {
			continue
		}
		switch e := l.Event.(type) {
		case *events.Update:
			c.visits = append(c.visits, visit{line: l.Seq, arrives: l.At})
			c.queue.count(l.At, 1)
			c.system.count(l.At, 1)
		case events.Timer:
			if e.Name == events.WorkTimer && l.Role == events.Set {
				c.next(&c.begun, l).begins = l.At
				c.queue.count(l.At, -1)
			}
		case *events.BestChanged:
			c.next(&c.ended, l).ends = l.At
			c.system.count(l.At, -1)
		}
	}
	return nil
}

// next gives the visit whose turn it is to be begun, or ended, with a line.
func (c *counter) next(n *int, l *events.Line) *visit {
	if *n >= len(c.visits) || c.visits[*n].line != l.Cause {
		c.disorder = l.String()
		return &visit{}
	}
	*n++
	return &c.visits[*n-1]
}

// Lines gives none.
func (c *counter) Lines(context.Context, uint64) iter.Seq2[events.Line, error] {
	return func(func(events.Line, error) bool) {}
}

// burstOfUpdates: the last of m UPDATEs that arrive together, each of which takes p, is
// done m p later, and on average they wait (m-1)p/2. As many prefixes in one UPDATE are
// one customer.
func burstOfUpdates(t *testing.T) {
	const at = 1000
	for _, row := range []struct {
		m int
		p float64
	}{{1, 2}, {2, 2}, {10, 0.1}, {100, 0.5}} {
		var faults []string
		for i := range row.m {
			faults = append(faults, fmt.Sprintf("{name: f%d, kind: announce, target: source, prefix: %v, at: %ds}", i, prefixOf(i), at))
		}
		network := fmt.Sprintf(`version: 1
name: case
horizon: 2000s
start: established
routers: [{name: source, asn: 65001%%s}, {name: server, asn: 65002, bgp: {processing: %vs, send_back: false}}]
links: [{between: [source, server], delay: 0s}]
`, row.p)
		what := fmt.Sprintf("%d UPDATEs of %v s", row.m, row.p)
		done := observe(t, fmt.Sprintf(network, "")+"faults: ["+strings.Join(faults, ", ")+"]", 1).decided(server)
		if len(done) != row.m {
			t.Errorf("%s: %d are done", what, len(done))
			continue
		}
		wait := 0.0
		for _, end := range done {
			wait += (end - at - row.p) / float64(row.m)
		}
		exactly(t, what+": the last is done", slices.Max(done)-at, float64(row.m)*row.p)
		exactly(t, what+": mean wait", wait, float64(row.m-1)*row.p/2)

		var all []string
		for i := range row.m {
			all = append(all, prefixOf(i).String())
		}
		done = observe(t, fmt.Sprintf(network, ", originates: ['"+strings.Join(all, "', '")+"']"), 1).decided(server)
		same(t, what+" in one: decided", done, slices.Repeat([]float64{row.p}, row.m))
	}
}

// decided gives when a router changed best routes, in seconds.
func (o observed) decided(id events.ActorID) (all []float64) {
	for _, l := range o.Of(id, events.Change) {
		if _, ok := l.Event.(*events.BestChanged); ok {
			all = append(all, float64(l.At)/1e9)
		}
	}
	return all
}
