package metrics

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// cause is why a packet was lost; the names are a contract.
type cause uint8

const (
	delivered cause = iota // it was not
	detectionGap
	programmingGap
	blackHole
	loop
	asymmetry
)

func (c cause) String() string {
	return [...]string{"", "detection-gap", "programming-gap", "black-hole", "loop", "asymmetry"}[c]
}

// entry is a table entry that chose a hop of a walk.
type entry struct {
	at     int32 // the node whose table it is in
	table  tableKind
	prefix netip.Prefix
	hop    netip.Addr // the next hop, of those of the entry
	prev   *entry     // the one that chose the hop to that node
}

type tableKind uint8

const (
	systemTable tableKind = iota // a system route, or no entry at all
	nicTable
	fibTable
)

// blame gives the cause of a loss from the entries that led to it, the last
// first. The first that is about to change, or already changed in its speaker's
// mind, explains the loss; where nobody will ever notice it is a black hole.
func (n *network) blame(e *entry, dst netip.Addr) cause {
	for ; e != nil; e = e.prev {
		if c := n.judge(e, dst); c != blackHole {
			return c
		}
	}
	return blackHole
}

// judge blames one entry. It is about to be programmed anew where its speaker
// knows another best route for the prefix, or lost the one it had while it ran.
// A speaker that knows nothing of the prefix (its process began with empty
// tables) has nothing to program; all it can do is find out that the owner of
// the next hop is of no use.
func (n *network) judge(e *entry, dst netip.Addr) cause {
	speaker, ok := n.behind(e)
	if !ok {
		return blackHole
	}
	if e.table == systemTable {
		return n.missing(speaker, e, dst)
	}
	best, known := speaker.best.entries[e.prefix]
	i := slices.Index(best.NextHops, e.hop)
	switch {
	case i < 0 && (known || speaker.gone[e.prefix]):
		return programmingGap
	case i < 0:
		if owner, ok := n.owners[e.hop]; ok && n.notices(speaker, n.nodes[owner].Node.Node) {
			return detectionGap
		}
	case i < len(best.Is) && n.notices(speaker, best.Is[i]):
		return detectionGap
	}
	return blackHole
}

// missing blames a system route, or an empty table: the speaker may know a
// route that would be chosen instead, and is not programmed yet. A route that a
// system route of the NIC hides would not be.
func (n *network) missing(speaker *node, e *entry, dst netip.Addr) cause {
	if p, _, ok := speaker.best.lookup(dst); ok && p.Bits() >= e.prefix.Bits() && !n.nodes[e.at].hides(p) {
		return programmingGap
	}
	return blackHole
}

// behind gives the speaker that is responsible for an entry: for an entry of a
// NIC the instance that serves it, or else the one that programmed it, for one
// of a FIB the node itself. There is none where nobody can change the entry: it
// is static, or the speaker's process does not run.
func (n *network) behind(e *entry) (*node, bool) {
	at := &n.nodes[e.at]
	if e.table == fibTable {
		return at, !at.fib.entries[e.prefix].static && at.runs()
	}
	instance := at.programmer
	if instance == "" && e.table == nicTable {
		instance = at.nic.entries[e.prefix].instance
	}
	i, ok := n.index[instance]
	if !ok {
		return nil, false
	}
	return &n.nodes[i], n.nodes[i].runs()
}

// notices tells whether a speaker will find out that a peer's routes are of no
// use: the peer is silent, or has forgotten the session. Where a session has no
// hold timer, silence is never noticed.
func (n *network) notices(speaker *node, peer events.ActorID) bool {
	i, ok := n.index[peer]
	if !ok || peer == speaker.Node.Node {
		return false
	}
	p := &n.nodes[i]
	s, up := speaker.sessions[peer]
	silent := !p.runs() || n.cut(speaker.Node.Node, peer) || n.cut(peer, speaker.Node.Node)
	return silent && (s.hold || !up) || up && p.runs() && p.sessions[speaker.Node.Node].conn != s.conn
}

// cut tells whether a path that exists loses every packet.
func (n *network) cut(from, to events.ActorID) bool {
	pair := [2]int32{n.index[from], n.index[to]}
	_, exists := n.paths[pair]
	return exists && !n.reaches(pair[0], pair[1])
}
