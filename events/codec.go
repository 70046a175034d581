package events

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Kind names a type of event, as the column kind of events.arrow spells it.
type Kind uint8

// The kinds of events.
const (
	KindRunStarted Kind = iota + 1
	KindNode
	KindLink
	KindPath
	KindNICGroup
	KindSystemRoute
	KindUserRoute
	KindFlowClass
	KindStart
	KindDisturbance
	KindLinkState
	KindNodeState
	KindForwardingState
	KindPathState
	KindOrder
	KindTCP
	KindOpen
	KindKeepalive
	KindUpdate
	KindNotification
	KindRouteRefresh
	KindSessionChanged
	KindProbeChanged
	KindBestChanged
	KindFIBChanged
	KindProgram
	KindServing
	KindNICChanged
	KindTimer
	KindSuppressed
	KindBFD
	KindBFDChanged
)

type kind struct {
	name   string
	decode func(*reader) Event
}

// kinds is the one place that knows them all; nothing writes to it.
var kinds = [...]kind{
	KindRunStarted:      {"run-started", decodeRunStarted},
	KindNode:            {"node", decodeNode},
	KindLink:            {"link", decodeLink},
	KindPath:            {"path", decodePath},
	KindNICGroup:        {"nic-group", decodeNICGroup},
	KindSystemRoute:     {"system-route", decodeSystemRoute},
	KindUserRoute:       {"user-route", decodeUserRoute},
	KindFlowClass:       {"flow-class", decodeFlowClass},
	KindStart:           {"start", decodeStart},
	KindDisturbance:     {"disturbance", decodeDisturbance},
	KindLinkState:       {"link-state", decodeLinkState},
	KindNodeState:       {"node-state", decodeNodeState},
	KindForwardingState: {"forwarding-state", decodeForwardingState},
	KindPathState:       {"path-state", decodePathState},
	KindOrder:           {"order", decodeOrder},
	KindTCP:             {"tcp", decodeTCP},
	KindOpen:            {"open", decodeOpen},
	KindKeepalive:       {"keepalive", decodeKeepalive},
	KindUpdate:          {"update", decodeUpdate},
	KindNotification:    {"notification", decodeNotification},
	KindRouteRefresh:    {"route-refresh", decodeRouteRefresh},
	KindSessionChanged:  {"session-changed", decodeSessionChanged},
	KindProbeChanged:    {"probe-changed", decodeProbeChanged},
	KindBestChanged:     {"best-changed", decodeBestChanged},
	KindFIBChanged:      {"fib-changed", decodeFIBChanged},
	KindProgram:         {"program", decodeProgram},
	KindServing:         {"serving", decodeServing},
	KindNICChanged:      {"nic-changed", decodeNICChanged},
	KindTimer:           {"timer", decodeTimer},
	KindSuppressed:      {"suppressed", decodeSuppressed},
	KindBFD:             {"bfd", decodeBFD},
	KindBFDChanged:      {"bfd-changed", decodeBFDChanged},
}

func kindOf(k Kind) (kind, bool) {
	if k == 0 || int(k) >= len(kinds) {
		return kind{}, false
	}
	return kinds[k], true
}

// String gives the kind's name.
func (k Kind) String() string {
	e, _ := kindOf(k)
	return e.name
}

// Kinds lists all kinds, in the order of their numbers.
func Kinds() []Kind {
	var all []Kind
	for k := Kind(1); ; k++ {
		if _, ok := kindOf(k); !ok {
			return all
		}
		all = append(all, k)
	}
}

// ParseKind is the inverse of Kind.String.
func ParseKind(name string) (Kind, error) {
	for _, k := range Kinds() {
		if k.String() == name {
			return k, nil
		}
	}
	return 0, fmt.Errorf("unknown kind of event %q", name)
}

// ErrMalformed is wrapped by every error about bytes that are no line, no event
// or no BGP message.
var ErrMalformed = errors.New("malformed")

// Codec turns lines and events into bytes and back. The bytes of a line are the
// same wherever and whenever it is written; a run's digest is taken over them.
// Decoding remembers names and parsed messages by their bytes, so that equal
// bytes are parsed once. The zero value is ready; a Codec serves one goroutine.
type Codec struct {
	names   map[string]string
	recent  [64]string // of names, those asked for last: see Name
	updates map[string]parsed
	opens   map[string]Open // by their bytes, of no connection
	made    Slab[Update]
	bests   Slab[BestChanged]
	fibs    Slab[FIBChanged]
	reading reader // what is decoded now
}

// AppendLine appends the canonical encoding of l to b.
func (c *Codec) AppendLine(b []byte, l *Line) []byte {
	b = append(b, byte(l.Role), byte(l.Event.Kind()))
	b = binary.AppendUvarint(b, l.Seq)
	b = binary.AppendUvarint(b, l.Seq-l.Cause)
	b = binary.AppendUvarint(b, uint64(len(l.Causes)))
	for _, s := range l.Causes {
		b = binary.AppendUvarint(b, l.Seq-s)
	}
	b = binary.AppendUvarint(b, uint64(l.At))
	if l.Due != 0 {
		b = binary.AppendUvarint(b, uint64(l.Due-l.At)+1)
	} else {
		b = append(b, 0)
	}
	b = appendString(b, string(l.Actor))
	b = appendString(b, string(l.Peer))
	return l.Event.append(b)
}

// DecodeLine reads one line from the front of b and returns it with the number
// of bytes it took. The line keeps no reference to b.
func (c *Codec) DecodeLine(b []byte) (Line, int, error) {
	r := c.read(b)
	l := Line{Role: Role(r.byte())}
	k := Kind(r.byte())
	l.Seq = r.uvarint()
	l.Cause = l.Seq - r.uvarint()
	for n := r.count(); n > 0; n-- {
		l.Causes = append(l.Causes, l.Seq-r.uvarint())
	}
	l.At = Time(r.uvarint())
	if d := r.uvarint(); d > 0 {
		l.Due = l.At + Time(d-1)
	}
	l.Actor, l.Peer = r.actor(), r.actor()
	l.Event = r.event(k)
	return l, len(b) - len(r.b), r.failure()
}

// AppendEvent appends the payload of e: enough, with its kind, to rebuild it.
func AppendEvent(b []byte, e Event) []byte { return e.append(b) }

// DecodeEvent rebuilds an event of kind k from its payload, all of b.
func (c *Codec) DecodeEvent(k Kind, b []byte) (Event, error) {
	r := c.read(b)
	e := r.event(k)
	if r.err == nil && len(r.b) > 0 {
		r.fail("%d bytes too many", len(r.b))
	}
	return e, r.failure()
}

// read begins to read b.
func (c *Codec) read(b []byte) *reader {
	c.reading = reader{b: b, codec: c}
	return &c.reading
}

// remembered is how many names, OPENs and UPDATEs a Codec remembers before
// it begins anew.
const remembered = 1 << 16

// Name gives b as a string, the same one for the same bytes.
func (c *Codec) Name(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	recent := &c.recent[(7*len(b)+int(b[len(b)-1]))%len(c.recent)] // names differ in their ends
	if *recent == string(b) {
		return *recent
	}
	if s, ok := c.names[string(b)]; ok {
		*recent = s
		return s
	}
	s := string(b)
	if c.names == nil || len(c.names) == remembered {
		c.names = map[string]string{}
	}
	if len(s) < 64 {
		c.names[s] = s
	}
	return s
}
