package events_test

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// generator makes random events; the same ones for the same seed.
type generator struct{ *rand.Rand }

func generate(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 0))} }

// generators has one entry per kind. TestEveryKindHasAGenerator sees to that.
var generators = map[events.Kind]func(generator) events.Event{
	events.KindRunStarted: func(g generator) events.Event {
		return events.RunStarted{Scenario: g.text(), Text: g.text(), Seed: g.Uint64(), Version: g.text(), Horizon: g.time(), Ties: g.Uint64()}
	},
	events.KindNode: func(g generator) events.Event {
		return events.Node{
			Node: g.actor(), Type: events.NodeKind(g.octet()), VNet: g.text(), AS: g.Uint32(), Address: g.addrOrNone(),
			Prefixes: list(g, g.prefix), SNAT: events.Translation(g.octet()), Stateful: g.bool(), StateOf: g.text(), Loose: g.bool(), Relays: g.bool(),
			HashSeed: g.Uint64(), Scheme: events.HashScheme(g.octet()), Symmetric: g.bool(), Capacity: g.capacity(),
		}
	},
	events.KindLink: func(g generator) events.Event {
		return events.Link{Name: g.text(), Type: events.LinkKind(g.octet()), A: g.text(), B: g.text(), Capacity: g.capacity()}
	},
	events.KindPath: func(g generator) events.Event {
		return events.Path{From: g.actor(), To: g.actor(), Crossings: list(g, g.crossing), OwnOnly: g.bool()}
	},
	events.KindNICGroup: func(g generator) events.Event {
		number := func() int { return g.IntN(4000) }
		return events.NICGroup{Group: g.actor(), Set: g.text(), Subnet: g.text(), NICs: list(g, number), Instance: g.actor(), Scheme: events.HashScheme(g.octet())}
	},
	events.KindSystemRoute: func(g generator) events.Event {
		return events.SystemRoute{Group: g.actor(), Prefix: g.prefix(), Hop: events.HopType(g.octet())}
	},
	events.KindUserRoute: func(g generator) events.Event {
		return events.UserRoute{Group: g.actor(), Prefix: g.prefix(), Hop: events.HopType(g.octet()), NextHop: g.addrOrNone()}
	},
	events.KindFlowClass: func(g generator) events.Event {
		return events.FlowClass{
			Name: g.text(), From: g.text(), To: g.actor(), Source: g.addrOrNone(), Destination: g.addr(),
			BitsPerSec: g.Int64(), Flows: int(g.Uint32()), Pairs: int(g.Uint32()), HashSeed: g.Uint64(),
			Protocol: events.Protocol(g.octet()), Stateless: g.bool(), PacketBytes: int64(g.Uint32()), Reconnect: list(g, g.time),
		}
	},
	events.KindStart: func(generator) events.Event { return events.Start{} },
	events.KindDisturbance: func(g generator) events.Event {
		return events.Disturbance{Name: g.text(), What: g.text(), Target: g.text(), Repair: g.bool()}
	},
	events.KindLinkState: func(g generator) events.Event {
		return events.LinkState{Crossing: g.crossing(), Up: g.bool()}
	},
	events.KindNodeState: func(g generator) events.Event {
		return events.NodeState{Node: g.actor(), Is: events.Condition(g.octet())}
	},
	events.KindForwardingState: func(g generator) events.Event {
		return events.ForwardingState{Node: g.actor(), Up: g.bool()}
	},
	events.KindPathState: func(g generator) events.Event {
		return events.PathState{Speaker: g.actor(), Toward: g.bool(), Up: g.bool(), By: events.PathCause(g.octet())}
	},
	events.KindOrder: func(g generator) events.Event {
		e := events.Order{Do: events.Verb(g.octet()), Arg: g.actor()}
		if g.bool() {
			e.Do, e.Prefix = events.Announce, g.prefix()
		}
		return e
	},
	events.KindTCP: func(g generator) events.Event {
		return events.TCP{Conn: g.conn(), Flag: events.Flag(g.octet())}
	},
	events.KindOpen: func(g generator) events.Event {
		hold := time.Duration(g.IntN(1<<16)) * time.Second
		var restart *events.GracefulRestart
		if g.bool() {
			restart = &events.GracefulRestart{Restarted: g.bool(), Time: time.Duration(g.IntN(1<<12)) * time.Second, Forwards: g.bool()}
		}
		return events.NewGracefulOpen(g.conn(), g.as(), hold, g.addr(), restart)
	},
	events.KindKeepalive: func(g generator) events.Event { return events.NewKeepalive(g.conn()) },
	events.KindUpdate:    func(g generator) events.Event { return events.NewUpdate(g.conn(), g.routes()) },
	events.KindNotification: func(g generator) events.Event {
		return events.NewNotification(g.conn(), g.octet(), g.octet())
	},
	events.KindRouteRefresh: func(g generator) events.Event { return events.NewRouteRefresh(g.conn()) },
	events.KindProbeChanged: func(g generator) events.Event {
		return events.ProbeChanged{Target: g.actor(), Up: g.bool(), Why: g.text()}
	},
	events.KindSessionChanged: func(g generator) events.Event {
		return events.SessionChanged{
			Neighbor: g.actor(), Conn: g.conn(), Was: events.State(g.octet()), Is: events.State(g.octet()),
			Hold: time.Duration(g.Int64()), Why: g.text(),
		}
	},
	events.KindBestChanged: func(g generator) events.Event {
		return &events.BestChanged{
			Prefix: g.prefix(), Was: list(g, g.actor), Is: list(g, g.actor), NextHops: list(g, g.addr), Path: g.path(), Why: g.text(),
		}
	},
	events.KindBFD: func(g generator) events.Event {
		micros := func() time.Duration { return time.Duration(g.Uint32()) * time.Microsecond }
		return events.BFD{
			State: events.BFDState(g.IntN(4)), Diag: events.Diagnostic(g.IntN(32)), Multiplier: g.octet(),
			My: g.Uint32(), Your: g.Uint32(), DesiredMinTx: micros(), RequiredMinRx: micros(),
		}
	},
	events.KindBFDChanged: func(g generator) events.Event {
		return events.BFDChanged{Neighbor: g.actor(), Was: events.BFDState(g.octet()), Is: events.BFDState(g.octet()), Diag: events.Diagnostic(g.octet())}
	},
	events.KindSuppressed: func(g generator) events.Event {
		return events.Suppressed{Peer: g.actor(), Prefix: g.prefix(), On: g.bool(), Penalty: events.Penalty(g.Int64())}
	},
	events.KindFIBChanged: func(g generator) events.Event {
		return &events.FIBChanged{Prefix: g.prefix(), NextHops: list(g, g.addr), Why: g.text()}
	},
	events.KindProgram: func(g generator) events.Event {
		return events.Program{Batch: g.Uint64(), Ready: g.time(), Full: g.bool(), Routes: list(g, g.nicRoute)}
	},
	events.KindServing: func(g generator) events.Event {
		return events.Serving{Group: g.actor(), On: g.bool()}
	},
	events.KindNICChanged: func(g generator) events.Event {
		return events.NICChanged{Instance: g.actor(), Batch: g.Uint64(), Routes: list(g, g.nicRoute)}
	},
	events.KindTimer: func(g generator) events.Event {
		e := events.Timer{Name: events.TimerName(g.octet()), Peer: g.actor(), Conn: g.conn(), Item: g.text()}
		if g.bool() {
			e.Prefix = g.prefix()
		}
		return e
	},
}

