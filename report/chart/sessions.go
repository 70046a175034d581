package chart

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dualhome/metrics"
)

// pair is the two ends of a session, in the order of their names.
type pair [2]string

func pairOf(a, b string) (p pair, end int) {
	if b < a {
		return pair{b, a}, 1
	}
	return pair{a, b}, 0
}

// What is known of an end of a session; the figures of its course.
const (
	endUp   = iota // 1: Established, as far as this end knows
	endGone        // 1: its process does not run, and so knows nothing
	endFigures
)

// session is a session and the course of both ends.
type session struct {
	pair
	ends [2]*course
}

// beat is a change of an end of a session, or of whether an actor is there.
type beat struct {
	t     int64
	seq   int
	actor string
	peer  string // "" : the actor comes or goes
	on    bool
}

// beats gives all changes of sessions and of absences, in order. Who comes back at the
// same time does so before it says anything.
func beats(r *metrics.Result) []beat {
	all := make([]beat, 0, len(r.Sessions)+2*len(r.Absences))
	for i := range r.Absences {
		a := &r.Absences[i]
		all = append(all, beat{t: a.From, seq: -1, actor: a.Actor})
		if a.To < int64(r.Horizon) {
			all = append(all, beat{t: a.To, seq: -1, actor: a.Actor, on: true})
		}
	}
	for i := range r.Sessions {
		row := &r.Sessions[i]
		all = append(all, beat{row.T, i, row.Actor, row.Peer, row.State == established})
	}
	slices.SortFunc(all, func(a, b beat) int { return cmp.Or(cmp.Compare(a.t, b.t), cmp.Compare(a.seq, b.seq)) })
	return all
}

const established = "Established"

// sessions gives the band of BGP sessions: a lane for each, or, where there are many,
// how many are established.
func (s *sheet) sessions() []band {
	changes := beats(s.run)
	pairs := pairsOf(changes)
	if len(pairs) == 0 {
		return nil
	}
	shown := s.followed(changes, pairs)
	switch {
	case !s.whole():
		shown = slices.DeleteFunc(shown, session.steady)
	case len(shown) > mostSessions || all(shown, session.stays):
		shown = slices.DeleteFunc(shown, session.stays)
	}
	if len(shown) > mostSessions {
		return s.sessionCounts(changes, pairs)
	}
	return []band{s.sessionLanes(shown, len(pairs)-len(shown))}
}

// mostSessions bounds the lanes of sessions.
const mostSessions = 24

// pairsOf gives all sessions, in order.
func pairsOf(all []beat) []pair {
	known := map[pair]bool{}
	for i := range all {
		if all[i].peer != "" {
			p, _ := pairOf(all[i].actor, all[i].peer)
			known[p] = true
		}
	}
	return slices.SortedFunc(maps.Keys(known), func(a, b pair) int { return cmp.Or(compareNames(a[0], b[0]), compareNames(a[1], b[1])) })
}

// followed gives the courses of all sessions.
func (s *sheet) followed(all []beat, pairs []pair) []session {
	sessions := make([]session, len(pairs))
	index, of := map[pair]int{}, map[string][]*end{}
	ends := make([][2]end, len(pairs))
	for i, p := range pairs {
		index[p] = i
		sessions[i].pair = p
		for k, actor := range p {
			ends[i][k].course = newCourse(s.grid, endFigures)
			sessions[i].ends[k] = ends[i][k].course
			of[actor] = append(of[actor], &ends[i][k])
		}
	}
	for i := range all {
		b := &all[i]
		if b.t > s.stop {
			break
		}
		if b.peer == "" {
			for _, e := range of[b.actor] {
				e.gone = !b.on
				e.note(b.t)
			}
			continue
		}
		p, k := pairOf(b.actor, b.peer)
		e := &ends[index[p]][k]
		e.up = b.on
		e.note(b.t)
	}
	for i := range sessions {
		for _, c := range sessions[i].ends {
			c.end()
		}
	}
	return sessions
}

// end is what is known of an end of a session while its course is followed.
type end struct {
	*course
	up, gone bool
}

