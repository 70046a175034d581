package bgp

import (
	"net/netip"
	"slices"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// flush sends every peer what changed in this turn.
func (s *Speaker) flush(t *sim.Turn) {
	if len(s.dirty) == 0 {
		return
	}
	if len(s.dirty) > 1 {
		slices.SortStableFunc(s.dirty, func(a, b dirt) int { return events.ComparePrefixes(a.row.prefix, b.row.prefix) })
	}
	only := s.dirty[0].row
	if len(s.dirty) > 1 {
		only = nil
	}
	if only != nil && s.plainPeers == len(s.order) && only.running == len(s.order) && only.goesAnywhere() {
		return // all wait, as waits would say of each
	}
	for _, p := range s.order {
		c := p.established()
		switch {
		case c == nil:
		case p.FirstTable > 0 && t.Pending(advertiseTimer(p)): // its table is to come
		case p.Hesitate != nil:
			s.hesitate(t, p)
		default:
			s.send(t, p, c, s.dirty, false)
		}
	}
}

// hesitate makes what changed for a peer wait, together with what changes until
// it is told.
func (s *Speaker) hesitate(t *sim.Turn, p *peer) {
	timer := advertiseTimer(p)
	differs := func(d dirt) bool { _, differs := s.difference(p, d.row); return differs }
	if t.Pending(timer) || !slices.ContainsFunc(s.dirty, differs) {
		return
	}
	key := sim.KeyOf("hesitate").Actor(s.cfg.ID).Actor(p.ID).Int(p.waits)
	t.After(t.Draw(*p.Hesitate, key), timer)
}

func advertiseTimer(p *peer) events.Timer {
	return events.Timer{Name: events.AdvertiseTimer, Peer: p.ID}
}

// firstTable gives when a new session gets its table: with another one of the same
// group that waits already, which in FRR is the update group whose subgroup
// coalesces.
func (s *Speaker) firstTable(t *sim.Turn, p *peer) events.Time {
	up := 0
	for _, o := range s.order {
		if o.established() != nil {
			up++
		}
		if o != p && o.told == 0 && o.groupedWith(p) && t.Pending(advertiseTimer(o)) {
			return o.table
		}
	}
	return t.Now().Add(p.FirstTable + time.Duration(up)*p.FirstTableFor)
}

// groupedWith tells whether two peers are told the same. Those with a policy of
// their own, as a route map is named, are no group.
func (p *peer) groupedWith(o *peer) bool {
	own := p.Prepend + o.Prepend + len(p.Export) + len(o.Export)
	return own == 0 && p.internal == o.internal && p.Client == o.Client && p.Out == o.Out
}

// tell is the advertise timer: a peer gets what it lacks, which in a new session
// is the whole table. That follows from the session, or from what came later.
func (s *Speaker) tell(t *sim.Turn, p *peer) {
	c := p.established()
	if c == nil || p.FirstTable == 0 || p.told != 0 {
		s.advertiseAll(t, p, hesitated)
		return
	}
	all := s.lacking[:0]
	for _, row := range s.rib.all() {
		d := dirt{row: row}
		if seq := d.row.loc.seq; seq > c.upSeq {
			d.cause = seq
		}
		all = append(all, d)
	}
	s.lacking = all // its memory
	s.send(t, p, c, all, true)
	s.endOfRIB(t, p)
}

// occasion is why a peer is sent all that it lacks.
type occasion uint8

const (
	sessionUp occasion = iota // the session is up: the whole table
	hesitated                 // the speaker hesitated long enough
	released                  // its MRAI timer expired
)

// advertiseAll sends a peer what it lacks. What was held back follows from the
// newest change of its prefix (law of causes, R2).
func (s *Speaker) advertiseAll(t *sim.Turn, p *peer, why occasion) {
	c := p.established()
	if c == nil {
		return
	}
	all := s.lacking[:0]
	for _, row := range s.rib.all() {
		d := dirt{row: row}
		if why != sessionUp {
			d.cause = d.row.latest(p)
		}
		all = append(all, d)
	}
	s.lacking = all // its memory
	s.send(t, p, c, all, why != hesitated)
}

// askAgain asks every peer of another AS for its routes again.
func (s *Speaker) askAgain(t *sim.Turn) {
	for _, p := range s.order {
		if c := p.established(); c != nil && !p.internal {
			t.Send(p.ID, events.NewRouteRefresh(c.id))
		}
	}
}

// refresh sends a peer its Adj-RIB-Out again (RFC 2918 section 4). What waits for
// a timer goes on waiting.
func (s *Speaker) refresh(t *sim.Turn, p *peer) {
	c := p.established()
	if c == nil {
		return
	}
	var all []batch
	for _, prefix := range s.rib.to(p) {
		row := s.rib.rows[prefix]
		all = announce(all, row.sent[p.place], dirt{row: row})
	}
	for _, b := range all {
		s.emit(t, p, c, b)
	}
}

// difference gives what a peer is to have of the route to a prefix, and tells
// whether that differs from what it was sent.
func (s *Speaker) difference(p *peer, row *row) (is *events.Attrs, differs bool) {
	is = s.export(p, row)
	differs = !equalAttrs(row.sent[p.place], is)
	return is, differs || s.cfg.CompareUnsent && is != nil && s.unsent(p, row) != p.unsent[row.prefix]
}

// batch is what one UPDATE announces: prefixes of equal attributes, each with
// the line that it follows from.
type batch struct {
	attrs    *events.Attrs
	prefixes []netip.Prefix
	causes   []uint64
}

// empty gives an empty batch in the memory of b.
func (b batch) empty() batch { return batch{prefixes: b.prefixes[:0], causes: b.causes[:0]} }

func (b *batch) add(d dirt) {
	b.prefixes = append(b.prefixes, d.row.prefix)
	b.causes = append(b.causes, d.cause)
}

// send compares what a peer is to have with what it was sent, and sends the
// difference (RFC 4271 section 9.2): what its MRAI timers govern unless they run,
// the rest at once. What a timer that runs freely governs waits until it is due.
func (s *Speaker) send(t *sim.Turn, p *peer, c *conn, changed []dirt, due bool) {
	free := p.MRAI.FreeRunning && p.MRAI.Interval.Max() > 0 && !due
	withdrawn, announced, governed := s.withdrawn.empty(), s.batches[:0], s.governed[:0]
	for _, d := range changed {
		paced := p.paces(d.row)
		if paced && s.waits(p, d.row) {
			continue
		}
		is, differs := s.difference(p, d.row)
		switch {
		case !differs:
		case is == nil && !p.MRAI.Withdrawals:
			withdrawn.add(d)
		case paced || free, is != nil && p.MRAI.OnQueue && !due && s.tooSoon(t, p, d):
			if free {
				governed = append(governed, d)
			}
			if s.flushes(p, d.row, is) {
				withdrawn.add(d)
			}
		case is == nil:
			withdrawn.add(d)
			governed = append(governed, d)
		default:
			announced = announce(announced, is, d)
			governed = append(governed, d)
		}
	}
	s.withdrawn, s.batches, s.governed = withdrawn, announced, governed // their memory
	s.emit(t, p, c, withdrawn)
	for _, b := range announced {
		s.emit(t, p, c, b)
	}
	if p.MRAI.FreeRunning == free {
		s.startMRAI(t, p, governed)
	}
}

// announce adds a prefix to the batch of its attributes.
func announce(all []batch, attrs *events.Attrs, d dirt) []batch {
	i := slices.IndexFunc(all, func(b batch) bool { return equalAttrs(b.attrs, attrs) })
	if i < 0 {
		if i = len(all); i < cap(all) {
			all = all[:i+1] // its memory
			all[i] = all[i].empty()
		} else {
			all = append(all, batch{})
		}
		all[i].attrs = attrs
	}
	all[i].add(d)
	return all
}

// emit sends a batch, in as many UPDATEs as it needs.
func (s *Speaker) emit(t *sim.Turn, p *peer, c *conn, b batch) {
	for len(b.prefixes) > 0 {
		n := min(len(b.prefixes), events.MaxPrefixes)
		raw, routes := s.encode(b.attrs, b.prefixes[:n])
		t.SendMixed(p.ID, s.made.New(events.Update{Wire: events.Wire{Conn: c.id, Raw: raw}, Routes: routes}), b.causes[:n])
		b.prefixes, b.causes = b.prefixes[n:], b.causes[n:]
	}
}

// encode builds what an UPDATE says, and its bytes; without attributes it
// withdraws. Most peers get the same, so the last one of a single prefix is
// remembered.
func (s *Speaker) encode(attrs *events.Attrs, prefixes []netip.Prefix) ([]byte, *events.Routes) {
	last := &s.encoded
	if len(prefixes) == 1 && last.routes != nil && last.attrs == attrs && last.prefix == prefixes[0] {
		return last.raw, last.routes
	}
	routes := said(attrs, prefixes)
	raw := events.EncodeUpdate(routes)
	if len(prefixes) == 1 {
		s.encoded = encoded{attrs, prefixes[0], raw, routes}
	}
	return raw, routes
}

// said gives what an UPDATE says. Most have one prefix, which finds room beside.
func said(attrs *events.Attrs, prefixes []netip.Prefix) *events.Routes {
	one := &struct {
		events.Routes
		prefix [1]netip.Prefix
	}{}
	kept := append(one.prefix[:0], prefixes...)
	if attrs == nil {
		one.Withdrawn = kept
	} else {
		one.Attrs, one.NLRI = attrs, kept
	}
	return &one.Routes
}

// encoded remembers what encode gave last.
type encoded struct {
	attrs  *events.Attrs
	prefix netip.Prefix
	raw    []byte
	routes *events.Routes
}
