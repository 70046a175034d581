package metrics

import (
	"net/netip"
	"testing"

	"dualhome/events"
)

// hears lets an UPDATE arrive over the first connection of two speakers.
func (s *story) hears(at, from events.ActorID, n uint32, path []uint32, announced, withdrawn []netip.Prefix) {
	r := &events.Routes{Withdrawn: withdrawn, NLRI: announced}
	if len(announced) > 0 {
		r.Attrs = &events.Attrs{Path: events.ASPath{{AS: path}}, NextHop: addr(hop1)}
	}
	conn := events.Conn{Initiator: at, N: n}
	out := s.line(events.Out, 0, from, events.NewUpdate(conn, r))
	s.lines[out-1].Peer = at
	in := s.line(events.In, out, at, events.NewUpdate(conn, r))
	s.lines[in-1].Peer = from
}

// speakers is a Route Server and an NVA with sessions, the connections of which
// have the numbers 1 and 2.
func speakers() *story {
	s := newLab()
	s.fact(events.Node{Node: "rs0-0", Type: events.RouteServerNode, VNet: "spoke", AS: 65515, Address: addr(hopRS)})
	s.fact(events.Node{Node: "rs0-1", Type: events.RouteServerNode, VNet: "spoke", AS: 65515, Address: addr(hopRS1)})
	s.fact(events.Node{Node: "nva1", Type: events.NVANode, VNet: "hub1", AS: 65001, Address: addr(hop1)})
	s.session(0, "rs0-0", "nva1")
	s.session(0, "rs0-1", "nva1")
	return s
}

func TestRefusedRoutesAreDiagnosed(t *testing.T) {
	looped := prefixes("10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16")
	s := speakers()
	for i, rs := range []events.ActorID{"rs0-0", "rs0-1"} {
		n := uint32(i + 1)
		s.hears(rs, "nva1", n, []uint32{65001, 65515}, append(looped, prefix("10.4.0.0/16")), nil)
		s.hears(rs, "nva1", n, []uint32{65001}, prefixes("10.5.0.0/16", "10.6.0.0/16"), nil)
		s.hears(rs, "nva1", n, nil, nil, prefixes("10.4.0.0/16"))
		s.learns(rs, "nva1", "10.5.0.0/16", hop1)
		s.learns(rs, rs, "10.3.0.0/16", hopRS) // known from elsewhere: harmless
		s.hears("nva1", rs, 99, []uint32{65515, 65001}, prefixes("10.9.0.0/16"), nil)
	}
	r := s.measured(t)
	checkDiagnoses(t, r, "rs0-0 and rs0-1 ignore 3 of 5 routes that nva1 sends: their paths hold 65515, their own AS (loop check); for 2 of them there is no other route; nva1 needs as-override, or to remove 65515")
	if r.LocRIB["rs0-0"] != 1 || r.LocRIB["rs0-1"] != 1 {
		t.Errorf("%v", r.LocRIB)
	}
	if n, known := r.LocRIB["nva1"]; n != 0 || !known {
		t.Errorf("%v", r.LocRIB)
	}

	s.down(0, "rs0-1", "nva1")
	checkDiagnoses(t, s.measured(t), "rs0-0 ignores 3 of 5 routes that nva1 sends: their paths hold 65515, its own AS (loop check); for 2 of them there is no other route; nva1 needs as-override, or to remove 65515")
}

// Where there is another route for each, nothing is wrong.
func TestHarmlessRefusals(t *testing.T) {
	s := speakers()
	s.hears("rs0-0", "nva1", 1, []uint32{65001, 65515}, prefixes("10.1.0.0/16"), nil)
	s.learns("rs0-0", "rs0-0", "10.1.0.0/16", hopRS)
	checkDiagnoses(t, s.measured(t))
}

// What the Route Server sends it cannot change: the NVA has to.
func TestRoutesThatAnNVARefuses(t *testing.T) {
	s := speakers()
	for i, rs := range []events.ActorID{"rs0-0", "rs0-1"} {
		r := &events.Routes{NLRI: prefixes(dcNet), Attrs: &events.Attrs{Path: events.ASPath{{AS: []uint32{65515, 65001}}}, NextHop: addr(hopRS)}}
		l := s.line(events.In, 0, "nva1", events.NewUpdate(events.Conn{Initiator: rs, N: uint32(i + 1)}, r))
		s.lines[l-1].Peer = rs
	}
	checkDiagnoses(t, s.measured(t), "nva1 ignores 1 of 1 routes that rs0-0 and rs0-1 send: its path holds 65001, its own AS (loop check); nva1 needs allowas-in, or an AS of its own")
}

// Edge routers refuse each other's routes by design, and no customer configures
// Azure's speakers.
func TestRefusalsByDesign(t *testing.T) {
	s := newLab()
	s.fact(events.Node{Node: "circuit1-0", Type: events.MSEENode, AS: 12076, Address: addr(hopEdge)})
	s.fact(events.Node{Node: "gw1-0", Type: events.GatewayNode, VNet: "hub1", AS: 65515, Address: addr(hopGateway)})
	s.fact(events.Node{Node: "dc", Type: events.SiteNode, AS: 65100, Address: addr(hopDC)})
	s.session(0, "circuit1-0", "dc")
	s.session(0, "gw1-0", "circuit1-0")
	s.hears("circuit1-0", "dc", 1, []uint32{65100, 12076}, prefixes(vmNet), nil)
	s.hears("gw1-0", "circuit1-0", 2, []uint32{12076, 65515}, prefixes(vmNet), nil)
	checkDiagnoses(t, s.measured(t))
}

// Azure allows 1,000 routes from a gateway to a circuit.
func TestRouteLimitOfCircuits(t *testing.T) {
	for _, test := range []struct {
		routes int
		want   []string
	}{
		{1000, nil},
		{1203, []string{"gw1-0 advertises 1,203 routes to circuit1-0; Azure allows 1,000 and does not say what happens above: the run goes on"}},
	} {
		s := newLab()
		s.fact(events.Node{Node: "circuit1-0", Type: events.MSEENode, AS: 12076, Address: addr(hopEdge)})
		s.fact(events.Node{Node: "gw1-0", Type: events.GatewayNode, VNet: "hub1", AS: 65515, Address: addr(hopGateway)})
		s.session(0, "circuit1-0", "gw1-0")
		for i := range test.routes {
			p := netip.PrefixFrom(netip.AddrFrom4([4]byte{20, byte(i >> 8), byte(i), 0}), 24)
			s.hears("circuit1-0", "gw1-0", 1, []uint32{65515}, []netip.Prefix{p}, nil)
		}
		checkDiagnoses(t, s.measured(t), test.want...)
	}
}