func TestEveryKindHasAGenerator(t *testing.T) {
	for _, k := range events.Kinds() {
		if generators[k] == nil {
			t.Errorf("no generator makes a %v", k)
		}
	}
	if len(generators) != len(events.Kinds()) {
		t.Errorf("%d generators for %d kinds", len(generators), len(events.Kinds()))
	}
}

func (g generator) bool() bool { return g.IntN(2) == 0 }

func (g generator) octet() byte { return byte(g.Uint32()) }

// time is any time; often a small one, as at the start of a run.
func (g generator) capacity() events.Capacity {
	return events.Capacity{BitsPerSec: g.Int64(), PacketsPerSec: g.Int64(), Flows: g.Int64()}
}

func (g generator) time() events.Time {
	if g.bool() {
		return events.Time(g.IntN(1000))
	}
	return events.Time(g.Int64N(1 << 62))
}

// text is none, short, or too long to be remembered by a Codec.
func (g generator) text() string {
	return strings.Repeat([]string{"a", "é", "\x00", "rs0 ", "\n"}[g.IntN(5)], []int{0, 1, 7, 200}[g.IntN(4)])
}

func (g generator) actor() events.ActorID {
	return []events.ActorID{"", "nva1", "rs0-0", "spoke-vms-0", "fabric"}[g.IntN(5)]
}

