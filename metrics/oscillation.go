package metrics

import (
	"cmp"
	"maps"
	"slices"
)

// Circle says that the network stood at Until as it had stood at From, in all that
// its routes depend on. It is the kernel's finding.
type Circle struct {
	From, Until int64 // ns
	Strict      bool  // nothing was drawn in between whose value can vary
	Next        int64 // when the next disturbance comes; 0: none does
}

// Proof says what shows an oscillation.
type Proof string

// The proofs, the strongest first.
const (
	// ByState: the whole state came again and nothing was drawn on the way, so the
	// same happens for ever, or until the next disturbance.
	ByState Proof = "state"
	// ByReturn: the whole state came again, but draws vary. The network was there
	// before; when it will be again is open, and whether.
	ByReturn Proof = "return"
	// ByChanges: the last changes of the run are, three times or more, the same at the
	// same distances. Something that is still pending may end that.
	ByChanges Proof = "changes"
)

// Oscillation is a circle of changes: of best routes, and of sessions that come up.
type Oscillation struct {
	Proof    Proof    `json:"proof"`        // state, return or changes: what shows it
	Period   int64    `json:"period_ns"`    // after which the changes come again; with the proof return, how long the way back took
	State    *int64   `json:"state_ns"`     // after which the state does, timers included; null where it was not seen to
	Since    int64    `json:"since_ns"`     // the first change from which on all come again
	Next     *int64   `json:"until_ns"`     // the next disturbance; null: none comes
	Actors   []string `json:"participants"` // whose best routes or sessions change
	Prefixes []string `json:"prefixes"`     // of the best routes that change
	Sessions []string `json:"sessions"`     // as a - b
	Changes  int      `json:"changes"`      // in one period
	Cycle    []Swing  `json:"cycle"`        // the first period; empty where there are many
}

// Swing is a change of an oscillation.
type Swing struct {
	Offset int64  `json:"offset_ns"`        // since the oscillation's first
	Actor  string `json:"actor"`            // whose best route or session it is
	Prefix string `json:"prefix,omitempty"` // none of a session that comes up
	Path   string `json:"as_path"`          // of the new best route; empty: none, or an own one
	From   string `json:"from"`             // whose it is; of a session, the peer
}

// mostSwings is how many changes of a period are listed.
const mostSwings = 32

// Oscillations gives the circles in which the changes of a run go: the one that a
// circle of the state shows, else what the last changes before end show: one for
// all, or for each period the prefixes and sessions that have it. There are none
// where the last ones show nothing. What came before the last disturbance does not
// count. c is nil where the kernel found nothing.
func Oscillations(t *Tables, end int64, c *Circle) []Oscillation {
	all := swings(t).since(t.Convergence)
	if c != nil {
		if o, ok := all.within(c); ok {
			return []Oscillation{o}
		}
	}
	if p, ok := all.last(end); ok {
		return []Oscillation{all.describe(ByChanges, p)}
	}
	byPeriod := map[int64][]Oscillation{}
	for _, some := range all.apart() { // order-free: sorted below
		if p, ok := some.last(end); ok {
			byPeriod[p.length] = append(byPeriod[p.length], some.describe(ByChanges, p))
		}
	}
	var found []Oscillation
	for _, length := range slices.Sorted(maps.Keys(byPeriod)) {
		found = append(found, together(byPeriod[length]))
	}
	return found
}

// swing is a change, with what has to come again.
type swing struct {
	seq, at                   int64
	actor, prefix, from, path string
	hops                      []string
}

func (s *swing) same(o *swing) bool {
	return s.actor == o.actor && s.prefix == o.prefix && s.from == o.from && s.path == o.path && slices.Equal(s.hops, o.hops)
}

// session names the session that came up.
func (s *swing) session() string { return min(s.actor, s.from) + " - " + max(s.actor, s.from) }

// swungs are changes in order.
type swungs []swing

// swings gives the changes of a run.
func swings(t *Tables) swungs {
	var all swungs
	for i := range t.Routes {
		if r := &t.Routes[i]; r.Table == "loc-rib" {
			s := swing{seq: r.Seq, at: r.T, actor: r.Actor, prefix: r.Prefix, hops: r.NextHops}
			if r.From != nil {
				s.from, s.path = *r.From, *r.ASPath
			}
			all = append(all, s)
		}
	}
	for i := range t.Sessions {
		if r := &t.Sessions[i]; r.State == "Established" {
			all = append(all, swing{seq: r.Seq, at: r.T, actor: r.Actor, from: r.Peer})
		}
	}
	slices.SortFunc(all, func(a, b swing) int { return cmp.Compare(a.seq, b.seq) })
	return all
}

// since gives the changes from the last disturbance on.
func (s swungs) since(all []Convergence) swungs {
	last := int64(0)
	for i := range all {
		last = max(last, all[i].T)
	}
	return slices.DeleteFunc(s, func(one swing) bool { return one.at < last })
}

