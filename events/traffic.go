package events

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
)

// FlowClass is a number of equal flows between two places, in both directions. A
// place is a set of VMs, one of its machines (<set>[<number>]), a subnet
// (<VNet>/<subnet>), a site, a router, or the Internet.
type FlowClass struct {
	Name        string
	From        string     // who begins the flows; not the Internet
	To          ActorID    // who answers
	Source      netip.Addr // an address of From, the destination of return packets
	Destination netip.Addr // an address of To
	BitsPerSec  int64      // offered by all flows together, in each direction
	Flows       int
	Pairs       int    // of addresses that are hashed: flow i and flow i + Pairs go the same way; 0: each flow by its 5-tuple
	HashSeed    uint64 // of its 5-tuples, or pairs
	Protocol    Protocol
	Stateless   bool   // stateful NVAs let it pass whatever they know
	PacketBytes int64  // of each packet, headers included
	Reconnect   []Time // quantiles of the time from the break of a flow until it is opened anew; flow i takes number i modulo their count
}

// Protocol is that of the flows of a class.
type Protocol uint8

// The protocols.
const (
	TCPFlows Protocol = iota
	UDPFlows
)

func (p Protocol) String() string { return [...]string{"tcp", "udp"}[min(p, UDPFlows)] }

// Kind says which event it is.
func (FlowClass) Kind() Kind { return KindFlowClass }

func (e FlowClass) String() string {
	s := fmt.Sprintf("flow class %s: %s (%v) to %s (%v), %d bit/s in %d flows of %v, %d bytes a packet",
		e.Name, e.From, e.Source, e.To, e.Destination, e.BitsPerSec, e.Flows, e.Protocol, e.PacketBytes)
	if e.Stateless {
		s += ", stateless"
	}
	return s
}

func (e FlowClass) append(b []byte) []byte {
	b = appendActor(appendString(appendString(b, e.Name), e.From), e.To)
	b = appendAddr(appendAddr(b, e.Source), e.Destination)
	b = binary.AppendUvarint(b, uint64(e.BitsPerSec))
	b = binary.AppendUvarint(b, uint64(e.Flows))
	b = binary.AppendUvarint(b, uint64(e.Pairs))
	b = append(binary.AppendUvarint(b, e.HashSeed), byte(e.Protocol))
	b = binary.AppendUvarint(appendBool(b, e.Stateless), uint64(e.PacketBytes))
	return appendList(b, e.Reconnect, func(b []byte, t Time) []byte { return binary.AppendUvarint(b, uint64(t)) })
}

func decodeFlowClass(r *reader) Event {
	return FlowClass{
		Name: r.string(), From: r.string(), To: r.actor(), Source: r.addr(), Destination: r.addr(),
		BitsPerSec: int64(r.uvarint()), Flows: int(r.uvarint()), Pairs: int(r.uvarint()), HashSeed: r.uvarint(),
		Protocol: Protocol(r.byte()), Stateless: r.bool(), PacketBytes: int64(r.uvarint()), Reconnect: readList(r, (*reader).time),
	}
}

// Translation says what an NVA gives its own address (source NAT).
type Translation uint8

// What is translated.
const (
	NoSNAT       Translation = iota
	InternetSNAT             // what it sends to the Internet
	AllSNAT                  // all that it forwards in the direction in which flows are begun
)

func (t Translation) String() string {
	return [...]string{"none", "internet", "all"}[min(t, AllSNAT)]
}

// HashScheme says how a node takes one of several equal next hops for the hash of
// a flow.
type HashScheme uint8

// The schemes.
const (
	ModuloHash    HashScheme = iota // the remainder (RFC 2991, modulo-N)
	ThresholdHash                   // equal regions of the hash space, in the order of the next hops (RFC 2992, hash-threshold)
	ResilientHash                   // buckets, of which only those move that must (Linux, resilient next-hop groups)
	StickyHash                      // buckets, of which only those move whose next hop is gone: a load balancer
)

func (h HashScheme) String() string {
	return [...]string{"modulo", "hash-threshold", "resilient", "sticky"}[min(h, StickyHash)]
}

// Capacity bounds what passes a node, or one direction of a link. 0: no bound.
type Capacity struct {
	BitsPerSec    int64
	PacketsPerSec int64
	Flows         int64
}

func (c Capacity) append(b []byte) []byte {
	for _, n := range [...]int64{c.BitsPerSec, c.PacketsPerSec, c.Flows} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b
}

func (r *reader) capacity() Capacity {
	return Capacity{BitsPerSec: int64(r.uvarint()), PacketsPerSec: int64(r.uvarint()), Flows: int64(r.uvarint())}
}

// String says what the bounds are; empty where there is none.
func (c Capacity) String() string {
	var s []string
	for _, bound := range [...]struct {
		n    int64
		unit string
	}{{c.BitsPerSec, "bit/s"}, {c.PacketsPerSec, "packets/s"}, {c.Flows, "flows"}} {
		if bound.n > 0 {
			s = append(s, fmt.Sprintf("%d %s", bound.n, bound.unit))
		}
	}
	return strings.Join(s, ", ")
}
