package events

import (
	"fmt"
	"time"
)

// Time is virtual time: nanoseconds since the run began.
type Time int64

// Add returns t + d.
func (t Time) Add(d time.Duration) Time { return t + Time(d) }

// Sub returns t - u.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t - u) }

// String gives t in seconds with all its digits: 223.412907000s.
func (t Time) String() string {
	return fmt.Sprintf("%d.%09ds", int64(t)/1e9, int64(t)%1e9)
}

// ActorID names an actor: [a-z0-9-]{1,63}, so that it is also a NATS subject
// token. The zero value means "none".
type ActorID string

// Fabric is the actor that everything physical belongs to: nodes, links and
// what happens to them.
const Fabric ActorID = "fabric"

// Role says what a line is in the life of its actor.
type Role uint8

// The roles of a line.
const (
	Fact    Role = iota + 1 // of the scenario: the run, its topology
	Fault                   // a disturbance begins: a fault, a repair; always a root
	In                      // a message arrived; its cause is its Out
	Change                  // the actor decided something; Apply folds it
	Out                     // the actor sent a message; Due is when it arrives
	Lost                    // a message did not arrive; its cause is its Out
	Set                     // a timer was set, or moved; Due is when it fires
	Fired                   // a timer fired; its cause is its Set
	Stopped                 // a timer was stopped
)

var roleNames = [...]string{"", "fact", "fault", "in", "change", "out", "lost", "timer-set", "timer-fired", "timer-stopped"}

// String gives the role as events.arrow spells it.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return fmt.Sprintf("role(%d)", uint8(r))
}

// ParseRole is the inverse of Role.String.
func ParseRole(s string) (Role, error) {
	for i, n := range roleNames {
		if i > 0 && n == s {
			return Role(i), nil
		}
	}
	return 0, fmt.Errorf("unknown role %q", s)
}

// Event is what happened, without where and when. The set of events is closed:
// they all live in this package, one Kind each.
type Event interface {
	Kind() Kind
	fmt.Stringer            // one line, the same in every run
	append(b []byte) []byte // the canonical encoding, without the kind
}

// Line is an event with its place in the run.
type Line struct {
	Seq    uint64   // dense from 1
	Cause  uint64   // the line that it follows from, the newest if several; 0: the scenario
	Causes []uint64 // of an update that mixes causes: one per prefix in wire order; nil where Cause serves all
	At     Time     // when
	Due    Time     // of an Out, when it arrives; of a Set, when it fires; otherwise 0
	Role   Role
	Actor  ActorID // whose line it is
	Peer   ActorID // the other end of a message; otherwise none
	Event  Event
}

// String gives the line as transcripts show it.
func (l Line) String() string {
	mark := map[Role]string{Fact: "#", Fault: "!", In: "<", Change: "=", Out: ">", Lost: "x", Set: "+", Fired: "*", Stopped: "-"}[l.Role]
	peer := ""
	if l.Peer != "" {
		peer = string(l.Peer) + " "
	}
	return fmt.Sprintf("%17s %s %s %s%s", l.At, l.Actor, mark, peer, l.Event)
}
