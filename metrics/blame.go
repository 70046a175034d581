package metrics

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// cause is why a packet was lost; the names are a contract.
type cause uint8

const (
	delivered      cause = iota // it was not
	detectionGap                // somebody is yet to find out: the failure itself, or news of it that is under way or held back (an UPDATE that has not arrived, a gateway that converges)
	programmingGap              // whose it is knows, and its tables follow
	blackHole
	loop
	asymmetry
	policy
	congestion
)

func (c cause) String() string {
	return [...]string{"", "detection-gap", "programming-gap", "black-hole", "loop", "asymmetry", "policy", "congestion"}[c]
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
	userTable
)

// inquiry is the search for why packets to an address were lost at a node, or
// directly before it.
type inquiry struct {
	*network
	dst netip.Addr
	at  int32
}

// whyDied gives the cause of a leg at whose end packets die.
func (n *network) whyDied(l *leg) cause {
	q := inquiry{n, l.dst, l.next}
	if why := q.blame(l.last); why != blackHole || l.fate == delivered {
		return why
	}
	return l.fate
}

// explain finds out anew why flows are lost that go where they went.
func (n *network) explain(legs []leg) []leg {
	now := legs
	for i := range legs {
		if !legs[i].died {
			continue
		}
		if why := n.whyDied(&legs[i]); why != legs[i].cause {
			if identical(now, legs) {
				now = slices.Clone(legs)
			}
			now[i].cause = why
		}
	}
	return now
}

// blame gives the cause of a loss from the entries that led to it, the last
// first. The first that is about to change, or already changed in its speaker's
// mind, explains the loss; where nobody will ever notice it is a black hole. So
// is a user-defined route that itself leads to what is dead: nobody changes it,
// even if somebody before it will send packets another way some time.
func (q *inquiry) blame(e *entry) cause {
	if e != nil && e.table == userTable {
		return blackHole
	}
	for ; e != nil; e = e.prev {
		if c := q.judge(e); c != blackHole {
			return c
		}
	}
	return blackHole
}

// judge blames one entry. It is about to be programmed anew where its speaker
// knows another best route for the prefix, or lost the one it had while it ran.
// A speaker that knows nothing of the prefix (its process began with empty
// tables) has nothing to program; all it can do is find out that the owner of
// the next hop is of no use. Whoever watches that owner finds out too, even
// where the entry is static.
func (q *inquiry) judge(e *entry) cause {
	if q.nodes[e.at].finds(q.network, e) {
		return detectionGap
	}
	speaker, ok := q.behind(e)
	if !ok {
		return blackHole
	}
	if e.table == systemTable {
		return q.missing(speaker, e)
	}
	best, known := speaker.best.get(e.prefix)
	i := -1
	if known {
		i = slices.Index(best.NextHops, e.hop)
	}
	switch {
	case i < 0 && (known || speaker.gone[e.prefix]):
		return programmingGap
	case i < 0:
		if owner, ok := q.owners[e.hop]; ok && q.notices(speaker, q.nodes[owner].Node.Node) {
			return detectionGap
		}
	case i < len(best.Is) && q.loses(speaker, e.prefix, best.Is[i], e.hop, maxChain):
		return detectionGap
	}
	return blackHole
}

// finds tells whether a node is about to find out that the owner of the next hop
// of an entry of its guest's FIB is silent; a load balancer without an entry,
// that some back end answers again.
func (n *node) finds(net *network, e *entry) bool {
	switch owner, ok := net.owners[e.hop]; {
	case e.table != fibTable || !n.runs():
		return false
	case ok:
		return n.watched[net.nodes[owner].Node.Node]
	}
	return n.Type == events.LoadBalancerNode && len(n.watched) > 0
}

// maxChain is how many speakers a route is followed back through.
const maxChain = 6

