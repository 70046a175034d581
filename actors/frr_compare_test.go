package actors_test

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	"dualhome/actors"
	"dualhome/events"
)

// differences is what is not as it was recorded: what, and how.
type differences map[string]string

// compare compares what there is after a step, and what happened in it.
func (p *replayed) compare(i int) differences {
	step, d := p.rec.Expect[i], differences{}
	did := p.doings(events.Time(p.rec.at(i)), events.Time(p.rec.at(i+1)), step.begins())
	p.compareTables(d, step)
	d.lines("sessions", downsText(did.downs), downsText(step.Downs))
	if p.rec.repeats(step) {
		p.compareCounts(d, step, did.counts)
		d.lines("exploration", did.exploration(), step.exploration())
		p.compareTimes(d, step, did.timing)
	}
	return d
}

// compareTables compares what routers have after a step.
func (p *replayed) compareTables(d differences, step recordedStep) {
	for _, name := range sortedKeys(p.rec.Routers) {
		r := p.routers[name]
		if want := step.RIB[name]; want != nil {
			d.lines("RIB of "+name, p.rib(r), recordedRIB(want))
		}
		d.lines("FIB of "+name, p.fib(r), recordedFIB(step.FIB[name]))
	}
}

// rib gives, by prefix: the best route, those used with it, the usable others.
func (p *replayed) rib(r *actors.Router) []string {
	var all []string
	for _, prefix := range r.Prefixes() {
		best, _ := r.Best(prefix)
		paths := r.Paths(prefix)
		route := func(from events.ActorID) string { return fmt.Sprintf("%s|%v", from, paths[from]) }
		is := recordedRoute{Best: "self|"}
		if !best.Own() {
			is.Best = route(best.From[0])
			if len(best.From) > 1 {
				for _, from := range best.From {
					is.MP = append(is.MP, route(from))
				}
			}
		}
		for _, from := range sortedKeys(paths) {
			if !slices.Contains(best.From, from) {
				is.Others = append(is.Others, route(from))
			}
		}
		all = append(all, is.text(prefix.String()))
	}
	return lines(all)
}

func (r recordedRoute) text(prefix string) string {
	slices.Sort(r.MP)
	slices.Sort(r.Others)
	return fmt.Sprintf("%s: best %s, multipath %q, others %q", prefix, r.Best, r.MP, r.Others)
}

func recordedRIB(rib map[string]recordedRoute) []string {
	var all []string
	for _, prefix := range sortedKeys(rib) {
		all = append(all, rib[prefix].text(prefix))
	}
	return lines(all)
}

func (p *replayed) fib(r *actors.Router) []string {
	var all []string
	for prefix, hops := range r.FIB() { // order-free: sorted by lines
		var names []string
		for _, hop := range hops {
			names = append(names, p.named[hop])
		}
		slices.Sort(names)
		all = append(all, fmt.Sprintf("%v: %v", prefix, names))
	}
	return lines(all)
}

func recordedFIB(fib map[string][]string) []string {
	var all []string
	for prefix, hops := range fib { // order-free: sorted by lines
		slices.Sort(hops)
		all = append(all, fmt.Sprintf("%s: %v", prefix, hops))
	}
	return lines(all)
}

func lines(all []string) []string {
	slices.Sort(all)
	return all
}