func (e *end) note(t int64) {
	v := [endFigures]float64{}
	switch {
	case e.gone:
		v[endGone] = 1
	case e.up:
		v[endUp] = 1
	}
	e.to(t, v[:])
}

// steady tells whether both ends are established all the time.
func (s session) steady() bool {
	for _, c := range s.ends {
		if len(c.pieces) != 1 || c.pieces[0].v[endUp] != 1 {
			return false
		}
	}
	return true
}

func all(some []session, are func(session) bool) bool {
	return !slices.ContainsFunc(some, func(one session) bool { return !are(one) })
}

// stays tells whether both ends get established, and stay so.
func (s session) stays() bool {
	for _, c := range s.ends {
		last := len(c.pieces) - 1
		if c.pieces[last].v[endUp] != 1 || slices.ContainsFunc(c.pieces[:last], func(p piece) bool { return p.v[endUp] == 1 || p.v[endGone] > 0 }) {
			return false
		}
	}
	return true
}

const (
	laneHeight = 11.0
	laneStep   = 15.0
)

// sessionLanes draws a lane for each session; some others are only counted.
func (s *sheet) sessionLanes(shown []session, others int) band {
	b := band{title: "BGP sessions", height: float64(len(shown)) * laneStep, note: "upper half: as seen by the end named first; lower half: by the other"}
	switch {
	case len(shown) == 0:
		return band{title: b.title, note: "all " + strconv.Itoa(others) + s.stay()}
	case others > 0:
		b.note += "; " + strconv.Itoa(others) + " more" + s.stay()
	}
	s.legend = append(s.legend, entry{kind: "up", text: "established"}, entry{kind: "down", text: "not established"})
	kinds := map[string]bool{}
	b.draw = func(top float64) {
		for i := range shown {
			s.session(&shown[i], top+float64(i)*laneStep+2)
		}
	}
	for i := range shown {
		for _, c := range shown[i].ends {
			for _, p := range c.pieces {
				kinds[endKind(p)] = true
			}
		}
	}
	if kinds["gone"] {
		s.legend = append(s.legend, entry{kind: "gone", text: "its process does not run"})
	}
	if kinds["mixed"] {
		s.legend = append(s.legend, entry{kind: "mixed", text: "comes and goes"})
	}
	return b
}

// stay says of sessions that are not shown what they do.
func (s *sheet) stay() string {
	if s.whole() {
		return " get established and stay so"
	}
	return " are established all the time"
}

func (s *sheet) session(one *session, top float64) {
	s.Open("g", "class", "lane session", "data-session", one.pair[0]+"~"+one.pair[1])
	s.laneName(one.pair[0]+" – "+one.pair[1], top+laneHeight-2)
	s.Leaf("rect", "class", "down", "x", s.axis.from, "y", top, "width", s.axis.to-s.axis.from, "height", laneHeight)
	for k, c := range one.ends {
		s.half(c.pieces, top+float64(k)*laneHeight/2)
	}
	s.Close()
}

// half draws one end of a session.
func (s *sheet) half(pieces []piece, top float64) {
	for _, kind := range []string{"up", "gone", "mixed"} {
		var b strings.Builder
		for i := 0; i < len(pieces); i++ {
			if endKind(pieces[i]) != kind {
				continue
			}
			from := pieces[i].from
			for i+1 < len(pieces) && endKind(pieces[i+1]) == kind {
				i++
			}
			b.WriteString(box(from, pieces[i].to, top, laneHeight/2))
		}
		fill := ""
		if kind != "up" {
			fill = s.pattern(kind)
		}
		if b.Len() > 0 {
			s.Leaf("path", "class", "end-"+kind, "fill", fill, "d", b.String())
		}
	}
}

// endKind tells how a piece of an end is drawn; what is down is not.
func endKind(p piece) string {
	switch {
	case p.v[endUp] == 1:
		return "up"
	case p.v[endGone] == 1:
		return "gone"
	case p.v[endUp] == 0 && p.v[endGone] == 0:
		return ""
	case p.v[endUp] == 0 && p.several:
		return "gone"
	}
	return "mixed"
}
