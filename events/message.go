package events

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// Wire is what all BGP messages have: the connection they belong to, and their
// bytes (RFC 4271 section 4). The bytes are the event; what they say is read
// from them.
type Wire struct {
	Conn Conn
	Raw  []byte
}

func (w Wire) append(b []byte) []byte { return appendBytes(appendConn(b, w.Conn), w.Raw) }

// Bytes gives the message as it is on the wire.
func (w Wire) Bytes() []byte { return w.Raw }

// Connection gives the connection that the message belongs to.
func (w Wire) Connection() Conn { return w.Conn }

// Message is a BGP message.
type Message interface {
	Event
	Bytes() []byte
	Connection() Conn
}

// Keepalive is a KEEPALIVE (RFC 4271 section 4.4).
type Keepalive struct{ Wire }

// keepalive is all KEEPALIVEs.
var keepalive = [headerSize]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, headerSize, bgp.BGP_MSG_KEEPALIVE}

// NewKeepalive builds a KEEPALIVE.
func NewKeepalive(conn Conn) Keepalive { return Keepalive{Wire{conn, keepalive[:]}} }

// Kind says which event it is.
func (Keepalive) Kind() Kind { return KindKeepalive }

func (Keepalive) String() string { return "KEEPALIVE" }

func decodeKeepalive(r *reader) Event { return r.message(KindKeepalive) }

// RouteRefresh is a ROUTE-REFRESH (RFC 2918): it asks the peer for all that it
// advertises, again.
type RouteRefresh struct{ Wire }

// NewRouteRefresh builds a ROUTE-REFRESH for IPv4 unicast.
func NewRouteRefresh(conn Conn) RouteRefresh {
	return RouteRefresh{Wire{conn, serialize(bgp.NewBGPRouteRefreshMessage(bgp.AFI_IP, 0, bgp.SAFI_UNICAST))}}
}

// Kind says which event it is.
func (RouteRefresh) Kind() Kind { return KindRouteRefresh }

func (RouteRefresh) String() string { return "ROUTE-REFRESH" }

func decodeRouteRefresh(r *reader) Event { return r.message(KindRouteRefresh) }

// Notification is a NOTIFICATION (RFC 4271 section 4.5): the last message of a
// session.
type Notification struct {
	Wire
	Code, Subcode uint8
}

// NewNotification builds a NOTIFICATION without data.
func NewNotification(conn Conn, code, subcode uint8) Notification {
	return Notification{Wire{conn, serialize(bgp.NewBGPNotificationMessage(code, subcode, nil))}, code, subcode}
}

// Kind says which event it is.
func (Notification) Kind() Kind { return KindNotification }

func (e Notification) String() string { return "NOTIFICATION " + e.Meaning() }

// Meaning gives code and subcode with their names (RFC 4271 section 4.5,
// RFC 4486, RFC 9384).
func (e Notification) Meaning() string {
	names := map[[2]uint8]string{
		{2, 1}: "Unsupported Version Number", {2, 2}: "Bad Peer AS", {2, 3}: "Bad BGP Identifier",
		{2, 4}: "Unsupported Optional Parameter", {2, 6}: "Unacceptable Hold Time",
		{3, 1}: "Malformed Attribute List", {3, 2}: "Unrecognized Well-known Attribute", {3, 10}: "Invalid Network Field",
		{4, 0}: "Hold Timer Expired", {5, 0}: "Finite State Machine Error",
		{6, 1}: "Maximum Number of Prefixes Reached", {6, 2}: "Administrative Shutdown", {6, 7}: "Connection Collision Resolution",
		{6, 10}: "BFD Down",
	}
	return strings.TrimSpace(fmt.Sprintf("%d/%d %s", e.Code, e.Subcode, names[[2]uint8{e.Code, e.Subcode}]))
}

func decodeNotification(r *reader) Event { return r.message(KindNotification) }

// message reads a connection and the bytes of one BGP message of that kind.
func (r *reader) message(k Kind) Event {
	conn, raw := r.conn(), r.bytes()
	if r.err != nil {
		raw = nil
	}
	e, err := r.codec.message(k, conn, raw)
	if err != nil {
		r.fail("%v", err)
	}
	return e
}

// message reads a BGP message of that kind from its bytes, of which it keeps none.
func (c *Codec) message(k Kind, conn Conn, raw []byte) (Event, error) {
	switch k {
	case KindUpdate:
		return c.update(conn, raw)
	case KindOpen:
		return c.open(conn, raw)
	case KindKeepalive:
		e := NewKeepalive(conn)
		if string(raw) == string(e.Raw) {
			return e, nil
		}
		_, err := parse(raw, bgp.BGP_MSG_KEEPALIVE)
		return e, err
	case KindRouteRefresh:
		e := RouteRefresh{Wire{conn, slices.Clone(raw)}}
		_, err := parse(e.Raw, bgp.BGP_MSG_ROUTE_REFRESH)
		return e, err
	}
	e := Notification{Wire: Wire{conn, slices.Clone(raw)}}
	m, err := parse(e.Raw, bgp.BGP_MSG_NOTIFICATION)
	if err != nil {
		return e, err
	}
	n := m.Body.(*bgp.BGPNotification)
	e.Code, e.Subcode = n.ErrorCode, n.ErrorSubcode
	return e, nil
}

// parse reads foreign bytes as one BGP message of a type. The library may panic
// on them; that is an error too.
func parse(raw []byte, typ uint8) (m *bgp.BGPMessage, err error) {
	if err := checkHeader(raw, typ); err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("BGP message: %v", p)
		}
	}()
	if m, err = bgp.ParseBGPMessage(raw); err != nil {
		return nil, fmt.Errorf("BGP message: %w", err)
	}
	return m, nil
}

// checkHeader holds the header of a message to RFC 4271 section 4.1: marker, length
// and type.
func checkHeader(raw []byte, typ uint8) error {
	if len(raw) < bgp.BGP_HEADER_LENGTH || len(raw) > bgp.BGP_MAX_MESSAGE_LENGTH {
		return fmt.Errorf("a BGP message of %d bytes", len(raw))
	}
	if string(raw[:len(marker)]) != marker {
		return fmt.Errorf("a BGP message with the marker %x", raw[:len(marker)])
	}
	if n := int(binary.BigEndian.Uint16(raw[len(marker):])); raw[18] != typ || n != len(raw) {
		return fmt.Errorf("BGP message of type %d and length %d, not %d and %d", raw[18], n, typ, len(raw))
	}
	return nil
}

// serialize gives the bytes of a message that we built ourselves.
func serialize(m *bgp.BGPMessage) []byte {
	raw, err := m.Serialize()
	if err != nil {
		panic(fmt.Sprintf("BGP message: %v", err))
	}
	return raw
}
