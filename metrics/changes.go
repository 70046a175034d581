package metrics

import "dualhome/events"

// routes appends the rows of routes.arrow of one line: a change of a Loc-RIB, a
// FIB or the effective routes of a NIC. A learned route that a system route
// hides is not active, and has no row. It reads the line after the network has
// folded it.
func routes(rows []Route, g *lineage, n *network, l *events.Line) []Route {
	r := Route{Seq: int64(l.Seq), Root: g.rootSeq(g.root(l.Seq)), T: int64(l.At), Actor: string(l.Actor)}
	switch e := l.Event.(type) {
	case *events.BestChanged:
		r.Table, r.Prefix, r.NextHops, r.Why = "loc-rib", n.texts.prefix(e.Prefix), n.texts.addresses(e.NextHops), n.texts.text(e.Why)
		if len(e.Is) > 0 {
			r.From, r.ASPath, r.ASPathLen = n.texts.text(string(e.Is[0])), n.texts.path(e.Path), n.texts.number(e.Path.Len())
		}
	case *events.FIBChanged:
		r.Table, r.Prefix, r.NextHops, r.Why = "fib", n.texts.prefix(e.Prefix), n.texts.addresses(e.NextHops), n.texts.text(e.Why)
	case events.NICChanged:
		return nicRoutes(rows, g, n, l, e, r)
	default:
		return rows
	}
	return append(rows, r)
}

func nicRoutes(rows []Route, g *lineage, n *network, l *events.Line, e events.NICChanged, r Route) []Route {
	r.Table, r.From = "nic", n.texts.text(string(e.Instance))
	for i, one := range e.Routes {
		if n.of(l.Actor).hides(one.Prefix) {
			continue
		}
		r.Root, r.Prefix, r.NextHops = g.rootSeq(g.rootOf(l, i)), n.texts.prefix(one.Prefix), n.texts.addresses(one.NextHops)
		rows = append(rows, r)
	}
	return rows
}

// programming gives the row of programming.arrow of a transaction that took effect.
func programming(g *lineage, l *events.Line, e events.NICChanged) Programming {
	return Programming{
		Seq: int64(l.Seq), Root: g.rootSeq(g.root(l.Seq)), T: int64(l.At),
		Actor: string(e.Instance), Group: string(l.Actor), Changes: int64(len(e.Routes)),
	}
}

// session gives the row of sessions.arrow of a transition.
func session(g *lineage, l *events.Line, e events.SessionChanged) Session {
	return Session{
		Seq: int64(l.Seq), Root: g.rootSeq(g.root(l.Seq)), T: int64(l.At),
		Actor: string(l.Actor), Peer: string(e.Neighbor), State: e.Is.String(), Reason: e.Why,
	}
}