func (g generator) conn() events.Conn { return events.Conn{Initiator: g.actor(), N: g.Uint32()} }

func (g generator) crossing() events.Crossing {
	return events.Crossing{Link: g.text(), Reverse: g.bool()}
}

func (g generator) addr() netip.Addr {
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, g.Uint32())))
}

func (g generator) addrOrNone() netip.Addr {
	if g.bool() {
		return netip.Addr{}
	}
	return g.addr()
}

func (g generator) prefix() netip.Prefix {
	return netip.PrefixFrom(g.addr(), g.IntN(33)).Masked()
}

func (g generator) nicRoute() events.NICRoute {
	return events.NICRoute{Prefix: g.prefix(), NextHops: list(g, g.addr)}
}

// as is of two octets as often as of four.
func (g generator) as() uint32 { return g.Uint32() >> (16 * g.IntN(2)) }

func (g generator) path() events.ASPath {
	return list(g, func() events.Segment {
		s := events.Segment{Set: g.bool()}
		for range 1 + g.IntN(4) {
			s.AS = append(s.AS, g.as())
		}
		return s
	})
}

// routes is what a speaker may say: at least one prefix, announced or withdrawn,
// and attributes where one is announced.
func (g generator) routes() *events.Routes {
	r := &events.Routes{Withdrawn: list(g, g.prefix), NLRI: list(g, g.prefix)}
	if len(r.NLRI) == 0 {
		r.Withdrawn = append(r.Withdrawn, g.prefix())
		return r
	}
	r.Attrs = &events.Attrs{Origin: uint8(g.IntN(3)), Path: g.path(), NextHop: g.addr()}
	if g.bool() {
		r.Attrs.MED, r.Attrs.HasMED = g.Uint32(), true
	}
	if g.bool() {
		r.Attrs.LocalPref, r.Attrs.HasLocalPref = g.Uint32(), true
	}
	for i := range g.IntN(3) {
		r.Attrs.Communities = append(r.Attrs.Communities, events.Community(i<<24|g.IntN(1<<16)))
	}
	for i := range g.IntN(3) {
		r.Attrs.LargeCommunities = append(r.Attrs.LargeCommunities, events.LargeCommunity{Global: uint32(i), Local1: g.Uint32(), Local2: g.Uint32()})
	}
	if g.bool() {
		r.Attrs.OriginatorID, r.Attrs.ClusterList = g.addr(), list(g, g.addr)
	}
	return r
}

// line puts e into any place. Its Due is none, now, or later.
func (g generator) line(e events.Event) events.Line {
	l := events.Line{
		Seq: 1 + g.Uint64N(1<<40), At: g.time(), Role: events.Role(1 + g.IntN(9)), Actor: g.actor(), Peer: g.actor(), Event: e,
	}
	l.Cause = g.Uint64N(l.Seq)
	l.Causes = list(g, func() uint64 { return g.Uint64N(l.Seq) })
	switch g.IntN(3) {
	case 0:
		l.Due = l.At
	case 1:
		l.Due = l.At + 1 + g.time()
	}
	return l
}

// list makes up to three items; none is nil, as everywhere in package events.
func list[T any](g generator, one func() T) []T {
	var items []T
	for range g.IntN(4) {
		items = append(items, one())
	}
	return items
}
