package bgp

import (
	"slices"

	"dualhome/events"
	"dualhome/sim"
)

// changing is how the policies for a peer changed since the start.
type changing struct {
	changes []*Change       // in force, the newest last: it overrules those before
	retold  map[*row]uint64 // the newest change with which the peer is to have another route
}

// change gives a change of policy by its name.
func (s *Speaker) change(name string) *Change {
	i := slices.IndexFunc(s.cfg.Changes, func(c Change) bool { return c.Name == name })
	return &s.cfg.Changes[i]
}

// applyChange folds that a change of policy comes in force, or is no longer.
func (s *Speaker) applyChange(o events.Order, l *events.Line) {
	c := s.change(string(o.Arg))
	for _, id := range c.Peers {
		s.changePeer(s.peer(id), c, o.Do == events.Reconfigure, l.Seq)
	}
}

// changePeer folds what that is to one of its peers.
func (s *Speaker) changePeer(p *peer, c *Change, on bool, seq uint64) {
	p.changes = slices.DeleteFunc(p.changes, func(other *Change) bool { return other == c })
	if on {
		p.changes = append(p.changes, c)
	}
	was := s.exports(p)
	p.reconfigure(&s.cfg.Peers[p.place])
	s.countPlain()
	for _, prefix := range s.rib.from(p) {
		row := s.rib.rows[prefix]
		s.rib.set(row, p, row.received[p.place])
	}
	for r, is := range s.exports(p) { // order-free: each on its own
		if equalAttrs(was[r], is) {
			continue
		}
		if p.retold == nil {
			p.retold = map[*row]uint64{}
		}
		p.retold[r] = seq
	}
}

// reconfigure gives a peer the policies that it began with, and what is changed of
// them.
func (p *peer) reconfigure(begin *Peer) {
	now := *begin
	for _, c := range p.changes {
		if c.Prepend != nil {
			now.Prepend = *c.Prepend
		}
		if c.Import != nil {
			now.Import = c.Import
		}
		if c.Export != nil {
			now.Export = c.Export
		}
	}
	p.Peer = &now
}

// exports gives what p is to have.
func (s *Speaker) exports(p *peer) map[*row]*events.Attrs {
	all := map[*row]*events.Attrs{}
	for _, row := range s.rib.list {
		all[row] = s.export(p, row)
	}
	return all
}

// review does what a change of policy asks for, without a session being reset: what
// the peers sent is judged anew, as it was received, and what they are to have is
// compared with what they were sent (RFC 4271 section 9.2).
func (s *Speaker) review(t *sim.Turn, c *Change) {
	for _, id := range c.Peers {
		for _, prefix := range s.rib.from(s.peer(id)) {
			s.decide(t, prefix)
		}
	}
	s.dirty = s.dirty[:0]
	for _, row := range s.rib.all() {
		s.dirty = append(s.dirty, dirt{row: row})
	}
}

// latest gives the newest change of what a peer is to have of a prefix (law of
// causes, R2).
func (row *row) latest(p *peer) uint64 { return max(row.loc.seq, p.retold[row]) }