// loses tells whether a speaker will find out that the route that it has from a
// peer, with a next hop, is of no use: the peer is, or will itself lose or change
// what it told, or did and its UPDATE is on the way. What is beyond the place of
// the loss has nothing to do with it.
func (q *inquiry) loses(speaker *node, p netip.Prefix, peer events.ActorID, hop netip.Addr, depth int) bool {
	if q.notices(speaker, peer) {
		return true
	}
	at, known := q.index[peer]
	if !known || depth == 0 || peer == speaker.Node.Node || !q.nodes[at].runs() {
		return false
	}
	teacher := &q.nodes[at]
	best, knows := teacher.best.get(p)
	switch {
	case !knows:
		return teacher.gone[p]
	case at == q.at:
		return false
	case q.passesOn(at, p, hop):
		i := slices.Index(best.NextHops, hop)
		return i < 0 || i < len(best.Is) && q.loses(teacher, p, best.Is[i], hop, depth-1)
	}
	return q.losesAll(teacher, best, depth-1)
}

// losesAll tells whether a speaker will find out that each of its best routes to
// a prefix is of no use: as long as one is left it tells others of itself.
func (q *inquiry) losesAll(speaker *node, best *events.BestChanged, depth int) bool {
	for i, peer := range best.Is {
		if i >= len(best.NextHops) || !q.loses(speaker, best.Prefix, peer, best.NextHops[i], depth) {
			return false
		}
	}
	return true
}

// passesOn tells whether a speaker that sent a route with a next hop has it from
// a peer: a best route of it had that hop, now or before. Its own address, and
// what it sends instead of that, no peer told it.
func (n *network) passesOn(speaker int32, p netip.Prefix, hop netip.Addr) bool {
	owner, ok := n.owners[hop]
	return ok && owner != speaker && n.nodes[speaker].taught[lesson{p, hop}]
}

// missing blames a system route, or an empty table: the speaker may know a
// route that would be chosen instead, and is not programmed yet. A route that a
// system route of the NIC hides would not be.
func (q *inquiry) missing(speaker *node, e *entry) cause {
	if p, _, ok := speaker.best.lookup(q.dst); ok && p.Bits() >= e.prefix.Bits() && !q.nodes[e.at].hides(p) {
		return programmingGap
	}
	return blackHole
}

// behind gives the speaker that is responsible for an entry: for an entry of a
// NIC the instance that serves it, or else the one that programmed it, for one
// of a FIB, or of a gateway, the node itself. There is none where nobody can
// change the entry: it is static or user-defined, or the speaker's process does
// not run.
func (n *network) behind(e *entry) (*node, bool) {
	at := &n.nodes[e.at]
	switch {
	case e.table == userTable:
		return nil, false
	case e.table == fibTable || at.isGateway():
		return at, !at.fib.of(e.prefix).static && at.runs()
	}
	instance := at.programmer
	if instance == "" && e.table == nicTable {
		instance = at.nic.of(e.prefix).instance
	}
	i, ok := n.index[instance]
	if !ok {
		return nil, false
	}
	return &n.nodes[i], n.nodes[i].runs()
}

// notices tells whether a speaker will find out that a peer's routes are of no
// use: the peer is silent, or has forgotten the session. Where a session has
// neither hold timer nor BFD, silence is never noticed.
func (n *network) notices(speaker *node, peer events.ActorID) bool {
	i, ok := n.index[peer]
	if !ok || peer == speaker.Node.Node {
		return false
	}
	p := &n.nodes[i]
	s, up := speaker.sessions[peer]
	silent := !p.runs() || n.cut(speaker.Node.Node, peer) || n.cut(peer, speaker.Node.Node)
	return silent && (s.hold || !up || speaker.watched[peer]) || up && p.runs() && p.sessions[speaker.Node.Node].conn != s.conn
}

// cut tells whether a path that exists loses every packet.
func (n *network) cut(from, to events.ActorID) bool {
	pair := [2]int32{n.index[from], n.index[to]}
	_, exists := n.paths[pair]
	return exists && !n.reaches(pair[0], pair[1])
}
