package metrics

import "dualhome/events"

// reaction sums what follows from one disturbance.
type reaction struct {
	targets       map[events.ActorID]bool // the actors that the disturbance hit
	detection     instant                 // first Change elsewhere
	detectionLast instant                 // last session that left Established, or probe that began to fail, elsewhere
	control       instant                 // last Loc-RIB change
	forwarding    instant                 // last FIB or NIC change
	last          instant                 // last of what overlaps is judged by
	announcements int64
	withdrawals   int64
	bestChanges   int64
}

// instant is when something happened, if it did.
type instant struct {
	at   events.Time
	came bool
}

// reactions folds the lines into a reaction per root; that of root 0 is kept,
// and never shown.
type reactions struct {
	line *lineage
	net  *network
	of   []reaction
}

// reset begins another run.
func (r *reactions) reset() { r.of = r.of[:0] }

// add takes a line that the lineage and the network have folded.
func (r *reactions) add(l *events.Line) {
	if len(r.of) == 0 {
		r.of = append(r.of, reaction{})
	}
	switch l.Role {
	case events.Fault:
		r.begin()
	case events.Change:
		r.change(l)
	case events.Out:
		r.count(l)
	default: // tells nothing
	}
}

// begin starts the newest disturbance.
func (r *reactions) begin() {
	d := r.line.disturbances[len(r.line.disturbances)-1]
	one := reaction{targets: map[events.ActorID]bool{events.Fabric: true, events.ActorID(d.Target): true}}
	if d.What == "hub-loss" {
		for _, n := range r.net.nodes {
			if n.VNet == d.Target {
				one.targets[n.Node.Node] = true
			}
		}
	}
	r.of = append(r.of, one)
}

func (r *reactions) change(l *events.Line) {
	one := &r.of[r.line.root(l.Seq)]
	at := instant{l.At, true}
	elsewhere := !one.targets[l.Actor]
	if elsewhere && !one.detection.came {
		one.detection = at
	}
	switch e := l.Event.(type) {
	case events.SessionChanged:
		if e.Was == events.Established && e.Is != events.Established {
			one.lost(at, elsewhere)
		}
	case events.ProbeChanged:
		if !e.Up {
			one.lost(at, elsewhere)
		}
	case *events.BestChanged:
		one.bestChanges++
		one.control, one.last = at, at
	case *events.FIBChanged:
		one.forwarding, one.last = at, at
	case events.NICChanged:
		for i, route := range e.Routes {
			if one := &r.of[r.line.rootOf(l, i)]; !r.net.of(l.Actor).hides(route.Prefix) {
				one.forwarding, one.last = at, at
			}
		}
	}
}

// lost notes that a session ended, or a probe began to fail.
func (r *reaction) lost(at instant, elsewhere bool) {
	r.last = at
	if elsewhere {
		r.detectionLast = at
	}
}

// count counts the prefixes of an UPDATE that was sent.
func (r *reactions) count(l *events.Line) {
	u, ok := l.Event.(*events.Update)
	if !ok || u.Routes == nil {
		return
	}
	for i := range u.Withdrawn {
		r.of[r.line.rootOf(l, i)].withdrawals++
	}
	for i := range u.NLRI {
		r.of[r.line.rootOf(l, len(u.Withdrawn)+i)].announcements++
	}
}

// overlaps tells whether disturbance i began while the reaction to another one
// lasted, or another began while that to i did (law of causes, R6).
func (r *reactions) overlaps(i int) bool {
	all := r.line.disturbances
	during := func(a, b int) bool {
		last := r.of[a+1].last
		return last.came && all[a].At <= all[b].At && all[b].At <= last.at
	}
	for j := range all {
		if j != i && (during(i, j) || during(j, i)) {
			return true
		}
	}
	return false
}

// row gives the row of convergence.arrow of disturbance i, without what traffic
// has to say.
func (r *reactions) row(i int, converged bool) Convergence {
	d, one := r.line.disturbances[i], &r.of[i+1]
	row := Convergence{
		Root: int64(d.Seq), T: int64(d.At), Disturbance: d.Name, Target: d.Target,
		Detection: since(one.detection, d.At), DetectionLast: since(one.detectionLast, d.At),
		Overlaps: r.overlaps(i), Announcements: one.announcements, Withdrawals: one.withdrawals,
		BestChanges: one.bestChanges, Converged: converged,
	}
	if converged {
		row.Control, row.Forwarding = since(one.control, d.At), since(one.forwarding, d.At)
	}
	return row
}

func since(m instant, from events.Time) *int64 {
	if !m.came {
		return nil
	}
	return Nanos(m.at.Sub(from))
}
