package events

import (
	"encoding/binary"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"time"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

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
	e := Open{Wire: Wire{Conn: conn}, AS: as, Hold: hold, RouterID: id, Refresh: true, Restart: restart}
	e.Raw, e.Fault = e.encode(), wrongOpen(&bgp.BGPOpen{Version: 4, ID: id, HoldTime: uint16(hold / time.Second)})
	return e
}

// encode gives the bytes of the OPEN, its capabilities in one optional parameter
// (RFC 5492 section 4).
func (e *Open) encode() []byte {
	short := uint32(bgp.AS_TRANS)
	if e.AS <= math.MaxUint16 {
		short = e.AS
	}
	id := e.RouterID.As4()
	b := appendHeader(make([]byte, 0, 64), bgp.BGP_MSG_OPEN)
	b = binary.BigEndian.AppendUint16(append(b, 4), uint16(short))
	b = binary.BigEndian.AppendUint16(b, uint16(e.Hold/time.Second))
	b = append(append(b, id[:]...), 0, bgp.BGP_OPT_CAPABILITY, 0)
	first := len(b)
	b = append(b, byte(bgp.BGP_CAP_ROUTE_REFRESH), 0, byte(bgp.BGP_CAP_FOUR_OCTET_AS_NUMBER), 4)
	b = binary.BigEndian.AppendUint32(b, e.AS)
	if e.Restart != nil {
		b = e.Restart.append(b)
	}
	size := len(b) - first
	b[first-1], b[first-3] = byte(size), byte(size+2)
	return sized(b)
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

// The bits of the capability that say something here.
const restarted, forwards = 0x8, 0x80

// append appends the capability, which names IPv4 unicast.
func (g *GracefulRestart) append(b []byte) []byte {
	within, family := uint16(g.Time/time.Second), byte(0)
	if g.Restarted {
		within |= restarted << 12
	}
	if g.Forwards {
		family = forwards
	}
	b = binary.BigEndian.AppendUint16(append(b, byte(bgp.BGP_CAP_GRACEFUL_RESTART), 6), within)
	return append(b, 0, bgp.AFI_IP, bgp.SAFI_UNICAST, family)
}

// decodeRestart reads the capability. Of a family named twice the last counts.
func decodeRestart(c *bgp.CapGracefulRestart) *GracefulRestart {
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

func decodeOpen(r *reader) Event { return r.message(KindOpen) }

// open reads an OPEN. Each end of a connection sends the same one again and again,
// so that equal bytes are parsed once.
func (c *Codec) open(conn Conn, raw []byte) (Open, error) {
	e, known := c.opens[string(raw)]
	if !known {
		m, err := parse(raw, bgp.BGP_MSG_OPEN)
		if err != nil {
			return Open{}, err
		}
		e = readOpen(m.Body.(*bgp.BGPOpen))
		e.Raw = slices.Clone(raw)
		if c.opens == nil || len(c.opens) == remembered {
			c.opens = map[string]Open{}
		}
		c.opens[string(raw)] = e
	}
	e.Conn = conn
	return e, nil
}

func readOpen(o *bgp.BGPOpen) Open {
	e := Open{AS: uint32(o.MyAS), Hold: time.Duration(o.HoldTime) * time.Second, RouterID: o.ID, Fault: wrongOpen(o)}
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
