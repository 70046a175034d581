package events

import (
	"fmt"
	"net/netip"
)

// Start tells an actor that the run begins. It has no Out.
type Start struct{}

// Kind says which event it is.
func (Start) Kind() Kind { return KindStart }

func (Start) String() string         { return "start" }
func (Start) append(b []byte) []byte { return b }
func decodeStart(*reader) Event      { return Start{} }

// Disturbance is a fault or its repair, as the scenario names it: the root of
// all that follows from it.
type Disturbance struct {
	Name   string // unique in the run; a repair is <fault>-repair
	What   string // the kind of fault: node-death, link-down, …
	Target string
	Repair bool
}

// Kind says which event it is.
func (Disturbance) Kind() Kind { return KindDisturbance }

func (e Disturbance) String() string {
	if e.Repair {
		return fmt.Sprintf("%s: %s of %s repaired", e.Name, e.What, e.Target)
	}
	return fmt.Sprintf("%s: %s of %s", e.Name, e.What, e.Target)
}

func (e Disturbance) append(b []byte) []byte {
	b = appendString(appendString(appendString(b, e.Name), e.What), e.Target)
	return appendBool(b, e.Repair)
}

func decodeDisturbance(r *reader) Event {
	return Disturbance{Name: r.string(), What: r.string(), Target: r.string(), Repair: r.bool()}
}

// LinkState says that one direction of a link loses every packet, or no longer.
type LinkState struct {
	Crossing Crossing
	Up       bool
}

// Kind says which event it is.
func (LinkState) Kind() Kind { return KindLinkState }

func (e LinkState) String() string { return fmt.Sprintf("link %v %s", e.Crossing, upDown(e.Up)) }

func (e LinkState) append(b []byte) []byte { return appendBool(appendCrossing(b, e.Crossing), e.Up) }

func decodeLinkState(r *reader) Event { return LinkState{Crossing: r.crossing(), Up: r.bool()} }

// Condition says how much of a node works.
type Condition uint8

// The conditions of a node.
const (
	Alive  Condition = iota + 1
	Dead             // nothing works; nobody is told
	Hung             // its process does not run; its host acknowledges and forwards
	Halted           // its process is gone, its connections closed; its host is alive
)

func (c Condition) String() string {
	return [...]string{"", "alive", "dead", "hung", "halted"}[min(c, Halted)]
}

// NodeState says that a node's condition changed.
type NodeState struct {
	Node ActorID
	Is   Condition
}

// Kind says which event it is.
func (NodeState) Kind() Kind { return KindNodeState }

func (e NodeState) String() string { return fmt.Sprintf("%s %v", e.Node, e.Is) }

func (e NodeState) append(b []byte) []byte { return append(appendActor(b, e.Node), byte(e.Is)) }

func decodeNodeState(r *reader) Event { return NodeState{Node: r.actor(), Is: Condition(r.byte())} }

// ForwardingState says that a node forwards packets of others, or does not,
// whatever its BGP does.
type ForwardingState struct {
	Node ActorID
	Up   bool
}

// Kind says which event it is.
func (ForwardingState) Kind() Kind { return KindForwardingState }

func (e ForwardingState) String() string {
	return fmt.Sprintf("forwarding of %s %s", e.Node, upDown(e.Up))
}

func (e ForwardingState) append(b []byte) []byte { return appendBool(appendActor(b, e.Node), e.Up) }

func decodeForwardingState(r *reader) Event { return ForwardingState{Node: r.actor(), Up: r.bool()} }

// PathCause says why a direction between two speakers fell silent or came back.
type PathCause uint8

// What silences a direction.
const (
	ByLink    PathCause = iota + 1 // packets are lost on the way, those under way too
	ByDeath                        // the other end died; what is under way from it arrives
	ByHang                         // a process stopped: the other end's, or (Toward) one's own
	ByRestart                      // the other end is back, with nothing it knew before
)

func (c PathCause) String() string {
	return [...]string{"", "link", "death", "hang", "restart"}[min(c, ByRestart)]
}

// PathState tells a speaker that one direction between it and a peer fell
// silent, or is no longer. No router is told such a thing; here it stands for
// the keepalives that stop, or start again, to arrive, so that nothing has to
// be written while nothing happens. A speaker uses it for its hold timer, its
// keepalives and the packets of BFD alone.
type PathState struct {
	Speaker ActorID // the other end
	Toward  bool    // the direction to Speaker, otherwise from it
	Up      bool
	By      PathCause
}

// Kind says which event it is.
func (PathState) Kind() Kind { return KindPathState }

func (e PathState) String() string {
	way := "from"
	if e.Toward {
		way = "to"
	}
	return fmt.Sprintf("path %s %s %s (%v)", way, e.Speaker, upDown(e.Up), e.By)
}

func (e PathState) append(b []byte) []byte {
	return append(appendBool(appendBool(appendActor(b, e.Speaker), e.Toward), e.Up), byte(e.By))
}

func decodePathState(r *reader) Event {
	return PathState{Speaker: r.actor(), Toward: r.bool(), Up: r.bool(), By: PathCause(r.byte())}
}

// Verb says what an Order orders.
type Verb uint8

// The orders of the fabric, and of operators, to an actor.
const (
	Die         Verb = iota + 1 // lose everything, silently
	Kill                        // the process ends; the host closes its connections
	Stop                        // say goodbye to every peer, then end
	Restart                     // begin anew, with empty tables
	Shutdown                    // shut down the session with Arg
	Enable                      // allow the session with Arg again
	Serve                       // program the NIC group Arg from now on
	Release                     // program the NIC group Arg no longer
	Flush                       // forget the learned routes of this NIC group
	Refresh                     // ask every peer of another AS for its routes again
	Announce                    // originate Prefix from now on
	Withdraw                    // originate Prefix no longer
	LinkDown                    // the link to Arg failed, and this end noticed
	LinkUp                      // the link to Arg works again
	Reconfigure                 // the change of policy that is called Arg is in force from now on
	Restore                     // it is no longer
)

func (v Verb) String() string {
	return [...]string{
		"", "die", "kill", "stop", "restart", "shutdown", "enable", "serve", "release", "flush", "refresh",
		"announce", "withdraw", "link-down", "link-up", "reconfigure", "restore",
	}[min(v, Restore)]
}

// ofPrefix tells whether an order is about a prefix. Only then is one written, so
// that the bytes of all others stay as they were.
func (v Verb) ofPrefix() bool { return v == Announce || v == Withdraw }

// Order makes an actor do something.
type Order struct {
	Do     Verb
	Arg    ActorID
	Prefix netip.Prefix // of Announce and Withdraw
}

// Kind says which event it is.
func (Order) Kind() Kind { return KindOrder }

func (e Order) String() string {
	switch {
	case e.Prefix.IsValid():
		return e.Do.String() + " " + e.Prefix.String()
	case e.Arg == "":
		return e.Do.String()
	}
	return e.Do.String() + " " + string(e.Arg)
}

func (e Order) append(b []byte) []byte {
	b = appendActor(append(b, byte(e.Do)), e.Arg)
	if e.Do.ofPrefix() {
		b = appendPrefix(b, e.Prefix)
	}
	return b
}

func decodeOrder(r *reader) Event {
	e := Order{Do: Verb(r.byte()), Arg: r.actor()}
	if e.Do.ofPrefix() {
		e.Prefix = r.prefix()
	}
	return e
}

func upDown(up bool) string {
	if up {
		return "up"
	}
	return "down"
}
