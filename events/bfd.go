package events

import (
	"encoding/binary"
	"fmt"
	"time"
)

// BFDState is a state of a BFD session (RFC 5880 section 4.1).
type BFDState uint8

// The states of a BFD session.
const (
	BFDAdminDown BFDState = iota
	BFDDown
	BFDInit
	BFDUp
)

func (s BFDState) String() string {
	return [...]string{"AdminDown", "Down", "Init", "Up"}[min(s, BFDUp)]
}

// Diagnostic says why a BFD session went down (RFC 5880 section 4.1).
type Diagnostic uint8

// The diagnostics that are used here.
const (
	NoDiagnostic   Diagnostic = 0
	TimeExpired    Diagnostic = 1 // Control Detection Time Expired
	NeighborSignal Diagnostic = 3 // Neighbor Signaled Session Down
)

func (d Diagnostic) String() string {
	switch d {
	case NoDiagnostic:
		return "no diagnostic"
	case TimeExpired:
		return "control detection time expired"
	case NeighborSignal:
		return "neighbor signaled session down"
	}
	return fmt.Sprintf("diagnostic %d", uint8(d))
}

// BFD is a BFD Control packet (RFC 5880 section 4.1). Only those are written that
// change something at one end; the others arrive unwritten. It is a datagram: what
// meets a cut is lost.
type BFD struct {
	State         BFDState
	Diag          Diagnostic
	Multiplier    uint8         // Detect Mult
	My, Your      uint32        // discriminators; Your is 0 while the sender does not know it
	DesiredMinTx  time.Duration // whole microseconds, as is
	RequiredMinRx time.Duration
}

// Kind says which event it is.
func (BFD) Kind() Kind { return KindBFD }

func (e BFD) String() string {
	return fmt.Sprintf("BFD %v (%v) from %d to %d, %v x %d, accepts %v", e.State, e.Diag, e.My, e.Your, e.DesiredMinTx, e.Multiplier, e.RequiredMinRx)
}

// bfdLength is that of a packet without authentication.
const bfdLength = 24

// append writes the packet as it is on the wire, Required Min Echo RX Interval 0.
func (e BFD) append(b []byte) []byte {
	b = append(b, 1<<5|byte(e.Diag&0x1f), byte(e.State&3)<<6, e.Multiplier, bfdLength)
	b = binary.BigEndian.AppendUint32(b, e.My)
	b = binary.BigEndian.AppendUint32(b, e.Your)
	b = binary.BigEndian.AppendUint32(b, uint32(e.DesiredMinTx/time.Microsecond))
	b = binary.BigEndian.AppendUint32(b, uint32(e.RequiredMinRx/time.Microsecond))
	return append(b, 0, 0, 0, 0)
}

func decodeBFD(r *reader) Event {
	if len(r.b) < bfdLength {
		r.fail("a BFD packet of %d bytes", len(r.b))
		return BFD{}
	}
	b := r.b[:bfdLength]
	r.b = r.b[bfdLength:]
	if b[0]>>5 != 1 || b[1]&0x3f != 0 || b[3] != bfdLength || binary.BigEndian.Uint32(b[20:]) != 0 {
		r.fail("a BFD packet of another version, with flags or echo: %x", b)
		return BFD{}
	}
	micros := func(at int) time.Duration {
		return time.Duration(binary.BigEndian.Uint32(b[at:])) * time.Microsecond
	}
	return BFD{
		State: BFDState(b[1] >> 6), Diag: Diagnostic(b[0] & 0x1f), Multiplier: b[2],
		My: binary.BigEndian.Uint32(b[4:]), Your: binary.BigEndian.Uint32(b[8:]),
		DesiredMinTx: micros(12), RequiredMinRx: micros(16),
	}
}

// BFDChanged says that the BFD session with Neighbor went to another state.
type BFDChanged struct {
	Neighbor ActorID
	Was, Is  BFDState
	Diag     Diagnostic
}

// Kind says which event it is.
func (BFDChanged) Kind() Kind { return KindBFDChanged }

func (e BFDChanged) String() string {
	return fmt.Sprintf("BFD %s: %v -> %v (%v)", e.Neighbor, e.Was, e.Is, e.Diag)
}

func (e BFDChanged) append(b []byte) []byte {
	return append(appendActor(b, e.Neighbor), byte(e.Was), byte(e.Is), byte(e.Diag))
}

func decodeBFDChanged(r *reader) Event {
	return BFDChanged{Neighbor: r.actor(), Was: BFDState(r.byte()), Is: BFDState(r.byte()), Diag: Diagnostic(r.byte())}
}
