package metrics

import (
	"net/netip"

	"dualhome/events"
)

// ribs is what each speaker has heard of each peer in the session of now: the
// Adj-RIBs-In (RFC 4271 section 3.2), of which only that a route is there and
// whether the loop check refuses it are kept.
type ribs struct {
	net   *network
	heard map[adjacency]*adjRIB
	spare []*adjRIB // of earlier runs
}

// adjacency is one end of a session.
type adjacency struct{ at, from int32 }

// adjRIB is the routes that came over one connection. True are those whose path
// holds the receiver's own AS (RFC 4271 section 9.1.2).
type adjRIB struct {
	conn   events.Conn
	routes map[netip.Prefix]bool
}

// reset begins another run.
func (r *ribs) reset() {
	for _, one := range r.heard { // order-free: one is as good as another
		r.spare = append(r.spare, one)
	}
	r.heard = emptied(r.heard)
}

// fresh gives an empty table.
func (r *ribs) fresh() *adjRIB {
	last := len(r.spare) - 1
	if last < 0 {
		return &adjRIB{routes: map[netip.Prefix]bool{}}
	}
	one := r.spare[last]
	r.spare = r.spare[:last]
	one.reset(events.Conn{})
	return one
}

// reset begins a connection.
func (r *adjRIB) reset(conn events.Conn) { *r = adjRIB{conn, emptied(r.routes)} }

// add takes a line.
func (r *ribs) add(l *events.Line) {
	if l.Role != events.In {
		return
	}
	u, ok := l.Event.(*events.Update)
	if !ok || u.Routes == nil {
		return
	}
	at := adjacency{r.net.node(l.Actor), r.net.node(l.Peer)}
	one := r.heard[at]
	if one == nil {
		one = r.fresh()
		r.heard[at] = one
	}
	if one.conn != u.Conn {
		one.reset(u.Conn)
	}
	as := r.net.nodes[at.at].AS
	one.add(u.Heard(r.net.nodes[at.from].AS == as), as)
}

// add folds an UPDATE that came to a speaker of an AS.
func (r *adjRIB) add(u *events.Routes, as uint32) {
	for _, p := range u.Withdrawn {
		delete(r.routes, p)
	}
	if len(u.NLRI) == 0 {
		return
	}
	looped := u.Attrs.Path.Contains(as)
	for _, p := range u.NLRI {
		r.routes[p] = looped
	}
}

// lasts tells whether the connection of an adjacency is still that of a session.
func (r *ribs) lasts(at adjacency) bool {
	s, up := r.net.nodes[at.at].sessions[r.net.nodes[at.from].Node.Node]
	return up && s.conn == r.heard[at].conn
}

// ignored counts the routes of an adjacency that the loop check refuses, and
// those of them for whose prefixes the receiver has no other.
func (r *ribs) ignored(at adjacency) (all, missed int) {
	best := &r.net.nodes[at.at].best
	for p, looped := range r.heard[at].routes { // order-free: counts
		if !looped {
			continue
		}
		all++
		if _, known := best.get(p); !known {
			missed++
		}
	}
	return all, missed
}
