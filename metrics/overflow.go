package metrics

import (
	"fmt"
	"strings"

	"dualhome/events"
)

// overflows is the sessions that were ended because the peer sent too many
// routes, by who ended them and with whom.
type overflows struct {
	net   *network
	order []parties
	found map[parties]*overflow
}

type parties struct{ who, whom side }

type overflow struct {
	who, whom []string
	times     int
	counts    string // of the first time
}

// reset begins another run.
func (o *overflows) reset() { *o = overflows{net: o.net, found: emptied(o.found)} }

// add takes a line.
func (o *overflows) add(l *events.Line) {
	e, ok := l.Event.(events.SessionChanged)
	if !ok || l.Role != events.Change || e.Was != events.Established {
		return
	}
	counts, ok := strings.CutPrefix(e.Why, "too many routes: ")
	if !ok {
		return
	}
	at := parties{o.net.of(l.Actor).side(), o.net.of(e.Neighbor).side()}
	if o.found[at] == nil {
		o.order, o.found[at] = append(o.order, at), &overflow{counts: counts}
	}
	one := o.found[at]
	one.times++
	one.who, one.whom = add(one.who, string(l.Actor)), add(one.whom, string(e.Neighbor))
}

// sentences says who ended sessions, and with whom, in the order of the log.
func (o *overflows) sentences() (all []string) {
	for _, at := range o.order {
		all = append(all, o.found[at].text())
	}
	return all
}

func (o *overflow) text() string {
	sessions, times := "its session", "once"
	if len(o.who) > 1 {
		sessions = "their sessions"
	} else if len(o.whom) > 1 {
		sessions = "its sessions"
	}
	if o.times > 1 {
		times = fmt.Sprintf("%d times", o.times)
	}
	return fmt.Sprintf("%s ended %s with %s %s: too many routes (%s); announce fewer, or choose a higher limit",
		join(o.who), sessions, join(o.whom), times, o.counts)
}
