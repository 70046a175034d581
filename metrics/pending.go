package metrics

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"dualhome/events"
)

// pending knows what is not finished: messages under way, timers that will
// change something, and when the last change of a table was.
type pending struct {
	line     *lineage
	net      *network
	underWay map[uint64]message
	timers   map[timer]uint64 // the line that set it
	hold     time.Duration    // the longest negotiated
	changed  events.Time      // last Loc-RIB, FIB or NIC change
}

// message is something that can change a table once it arrives.
type message struct {
	from, to events.ActorID
	conn     events.Conn // none: it belongs to no session
	causes   []uint64
}

type timer struct {
	actor events.ActorID
	events.Timer
}

// reset begins another run.
func (p *pending) reset() {
	*p = pending{line: p.line, net: p.net, underWay: emptied(p.underWay), timers: emptied(p.timers)}
}

// add takes a line.
func (p *pending) add(l *events.Line) {
	switch l.Role {
	case events.Out:
		p.send(l)
	case events.In, events.Lost:
		delete(p.underWay, l.Cause)
	case events.Set:
		if e := l.Event.(events.Timer); changes(e.Name) {
			p.timers[timer{l.Actor, e}] = l.Seq
		}
	case events.Fired, events.Stopped:
		if e := l.Event.(events.Timer); changes(e.Name) {
			delete(p.timers, timer{l.Actor, e})
		}
	case events.Change:
		p.change(l)
	default: // waits for nothing
	}
}

// changes tells whether a timer may change something, rather than look at a peer or
// try again.
func changes(name events.TimerName) bool {
	switch name {
	case events.MRAITimer, events.ProgramTimer, events.AdvertiseTimer, events.WorkTimer, events.ReuseTimer, events.RestartTimer,
		events.DecisionTimer, events.InstallTimer:
		return true
	}
	return false
}

// send notes a message. Keepalives change nothing; the segments of connection
// attempts are as good as none; what the fabric says is no message.
func (p *pending) send(l *events.Line) {
	switch e := l.Event.(type) {
	case *events.Update:
		p.underWay[l.Seq] = message{l.Actor, l.Peer, e.Conn, l.Causes}
	case events.RouteRefresh:
		p.underWay[l.Seq] = message{l.Actor, l.Peer, e.Conn, nil}
	case events.Notification:
		p.underWay[l.Seq] = message{l.Actor, l.Peer, e.Conn, nil}
	case events.Program:
		p.underWay[l.Seq] = message{from: l.Actor, to: l.Peer, causes: l.Causes}
	}
}

func (p *pending) change(l *events.Line) {
	switch e := l.Event.(type) {
	case events.SessionChanged:
		p.hold = max(p.hold, e.Hold)
	case *events.BestChanged, *events.FIBChanged, events.NICChanged:
		p.changed = l.At
	case events.NodeState:
		if e.Is == events.Dead || e.Is == events.Halted {
			p.forget(e.Node)
		}
	}
}

// forget drops the timers of a process that ended.
func (p *pending) forget(actor events.ActorID) {
	for t := range p.timers { // order-free: each is judged alone
		if t.actor == actor {
			delete(p.timers, t)
		}
	}
}

// matters tells whether a message under way can still change something: it
// belongs to no session, or to one that its sender still has.
func (p *pending) matters(m message) bool {
	return m.conn == events.Conn{} || p.net.of(m.from).sessions[m.to].conn == m.conn
}

// open gives, for each root, whether something of it is under way or pending.
func (p *pending) open() []bool {
	open := make([]bool, len(p.line.disturbances)+1)
	for seq, m := range p.underWay { // order-free: flags are only raised
		if !p.matters(m) {
			continue
		}
		open[p.line.root(seq)] = true
		for _, c := range m.causes {
			open[p.line.root(c)] = true
		}
	}
	for _, seq := range p.timers { // order-free: flags are only raised
		open[p.line.root(seq)] = true
	}
	return open
}

// unsettled says why the run has not converged at its end; empty: it has.
func (p *pending) unsettled(end events.Time) string {
	if s := p.unfinished(); s != "" {
		return s
	}
	if quiet := max(2*p.hold, 120*time.Second); end.Sub(p.changed) < quiet {
		enough := (p.changed.Add(quiet) + events.Time(time.Second) - 1) / events.Time(time.Second)
		return fmt.Sprintf("the last change was at %s; %d s of quiet are needed before the horizon: set one of at least %ds",
			seconds(p.changed), int64(quiet/time.Second), enough)
	}
	return ""
}

// unfinished names what is under way, or else pending: the oldest, and how much
// else there is; empty: nothing.
func (p *pending) unfinished() string {
	var sent []uint64
	for seq, m := range p.underWay { // order-free: sorted below
		if p.matters(m) {
			sent = append(sent, seq)
		}
	}
	slices.Sort(sent)
	timers := slices.SortedFunc(maps.Keys(p.timers), func(a, b timer) int { return cmp.Compare(p.timers[a], p.timers[b]) })
	switch {
	case len(sent) > 0:
		return p.sentText(sent[0]) + others(len(sent)-1+len(timers))
	case len(timers) > 0:
		return timers[0].text() + others(len(timers)-1)
	}
	return ""
}

func (p *pending) sentText(seq uint64) string {
	m, origin := p.underWay[seq], p.line.lines[seq-1]
	return fmt.Sprintf("the %v from %s to %s, sent at %s, has not arrived", origin.kind, m.from, m.to, seconds(origin.at))
}

// text says what a timer of those that matter keeps waiting.
func (t timer) text() string {
	switch t.Name {
	case events.ProgramTimer:
		return fmt.Sprintf("routes of %s wait to be programmed", t.actor)
	case events.AdvertiseTimer:
		return fmt.Sprintf("%s holds back what it tells %s", t.actor, t.Peer)
	case events.WorkTimer:
		return fmt.Sprintf("%s is busy with an UPDATE", t.actor)
	case events.DecisionTimer:
		return fmt.Sprintf("%s waits to decide on %v", t.actor, t.Prefix)
	case events.InstallTimer:
		return fmt.Sprintf("the route to %v waits for the forwarding table of %s", t.Prefix, t.actor)
	case events.ReuseTimer:
		return fmt.Sprintf("%s suppresses %v of %s for a while", t.actor, t.Prefix, t.Peer)
	case events.RestartTimer:
		if t.Peer == "" {
			return fmt.Sprintf("%s waits for the End-of-RIB of its peers", t.actor)
		}
		return fmt.Sprintf("%s keeps the routes of %s, which restarts", t.actor, t.Peer)
	}
	return fmt.Sprintf("%s waits for its %v timer to tell %s more", t.actor, t.Name, t.Peer)
}

func others(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return ", and one thing more is pending"
	}
	return fmt.Sprintf(", and %d things more are pending", n)
}

// seconds gives a time as sentences have it.
func seconds(at events.Time) string { return fmt.Sprintf("%.1f s", float64(at)/1e9) }