// lines compares texts, and keeps the lines that differ.
func (d differences) lines(what string, got, want []string) {
	var b strings.Builder
	for _, line := range got {
		if !slices.Contains(want, line) {
			fmt.Fprintf(&b, "\n   is       %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			fmt.Fprintf(&b, "\n   recorded %s", line)
		}
	}
	if b.Len() > 0 || len(got) != len(want) {
		d[what] = b.String()
	}
}

// doings is what routers did in a step.
type doings struct {
	counts
	explored map[string][]string // by router and prefix
	downs    []recordedDown
	timing   map[string]float64
}

// doings folds the lines of a step. Some routers begin anew in it.
func (p *replayed) doings(from, to events.Time, begins []string) doings {
	d := doings{explored: map[string][]string{}, timing: map[string]float64{}}
	for _, l := range p.log.Written {
		if l.At < from || l.At >= to {
			continue
		}
		ms := float64(l.At-from) / 1e6
		switch e := l.Event.(type) {
		case *events.Update:
			d.update(p, l, e, ms)
		case *events.BestChanged:
			p.explore(&d, string(l.Actor), e, ms)
		case *events.FIBChanged:
			if ms > 0 || !slices.Contains(begins, string(l.Actor)) { // what zebra sweeps when it begins came before the clock was started
				d.note("fib", ms)
			}
		case events.SessionChanged:
			switch {
			case e.Is == events.Established:
				d.note("up", ms)
			case e.Was == events.Established && !ended(e.Why):
				d.downs = append(d.downs, recordedDown{string(l.Actor), string(e.Neighbor), ms})
				d.note("down", ms)
			}
		}
	}
	return d
}

// ended tells whether what a line says is of a process that ended, which says
// nothing any more.
func ended(why string) bool { return why == "process killed" || why == "restarted" }

func (d *doings) note(what string, ms float64) {
	if _, any := d.timing["first_"+what+"_ms"]; !any {
		d.timing["first_"+what+"_ms"] = ms
	}
	d.timing["last_"+what+"_ms"] = ms
}

func (d *doings) update(p *replayed, l events.Line, u *events.Update, ms float64) {
	switch l.Role {
	case events.Out:
		d.Announce += len(u.NLRI)
		d.Withdraw += len(u.Withdrawn)
		d.note("update", ms)
	case events.In:
		if u.Attrs != nil && p.refuses(string(l.Actor), u.Attrs.Path) {
			d.Dropped += len(u.NLRI)
		}
	default:
	}
}

// refuses tells whether a path holds the own AS of who got it. Those that allowas_in
// lets pass were counted too.
func (p *replayed) refuses(router string, path events.ASPath) bool {
	return path.Contains(p.rec.Routers[router].ASN)
}

// explore notes a new best path. What a process that ends forgets is none, and what
// one that begins anew finds as it was before is none either.
func (p *replayed) explore(d *doings, router string, e *events.BestChanged, ms float64) {
	if ended(e.Why) || e.Why == "process stopped" {
		return
	}
	is := "-"
	switch {
	case len(e.Is) == 0:
	case string(e.Is[0]) == router:
		is = "self"
	default:
		is = fmt.Sprintf("%s: %v", e.Is[0], p.asReceived(router, string(e.Is[0]), e.Path))
	}
	at := router + " " + e.Prefix.String()
	if p.last[at] == is || p.last[at] == "" && is == "-" {
		return
	}
	p.last[at] = is
	d.explored[at] = append(d.explored[at], is)
	d.note("best", ms)
}

// asReceived gives a path without what import prepended: the log of bgpd shows it
// like that.
func (p *replayed) asReceived(router, peer string, path events.ASPath) string {
	s := p.rec.session(p.rec.linkOf(router, peer))
	o := s.AOpts
	if router == s.B {
		o = s.BOpts
	}
	hops := strings.Fields(path.String())
	if o.LocalPref != nil {
		return strings.Join(hops, " ") // shown in part only: see exploration
	}
	return strings.Join(hops[o.PrependIn:], " ")
}

func (d doings) exploration() []string {
	var text []string
	for _, at := range sortedKeys(d.explored) {
		text = append(text, fmt.Sprintf("%s: %q", at, d.explored[at]))
	}
	return text
}

func (s recordedStep) exploration() []string {
	var text []string
	for _, router := range sortedKeys(s.Exploration) {
		for _, prefix := range sortedKeys(s.Exploration[router]) {
			text = append(text, fmt.Sprintf("%s %s: %q", router, prefix, s.Exploration[router][prefix]))
		}
	}
	return lines(text)
}

// repeats tells whether two repetitions of a step had the same counts, times and
// exploration.
func (r *recording) repeats(s recordedStep) bool {
	return r.Name+" "+s.Step != "F11 start" && r.Name+" "+s.Step != "C_n6_mrai1 Tdown1"
}

// compareCounts compares counts: exactly, but for sessions that come up outside of
// cliques and ExpressRoute designs, where their order is not recorded.
func (p *replayed) compareCounts(d differences, step recordedStep, got counts) {
	if step.Step == "start" {
		got = p.mapped(got)
	}
	exact := strings.ContainsAny(p.rec.Name[:1], "BC") || p.rec.Name[0] == 'A' && step.Timing["first_up_ms"] == 0
	within := func(a, b int) bool {
		return a == b || !exact && math.Abs(float64(a-b)) <= max(1, 0.1*float64(b))
	}
	if !within(got.Announce, step.Count.Announce) || !within(got.Dropped, step.Count.Dropped) || !within(got.Withdraw, step.Count.Withdraw) {
		d["counts"] = fmt.Sprintf("%v, recorded %v", got, step.Count)
	}
}

// mapped adds what bgpd sends again 5 s after it was configured (bgp route-map
// delay-timer): to each peer with an outbound route map, and to each that asks for
// it because of an inbound one. What is refused of the latter was not counted.
func (p *replayed) mapped(c counts) counts {
	for _, s := range p.rec.Sessions {
		for _, end := range []struct {
			from, to string
			out, in  sessionOptions
		}{{s.A, s.B, s.AOpts, s.BOpts}, {s.B, s.A, s.BOpts, s.AOpts}} {
			for _, a := range p.routers[end.from].Advertised(events.ActorID(end.to)) { // order-free: counted
				if end.out.outward() {
					c.Announce++
					if p.refuses(end.to, a.Path) {
						c.Dropped++
					}
				}
				if end.in.inward() {
					c.Announce++
				}
			}
		}
	}
	return c
}

func downsText(all []recordedDown) []string {
	var text []string
	for _, d := range all {
		text = append(text, d.router+" lost "+d.peer)
	}
	return lines(text)
}

// begins gives the routers that begin anew in a step.
func (s recordedStep) begins() []string {
	var all []string
	for _, do := range s.Do {
		if do.Op == "start" || do.Op == "vm_restore" {
			all = append(all, do.Router)
		}
	}
	return all
}

// compareTimes compares times: within 5 %, or 25 ms.
func (p *replayed) compareTimes(d differences, step recordedStep, got map[string]float64) {
	for _, what := range sortedKeys(step.Timing) {
		if p.rec.apart(step, what) {
			continue
		}
		want := step.Timing[what]
		is, happened := got[what]
		if tolerance := max(0.05*want, 25); !happened || math.Abs(is-want) > tolerance {
			d[what] = fmt.Sprintf("%.1f, recorded %.1f", is, want)
		}
	}
}

// apart tells whether a time is not compared. The first best path of a start is that
// of an own route, as soon as it was configured, and the last UPDATE that of a route
// map (see mapped). What detection compares is all that comes after BFD's least time.
func (r *recording) apart(step recordedStep, what string) bool {
	switch {
	case step.Step == "start":
		return what == "first_best_ms" || what == "last_update_ms" && r.mapped()
	case strings.HasPrefix(step.Step, "fault"):
		return step.Timing[what] >= 600
	}
	return false
}

// mapped tells whether any router has an outbound route map.
func (r *recording) mapped() bool {
	return slices.ContainsFunc(r.Sessions, func(s recordedSession) bool { return s.AOpts.outward() || s.BOpts.outward() })
}

// addresses gives who has an address as its identifier.
func (r *recording) addresses() map[netip.Addr]string {
	all := map[netip.Addr]string{}
	for name := range r.Routers { // order-free: into a map
		all[netip.MustParseAddr(r.id(name))] = name
	}
	return all
}
