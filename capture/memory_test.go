package capture_test

import (
	"io"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"dualhome/capture"
	"dualhome/events"
	"dualhome/metrics"
)

// flapper writes a log of any length: two speakers whose session comes and goes, with
// everything that belongs to it: connections, messages, timers, changes.
type flapper struct {
	yield func(capture.Line, error) bool
	line  capture.Line
	over  bool
}

func (f *flapper) put(role events.Role, actor, peer events.ActorID, cause uint64, e events.Event) uint64 {
	f.line.Seq++
	f.line.Cause, f.line.Role, f.line.Actor, f.line.Peer, f.line.Event = cause, role, actor, peer, e
	if f.line.Due = 0; role == events.Out || role == events.Set {
		f.line.Due = f.line.At.Add(time.Millisecond)
	}
	f.over = f.over || !f.yield(f.line, nil)
	return f.line.Seq
}

// send writes a message, and its arrival.
func (f *flapper) send(from, to events.ActorID, e events.Event) {
	out := f.put(events.Out, from, to, f.line.Seq, e)
	f.line.At = f.line.At.Add(time.Millisecond)
	f.put(events.In, to, from, out, e)
}

// flapping gives a log of at least n lines; at its end it looks at what is in use.
func flapping(n uint64, look func()) capture.Log {
	return func(yield func(capture.Line, error) bool) {
		f := &flapper{yield: yield}
		f.put(events.Fact, events.Fabric, "", 0, events.RunStarted{Scenario: "flapping", Horizon: 1 << 60})
		for i, id := range []events.ActorID{"a", "b"} {
			f.put(events.Fact, events.Fabric, "", 0, events.Node{Node: id, Type: events.SiteNode, AS: 64512 + uint32(i), Address: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})})
		}
		attrs := &events.Attrs{Path: events.ASPath{{AS: []uint32{64512}}}, NextHop: netip.MustParseAddr("192.0.2.0")}
		for i := uint32(1); f.line.Seq < n && !f.over; i++ {
			f.flap(events.Conn{Initiator: "a", N: i}, attrs)
		}
		look()
	}
}

func (f *flapper) flap(conn events.Conn, attrs *events.Attrs) {
	f.send("a", "b", events.TCP{Conn: conn, Flag: events.SYN})
	f.send("b", "a", events.TCP{Conn: conn, Flag: events.SYNACK})
	f.put(events.Change, "a", "", f.line.Seq, events.SessionChanged{Neighbor: "b", Conn: conn, Was: events.Idle, Is: events.Established, Why: "up"})
	for i := range byte(20) {
		set := f.put(events.Set, "a", "", f.line.Seq, events.Timer{Name: events.HoldTimer, Peer: "b", Conn: conn})
		routes := &events.Routes{NLRI: []netip.Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(conn.N), i, 0}), 24)}, Attrs: attrs}
		f.send("a", "b", events.NewUpdate(conn, routes))
		f.put(events.Fired, "a", "", set, events.Timer{Name: events.HoldTimer, Peer: "b", Conn: conn})
	}
	f.put(events.Change, "a", "", f.line.Seq, events.SessionChanged{Neighbor: "b", Conn: conn, Was: events.Established, Is: events.Idle, Why: "down"})
	f.send("a", "b", events.NewNotification(conn, 6, 2))
	f.send("a", "b", events.TCP{Conn: conn, Flag: events.FIN})
}

// TestMemory: what is in use while a capture is written does not grow with the log.
func TestMemory(t *testing.T) {
	none := func(yield func(metrics.Route, error) bool) {}
	nobody := func(yield func(metrics.Traffic, error) bool) {}
	for name, write := range map[string]func(capture.Log) error{
		"pcapng": func(log capture.Log) error { return capture.Pcapng(io.Discard, log) },
		"mrt":    func(log capture.Log) error { return capture.MRT(io.Discard, log, nil) },
		"trace": func(log capture.Log) error {
			return capture.Trace{Log: log, Routes: none, Traffic: nobody}.Write(io.Discard)
		},
	} {
		t.Run(name, func(t *testing.T) {
			used := func(lines uint64) (most uint64) {
				log := flapping(lines, func() { most = max(most, inUse()) })
				before := inUse()
				if err := write(log); err != nil {
					t.Fatal(err)
				}
				return most - min(before, most)
			}
			used(1000) // what is made once
			few, many := used(5000), used(200_000)
			t.Logf("%d bytes for 5,000 lines, %d for 200,000", few, many)
			if many > 2*few+64<<10 {
				t.Errorf("it grows: %d bytes for 5,000 lines, %d for 200,000", few, many)
			}
		})
	}
}

// inUse gives the bytes of all that is reachable.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
