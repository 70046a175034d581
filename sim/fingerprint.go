package sim

import (
	"encoding/binary"
	"net/netip"

	"dualhome/events"
)

// Recurrent is an actor whose state can be compared with what it was before.
type Recurrent interface {
	Actor
	// Fingerprint tells f all of the state on which depends what the actor will do:
	// times by how long ago they were, connections by how many were opened since.
	// Left out is what only counts or names (draws, lines, statistics), what matters
	// only to the next disturbance (when a peer was heard last, the phase of
	// keepalives that are not written), and what only NICs depend on: where packets
	// go decides no route.
	Fingerprint(f *Fingerprint)
}

// dialer is a Recurrent that has connections.
type dialer interface {
	Recurrent
	Endpoint
	// Dialed gives how many connections the actor has opened to a peer so far.
	Dialed(peer events.ActorID) uint32
}

// Fingerprint is a hash of the state of an actor. Equal states have equal
// fingerprints; two different ones with a probability of 2⁻⁶⁴.
type Fingerprint struct {
	sum uint64
	*glance
}

// glance is one look at one actor, or at what is under way.
type glance struct {
	k     *Kernel
	actor events.ActorID
	now   events.Time
	aging bool   // the fingerprint is another a moment later, though nothing happens
	drawn uint64 // draws so far, of distributions that spread
}

// Uint tells a number, or a hash.
func (f *Fingerprint) Uint(n uint64) {
	const golden, odd = 0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9
	f.sum = ((f.sum ^ n) + golden) * odd // each step can be undone, so that two sums that differ go on to do so
	f.sum ^= f.sum >> 32
}

// Bool tells a fact.
func (f *Fingerprint) Bool(b bool) {
	n := uint64(0)
	if b {
		n = 1
	}
	f.Uint(n)
}

// Str tells a name.
func (f *Fingerprint) Str(s string) { text(f, s) }

// Bytes tells a message.
func (f *Fingerprint) Bytes(b []byte) { text(f, b) }

func text[T string | []byte](f *Fingerprint, s T) {
	f.Uint(uint64(len(s)))
	var word [8]byte
	for len(s) > 0 {
		word = [8]byte{}
		n := copy(word[:], s)
		f.Uint(binary.LittleEndian.Uint64(word[:]))
		s = s[n:]
	}
}

// Actor tells an actor.
func (f *Fingerprint) Actor(id events.ActorID) { f.Str(string(id)) }

// Addr tells an address.
func (f *Fingerprint) Addr(a netip.Addr) {
	b := a.As16()
	if a.Is4() {
		f.Uint(uint64(binary.BigEndian.Uint32(b[12:])) | 4<<32)
		return
	}
	f.Uint(binary.BigEndian.Uint64(b[:8]))
	f.Uint(binary.BigEndian.Uint64(b[8:]) ^ uint64(a.BitLen())<<56)
}

// Prefix tells a prefix.
func (f *Fingerprint) Prefix(p netip.Prefix) {
	f.Addr(p.Addr())
	f.Uint(uint64(p.Bits()))
}

// Ago tells how long ago something was that still matters.
func (f *Fingerprint) Ago(at events.Time) {
	f.aging = true
	f.Uint(uint64(f.now - at))
}

// Age tells how much time has passed since an instant, up to a limit beyond which
// it does not matter how much.
func (f *Fingerprint) Age(at, limit events.Time) {
	f.aging = f.aging || f.now-at < limit
	f.Uint(uint64(min(f.now-at, limit)))
}

// Now gives the instant of the state.
func (f *Fingerprint) Now() events.Time { return f.now }

// Conn tells a connection with a peer: who opened it, and how many that one opened
// since.
func (f *Fingerprint) Conn(peer events.ActorID, c events.Conn) {
	if c.N == 0 {
		f.Uint(0)
		return
	}
	other := peer
	if c.Initiator == peer {
		other = f.actor
	}
	dialed := f.k.slots[c.Initiator].actor.(dialer).Dialed(other)
	f.Actor(c.Initiator)
	f.Uint(1 + uint64(dialed-c.N))
}

// Draws tells how often the actor drew from a distribution. Only whether it does
// from one state to an equal one matters, and only if draws can differ.
func (f *Fingerprint) Draws(n uint64, d Dist) {
	if d.Min() != d.Max() {
		f.drawn += n
	}
}

// Part begins the fingerprint of a part of the state.
func (f *Fingerprint) Part() Fingerprint { return Fingerprint{glance: f.glance} }

// Sum gives the hash. Sums of parts may be added where their order does not matter.
func (f *Fingerprint) Sum() uint64 { return mix(f.sum) }
