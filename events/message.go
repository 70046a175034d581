package events

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"time"

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

// Open is an OPEN (RFC 4271 section 4.2) with the capabilities 4-octet AS
// (RFC 6793) and route refresh (RFC 2918), and perhaps graceful restart (RFC 4724).
type Open struct {
	Wire
	AS       uint32
	Hold     time.Duration // offered, whole seconds
	RouterID netip.Addr
	Refresh  bool             // the sender understands ROUTE-REFRESH
	Restart  *GracefulRestart // nil: the sender does not understand graceful restart
	Fault    uint8            // why it is not acceptable: the subcode of OPEN Message Error (RFC 4271 section 6.2); 0: it is
}

// GracefulRestart is what the capability 64 says (RFC 4724 section 3), as far as
// that is about IPv4 unicast.
type GracefulRestart struct {
	Restarted bool          // R: the sender did, and has not chosen its routes yet
	Time      time.Duration // how long the sender may need, whole seconds up to 4095; 0 where it does not name IPv4 unicast
	Forwards  bool          // F: it went on forwarding meanwhile
}

// NewOpen builds an OPEN with the first two capabilities.
func NewOpen(conn Conn, as uint32, hold time.Duration, id netip.Addr) Open {
	return NewGracefulOpen(conn, as, hold, id, nil)
}

// NewGracefulOpen builds an OPEN that offers graceful restart too, unless restart
// is nil.
func NewGracefulOpen(conn Conn, as uint32, hold time.Duration, id netip.Addr, restart *GracefulRestart) Open {
	short := uint16(bgp.AS_TRANS)
	if as <= 0xffff {
		short = uint16(as)
	}
	caps := []bgp.ParameterCapabilityInterface{bgp.NewCapRouteRefresh(), bgp.NewCapFourOctetASNumber(as)}
	if restart != nil {
		caps = append(caps, restart.encode())
	}
	m, err := bgp.NewBGPOpenMessage(short, uint16(hold/time.Second), id, []bgp.OptionParameterInterface{bgp.NewOptionParameterCapability(caps)})
	if err != nil {
		panic(fmt.Sprintf("OPEN with identifier %v: %v", id, err))
	}
	return Open{
		Wire: Wire{conn, serialize(m)}, AS: as, Hold: hold, RouterID: id, Refresh: true, Restart: restart,
		Fault: wrongOpen(m.Body.(*bgp.BGPOpen)),
	}
}

// wrongOpen tells why an OPEN is not acceptable, whoever sent it (RFC 4271 section
// 6.2, RFC 6286 section 2.2): its version, its identifier, its hold time, or an
// optional parameter that is not known.
func wrongOpen(o *bgp.BGPOpen) uint8 {
	if o.Version != 4 {
		return bgp.BGP_ERROR_SUB_UNSUPPORTED_VERSION_NUMBER
	}
	if o.ID.IsUnspecified() {
		return bgp.BGP_ERROR_SUB_BAD_BGP_IDENTIFIER
	}
	for _, p := range o.OptParams {
		if _, known := p.(*bgp.OptionParameterCapability); !known {
			return bgp.BGP_ERROR_SUB_UNSUPPORTED_OPTIONAL_PARAMETER
		}
	}
	if o.HoldTime == 1 || o.HoldTime == 2 {
		return bgp.BGP_ERROR_SUB_UNACCEPTABLE_HOLD_TIME
	}
	return 0
}

// String says when the sender restarts gracefully, and whether it did.
func (g *GracefulRestart) String() string {
	s := fmt.Sprintf("restart time %v", g.Time)
	if g.Restarted {
		s += ", restarted"
	}
	if g.Forwards {
		s += ", forwards"
	}
	return s
}

// encode gives the capability, which names IPv4 unicast.
func (g *GracefulRestart) encode() bgp.ParameterCapabilityInterface {
	unicast := bgp.NewCapGracefulRestartTuple(bgp.RF_IPv4_UC, g.Forwards)
	return bgp.NewCapGracefulRestart(g.Restarted, false, uint16(g.Time/time.Second), []*bgp.CapGracefulRestartTuple{unicast})
}

// decodeRestart reads the capability. Of a family named twice the last counts.
func decodeRestart(c *bgp.CapGracefulRestart) *GracefulRestart {
	const restarted, forwards = 0x8, 0x80
	g := &GracefulRestart{Restarted: c.Flags&restarted != 0}
	for _, t := range c.Tuples {
		if t.AFI == bgp.AFI_IP && t.SAFI == bgp.SAFI_UNICAST {
			g.Time, g.Forwards = time.Duration(c.Time)*time.Second, t.Flags&forwards != 0
		}
	}
	return g
}

// Kind says which event it is.
func (Open) Kind() Kind { return KindOpen }

func (e Open) String() string {
	s := fmt.Sprintf("OPEN AS %d hold %v id %v", e.AS, e.Hold, e.RouterID)
	if e.Restart != nil {
		s += " " + e.Restart.String()
	}
	if e.Fault != 0 {
		s += fmt.Sprintf(" not acceptable (2/%d)", e.Fault)
	}
	return s
}

func decodeOpen(r *reader) Event {
	w, m := r.message(bgp.BGP_MSG_OPEN)
	if m == nil {
		return Open{}
	}
	o := m.Body.(*bgp.BGPOpen)
	e := Open{Wire: w, AS: uint32(o.MyAS), Hold: time.Duration(o.HoldTime) * time.Second, RouterID: o.ID, Fault: wrongOpen(o)}
	for _, p := range o.OptParams {
		caps, ok := p.(*bgp.OptionParameterCapability)
		if !ok {
			continue
		}
		for _, c := range caps.Capability {
			switch c := c.(type) {
			case *bgp.CapFourOctetASNumber:
				e.AS = c.CapValue
			case *bgp.CapRouteRefresh:
				e.Refresh = true
			case *bgp.CapGracefulRestart:
				e.Restart = decodeRestart(c)
			}
		}
	}
	return e
}

// Keepalive is a KEEPALIVE (RFC 4271 section 4.4).
type Keepalive struct{ Wire }

// NewKeepalive builds a KEEPALIVE.
func NewKeepalive(conn Conn) Keepalive {
	raw := []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x13\x04")
	return Keepalive{Wire{conn, raw}}
}

// Kind says which event it is.
func (Keepalive) Kind() Kind { return KindKeepalive }

func (Keepalive) String() string { return "KEEPALIVE" }

func decodeKeepalive(r *reader) Event {
	w, _ := r.message(bgp.BGP_MSG_KEEPALIVE)
	return Keepalive{w}
}

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

func decodeRouteRefresh(r *reader) Event {
	w, _ := r.message(bgp.BGP_MSG_ROUTE_REFRESH)
	return RouteRefresh{w}
}

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

func decodeNotification(r *reader) Event {
	w, m := r.message(bgp.BGP_MSG_NOTIFICATION)
	if m == nil {
		return Notification{}
	}
	n := m.Body.(*bgp.BGPNotification)
	return Notification{Wire: w, Code: n.ErrorCode, Subcode: n.ErrorSubcode}
}

// message reads a connection and the bytes of one BGP message of that type.
func (r *reader) message(typ uint8) (Wire, *bgp.BGPMessage) {
	w := Wire{Conn: r.conn(), Raw: append([]byte(nil), r.bytes()...)}
	if r.err != nil {
		return w, nil
	}
	m, err := parse(w.Raw, typ)
	if err != nil {
		r.fail("%v", err)
		return w, nil
	}
	return w, m
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
	const marker = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
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