// period is one in a list of changes: those from first on, as many as count.
type period struct {
	first, count int
	length       int64
}

// within gives the oscillation that a circle of the state shows: of the changes in
// it, which may have a shorter period than the state has.
func (s swungs) within(c *Circle) (Oscillation, bool) {
	after := func(at int64) int {
		i, _ := slices.BinarySearchFunc(s, at, func(one swing, at int64) int { return cmp.Compare(one.at, at+1) })
		return i
	}
	p := period{after(c.From), after(c.Until) - after(c.From), c.Until - c.From}
	if p.count == 0 {
		return Oscillation{}, false
	}
	proof := ByReturn
	if c.Strict {
		p, proof = s.shortest(p), ByState
	}
	o := s.describe(proof, p)
	state := c.Until - c.From
	o.State = &state
	if c.Next != 0 {
		o.Next = &c.Next
	}
	return o, true
}

// shortest gives the shortest period that the changes of a longer one have.
func (s swungs) shortest(p period) period {
	for parts := int64(p.count); parts > 1; parts-- {
		if int64(p.count)%parts == 0 && p.length%parts == 0 && s.repeats(p, parts) {
			return period{p.first, p.count / int(parts), p.length / parts}
		}
	}
	return p
}

// repeats tells whether a period is so many times a shorter one.
func (s swungs) repeats(p period, parts int64) bool {
	by := p.count / int(parts)
	for i := range p.count - by {
		if !s.again(p.first+i, by, p.length/parts) {
			return false
		}
	}
	// Round the end: the first ones follow on the last.
	for i := range by {
		a, b := &s[p.first+p.count-by+i], &s[p.first+i]
		if !a.same(b) || b.at+p.length-a.at != p.length/parts {
			return false
		}
	}
	return true
}

// again tells whether the change so many places on is the same, so much later.
func (s swungs) again(i, by int, later int64) bool {
	a, b := &s[i], &s[i+by]
	return b.at-a.at == later && a.same(b)
}

// last gives the shortest period of the last changes up to the end of the run,
// which is there three times or more and has not ended yet.
func (s swungs) last(end int64) (period, bool) {
	for count := 1; 3*count <= len(s); count++ {
		length := s[len(s)-1].at - s[len(s)-1-count].at
		first := len(s) - 3*count
		ends := s[len(s)-count].at+length < end
		if length == 0 || ends || !s[len(s)-1].same(&s[len(s)-1-count]) {
			continue
		}
		i := len(s) - 1 - count
		for i >= first && s.again(i, count, length) {
			i--
		}
		if i < first {
			return period{first, count, length}, true
		}
	}
	return period{}, false
}

// apart gives the changes of each prefix, and the beginnings of each session.
func (s swungs) apart() map[string]swungs {
	some := map[string]swungs{}
	for _, one := range s {
		key := one.prefix
		if key == "" {
			key = one.session()
		}
		some[key] = append(some[key], one)
	}
	return some
}

// describe gives an oscillation.
func (s swungs) describe(proof Proof, p period) Oscillation {
	one := s[p.first : p.first+p.count]
	o := Oscillation{Proof: proof, Period: p.length, Since: one[0].at, Changes: p.count, Prefixes: []string{}, Sessions: []string{}, Cycle: []Swing{}}
	for i := range one {
		o.Actors = append(o.Actors, one[i].actor)
		if one[i].prefix != "" {
			o.Prefixes = append(o.Prefixes, one[i].prefix)
		} else {
			o.Sessions = append(o.Sessions, one[i].session())
		}
	}
	o.sort()
	if proof == ByReturn {
		return o
	}
	first := p.first
	for first > 0 && s.again(first-1, p.count, p.length) {
		first--
	}
	for first > 0 && first < p.first && s[first-1].at == s[first].at {
		first++ // not all of this instant comes again
	}
	o.Since = s[first].at
	if p.count <= mostSwings {
		for _, c := range s[first : first+p.count] {
			o.Cycle = append(o.Cycle, Swing{c.at - o.Since, c.actor, c.prefix, c.path, c.from})
		}
	}
	return o
}

// sort leaves each participant once.
func (o *Oscillation) sort() {
	for _, list := range []*[]string{&o.Actors, &o.Prefixes, &o.Sessions} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}

// together makes one of oscillations that have one period.
func together(some []Oscillation) Oscillation {
	slices.SortFunc(some, func(a, b Oscillation) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), slices.Compare(a.Prefixes, b.Prefixes), slices.Compare(a.Sessions, b.Sessions))
	})
	o := some[0]
	for _, more := range some[1:] {
		o.Actors, o.Prefixes, o.Sessions = append(o.Actors, more.Actors...), append(o.Prefixes, more.Prefixes...), append(o.Sessions, more.Sessions...)
		o.Changes += more.Changes
		o.Since = max(o.Since, more.Since)
		o.Cycle = []Swing{}
	}
	o.sort()
	return o
}
