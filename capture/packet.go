package capture

import (
	"fmt"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"dualhome/events"
)

// The ports: of BGP (RFC 4271 section 8.2.1), of BFD (RFC 5881 section 4), and the
// first of those that an operating system takes for who opens a connection (RFC 6335).
const (
	bgpPort   = 179
	bfdPort   = 3784
	firstPort = 49152
	freePorts = 1<<16 - firstPort
)

// packets makes IP packets of lines. Nothing stands below IP: a run has no Ethernet.
type packets struct {
	speakers *speakers
	streams  streams
	buffer   gopacket.SerializeBuffer
}

// receive takes a packet that arrived.
func (p *packets) receive(l *Line) {
	if conn, flag, data, ok := segment(l.Event); ok {
		s, side := p.streams.of(l, conn)
		s.receive(side, flag, len(data))
		s.note(side, l.Event)
	}
}

// packet gives the bytes of a packet that is sent. They hold until the next one.
func (p *packets) packet(l *Line) ([]byte, error) {
	from, to := p.speakers.of(l.Actor), p.speakers.of(l.Peer)
	ip := layers.IPv4{
		Version: 4, TTL: 64, TOS: 0xc0, Flags: layers.IPv4DontFragment, // CS6 (RFC 4594 section 3.2)
		SrcIP: from.address.AsSlice(), DstIP: to.address.AsSlice(),
	}
	var err error
	if conn, flag, data, ok := segment(l.Event); ok {
		s, side := p.streams.of(l, conn)
		tcp := s.send(side, flag, len(data))
		s.note(side, l.Event)
		free := layers.TCPPort(firstPort + (conn.N-1)%freePorts)
		if tcp.SrcPort, tcp.DstPort = free, bgpPort; side == 1 {
			tcp.SrcPort, tcp.DstPort = bgpPort, free
		}
		ip.Protocol = layers.IPProtocolTCP
		err = p.serialize(&ip, &tcp, data)
	} else {
		_, data := events.Payload(l.Event)
		ip.Protocol, ip.TTL = layers.IPProtocolUDP, 255 // RFC 5881 section 5
		err = p.serialize(&ip, &layers.UDP{SrcPort: layers.UDPPort(firstPort + to.index%freePorts), DstPort: bfdPort}, data)
	}
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", l.Seq, err)
	}
	return p.buffer.Bytes(), nil
}

// transport is a header with a checksum over that of IP.
type transport interface {
	gopacket.SerializableLayer
	SetNetworkLayerForChecksum(layer gopacket.NetworkLayer) error
}

func (p *packets) serialize(ip *layers.IPv4, t transport, data []byte) error {
	if err := t.SetNetworkLayerForChecksum(ip); err != nil {
		return err
	}
	options := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	return gopacket.SerializeLayers(p.buffer, options, ip, t, gopacket.Payload(data))
}

// segment gives what an event is as a TCP segment: of which connection, and its flag or
// else its data. False: it is none.
func segment(e events.Event) (events.Conn, events.Flag, []byte, bool) {
	switch e := e.(type) {
	case events.TCP:
		return e.Conn, e.Flag, nil, true
	case events.Message:
		return e.Connection(), 0, e.Bytes(), true
	}
	return events.Conn{}, 0, nil, false
}
