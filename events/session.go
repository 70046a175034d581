package events

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
)

// Conn names one TCP connection of two speakers: who opened it, and how many it
// had opened to that peer until then. It is the incarnation of a session: bytes
// of another connection are never taken for this one's.
type Conn struct {
	Initiator ActorID
	N         uint32 // from 1; 0 is no connection
}

func (c Conn) String() string {
	if c.N == 0 {
		return "none"
	}
	return fmt.Sprintf("%s#%d", c.Initiator, c.N)
}

func appendConn(b []byte, c Conn) []byte {
	return binary.AppendUvarint(appendActor(b, c.Initiator), uint64(c.N))
}

func (r *reader) conn() Conn { return Conn{Initiator: r.actor(), N: uint32(r.uvarint())} }

// Flag is what a TCP segment without data does.
type Flag uint8

// The flags of RFC 9293 that open and close a connection.
const (
	SYN    Flag = iota + 1 // open it
	SYNACK                 // it is open
	FIN                    // the sender's process ended; the host closed it in order
	RST                    // there is no such connection here
)

func (f Flag) String() string { return [...]string{"", "SYN", "SYN-ACK", "FIN", "RST"}[min(f, RST)] }

// TCP is a segment that opens or closes a connection.
type TCP struct {
	Conn Conn
	Flag Flag
}

// Kind says which event it is.
func (TCP) Kind() Kind { return KindTCP }

func (e TCP) String() string { return fmt.Sprintf("%v %v", e.Flag, e.Conn) }

func (e TCP) append(b []byte) []byte { return append(appendConn(b, e.Conn), byte(e.Flag)) }

func decodeTCP(r *reader) Event { return TCP{Conn: r.conn(), Flag: Flag(r.byte())} }

// State is a state of the BGP finite state machine (RFC 4271 section 8.2.2).
type State uint8

// The states of a session.
const (
	Idle State = iota
	Connect
	Active
	OpenSent
	OpenConfirm
	Established
)

func (s State) String() string {
	return [...]string{"Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established"}[min(s, Established)]
}

// SessionChanged says that the session with Neighbor went to another state.
// With two connections at once (RFC 4271 section 6.8) Conn tells which.
type SessionChanged struct {
	Neighbor ActorID
	Conn     Conn
	Was, Is  State
	Hold     time.Duration // negotiated; from OpenConfirm on, 0: no hold timer
	Why      string
}

// Kind says which event it is.
func (SessionChanged) Kind() Kind { return KindSessionChanged }

func (e SessionChanged) String() string {
	return fmt.Sprintf("session %s: %v -> %v (%s)", e.Neighbor, e.Was, e.Is, e.Why)
}

func (e SessionChanged) append(b []byte) []byte {
	b = append(appendConn(appendActor(b, e.Neighbor), e.Conn), byte(e.Was), byte(e.Is))
	return appendString(binary.AppendUvarint(b, uint64(e.Hold)), e.Why)
}

func decodeSessionChanged(r *reader) Event {
	return SessionChanged{
		Neighbor: r.actor(), Conn: r.conn(), Was: State(r.byte()), Is: State(r.byte()),
		Hold: time.Duration(r.uvarint()), Why: r.string(),
	}
}

// ProbeChanged says that a health probe of another node, or of a way, began to
// fail or to succeed.
type ProbeChanged struct {
	Target ActorID
	Up     bool
	Why    string
}

// Kind says which event it is.
func (ProbeChanged) Kind() Kind { return KindProbeChanged }

func (e ProbeChanged) String() string {
	return fmt.Sprintf("probe of %s %s (%s)", e.Target, upDown(e.Up), e.Why)
}

func (e ProbeChanged) append(b []byte) []byte {
	return appendString(appendBool(appendActor(b, e.Target), e.Up), e.Why)
}

func decodeProbeChanged(r *reader) Event {
	return ProbeChanged{Target: r.actor(), Up: r.bool(), Why: r.string()}
}

// TimerName says what a timer is for.
type TimerName uint8

// The timers of all actors.
const (
	ConnectTimer      TimerName = iota + 1 // opens a connection: start jitter, IdleHoldTimer
	ConnectRetryTimer                      // RFC 4271 section 8: gives an attempt up and makes another
	HoldTimer                              // RFC 4271 section 8: the peer is silent for too long
	KeepaliveTimer                         // RFC 4271 section 8; only where every keepalive is sent
	MRAITimer                              // RFC 4271 section 9.2.1.1
	ProgramTimer                           // a NIC group's next pending route is due
	FaultTimer                             // a disturbance begins
	TakeoverTimer                          // another instance takes the NICs over
	LivenessTimer                          // BFD, dead-peer detection or a health probe hears nothing for too long
	AdvertiseTimer                         // a peer that is told late is told
	LimitTimer                             // a session that sent too many routes may begin again
	WorkTimer                              // the UPDATE that the speaker works on is done
	RestartTimer                           // RFC 4724: a peer that restarts does not come back; of nobody: this end chooses its routes at last
	ReuseTimer                             // RFC 2439: a suppressed route may be used again
	BFDTimer                               // RFC 5880 section 6.8.7: the next packet of a session that is not up
	DecisionTimer                          // a prefix that waits for its decision is decided
	InstallTimer                           // a route reaches the forwarding table
	UserTimer                              // RFC 9293 section 3.8.3: data stays unacknowledged for too long
)

func (n TimerName) String() string {
	return [...]string{"", "connect", "connect-retry", "hold", "keepalive", "mrai", "program", "fault", "takeover", "liveness", "advertise", "limit", "work", "restart", "reuse", "bfd", "decision", "install", "user-timeout"}[min(n, UserTimer)]
}

// Timer is both the name of a timer and the event that it fires. An actor has
// at most one timer of each name: setting it again moves it.
type Timer struct {
	Name   TimerName
	Peer   ActorID      // whose; none for an actor's own
	Conn   Conn         // of which connection
	Prefix netip.Prefix // which, for a timer per prefix
	Item   string       // which, for a timer per named thing
}

// Kind says which event it is.
func (Timer) Kind() Kind { return KindTimer }

func (e Timer) String() string {
	s := e.Name.String()
	if e.Peer != "" {
		s += " " + string(e.Peer)
	}
	if e.Prefix.IsValid() {
		s += " " + e.Prefix.String()
	}
	if e.Item != "" {
		s += " " + e.Item
	}
	return s
}

func (e Timer) append(b []byte) []byte {
	b = appendConn(appendActor(append(b, byte(e.Name)), e.Peer), e.Conn)
	return appendString(appendPrefix(b, e.Prefix), e.Item)
}

func decodeTimer(r *reader) Event {
	return Timer{Name: TimerName(r.byte()), Peer: r.actor(), Conn: r.conn(), Prefix: r.prefix(), Item: r.string()}
}
