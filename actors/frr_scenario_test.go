package actors_test

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// between two steps there is time for all of them to end.
const stepTime = 400 * time.Second

func (r *recording) at(step int) time.Duration { return time.Duration(step)*stepTime + r.slept[step] }

// detects tells whether a recording is of times until a silence is found out. In
// all others the script fixes these.
func (r *recording) detects() bool { return r.Name[0] == 'D' }

// wire is the delay of a link: "no added delay".
const wire = 300 * time.Microsecond

// slack is how much longer than recorded hold times are, where the end of each
// silence is scripted.
const slack = 3

// scenario gives the network and the faults of a recording. Hold times are longer
// where a script says when they end.
func (r *recording) scenario() string {
	var b strings.Builder
	hold := r.Defaults.Hold
	if !r.detects() {
		hold += slack
	}
	fmt.Fprintf(&b, "version: 1\nname: frr\nhorizon: %s\nstart_jitter: 0s\nrouters:\n", r.at(len(r.Expect)))
	for _, name := range sortedKeys(r.Routers) {
		fmt.Fprintf(&b, "  - {name: %s, asn: %d, id: %s, originates: [%s], bgp: {%s}, peers: [%s]}\n",
			name, r.Routers[name].ASN, r.id(name), strings.Join(r.Routers[name].Prefixes, ", "), r.speaks(name, hold), r.treats(name))
	}
	b.WriteString("links:\n")
	for _, s := range r.Sessions {
		fmt.Fprintf(&b, "  - {name: %s, between: [%s, %s], delay: %s, bfd: %v}\n", s.Link, s.A, s.B, wire, r.Defaults.BFD)
	}
	fmt.Fprintf(&b, "faults: [%s]\n", r.faults())
	return b.String()
}

// id gives the router id: the highest address, where there is none. In A3 the two
// route servers have the one from before they got a link to each other: with those
// of that link, op would win ties (at nvab and nvaa) that rs1 was recorded to win.
func (r *recording) id(name string) string {
	if id := r.Routers[name].RouterID; id != "" {
		return id
	}
	var id netip.Addr
	for link, ends := range r.Links { // order-free: the highest
		if p, err := netip.ParsePrefix(ends[name]); err == nil && link != "rs1-rs2" && id.Less(p.Addr()) {
			id = p.Addr()
		}
	}
	return id.String()
}

// speaks gives the options of a router.
func (r *recording) speaks(name string, hold int) string {
	is, all := r.Routers[name], r.Defaults
	text := []string{fmt.Sprintf("profile: frr-8.4, rfc8212: false, hold: %ds, keepalive: %ds, mrai: %ds", hold, all.Keepalive, all.MRAI)}
	if is.MaxPaths > 1 {
		with := "multipath_same_path"
		if is.Relax {
			with = "multipath_relax"
		}
		text = append(text, fmt.Sprintf("%s: true, max_paths: %d", with, is.MaxPaths))
	}
	if is.CompareID || all.CompareID {
		text = append(text, "keep_oldest: false")
	}
	for _, off := range []*bool{is.FastLosing, all.FastLosing} {
		if off != nil && !*off {
			text = append(text, "fast_external_failover: false")
		}
	}
	if is.AlwaysMED {
		text = append(text, "always_compare_med: true")
	}
	if is.SortedMED {
		text = append(text, "pairwise_med: false")
	}
	for _, s := range r.Sessions {
		if s.Both.NextHopSelf && (s.A == name || s.B == name) {
			text = append(text, "next_hop_self: true")
		}
	}
	return strings.Join(text, ", ")
}

// treats gives what a router does with its peers.
func (r *recording) treats(name string) string {
	var all []string
	for _, s := range r.Sessions {
		other, o := s.B, s.AOpts
		switch name {
		case s.B:
			other, o = s.A, s.BOpts
		case s.A:
		default:
			continue
		}
		text := fmt.Sprintf("{router: %s, prepend: %d, allowas_in: %d, as_override: %v", other, o.PrependOut, o.AllowASIn, o.ASOverride)
		if o.MEDOut != nil {
			text += fmt.Sprintf(", export: [{med: %d}]", *o.MEDOut)
		}
		if o.PrependIn > 0 {
			text += fmt.Sprintf(", import: [{prepend: %d}]", o.PrependIn)
		}
		if o.LocalPref != nil {
			text += fmt.Sprintf(", import: [{local_pref: %d}]", *o.LocalPref)
		}
		all = append(all, text+"}")
	}
	return strings.Join(all, ", ")
}

// undoing says which operation ends what another began.
var undoing = map[string]string{
	"link_up": "link_down", "unblackhole": "blackhole", "vm_restore": "vm_death", "start": "", "thaw": "freeze", "no_shutdown": "shutdown",
}

// lasting is a fault that no step has ended yet.
type lasting struct {
	op, what, text string
	step           int
}

// faults gives the steps as faults and repairs.
func (r *recording) faults() string {
	var done []string
	var open []lasting
	for i, s := range r.Expect {
		at := r.at(i)
		for j, do := range s.Do {
			what := do.Router + do.Link + do.Peer
			kind := ""
			switch do.Op {
			case "announce", "withdraw":
				done = append(done, fmt.Sprintf("{name: s%d-%d, kind: %s, target: %s, prefix: %s, at: %s}", i, j, do.Op, do.Router, do.Prefix, at))
				continue
			case "clear":
				done = append(done, fmt.Sprintf("{name: s%d-%d, kind: session-shutdown, target: %s, peer: %s, at: %s, repair_after: 500ms}", i, j, do.Router, do.Peer, at))
				continue
			case "sleep", "mark":
				continue
			case "link_up", "unblackhole", "vm_restore", "start", "thaw", "no_shutdown":
				for k, o := range open {
					if o.what == what {
						done = append(done, fmt.Sprintf("%s, repair_after: %s}", o.text, at-r.at(o.step)))
						open = append(open[:k], open[k+1:]...)
						break
					}
				}
				continue
			case "vm_death":
				kind = "node-death, target: " + do.Router
			case "kill9":
				kind = "process-kill, target: " + do.Router
			case "stop":
				kind = "graceful-stop, target: " + do.Router
			case "freeze":
				kind = "hang, target: " + do.Router
			case "shutdown":
				kind = "session-shutdown, target: " + do.Router + ", peer: " + do.Peer
			case "blackhole":
				kind = "link-down, seen_by: none, target: " + do.Link
				if do.From != "" {
					kind += ", from: " + do.From
				}
			case "link_down":
				kind = "link-down, seen_by: both, target: " + do.Link
				if do.Side != "" {
					kind = "link-down, seen_by: " + do.Side + ", target: " + do.Link
				}
			default:
				panic("operation " + do.Op)
			}
			open = append(open, lasting{do.Op, what, fmt.Sprintf("{name: s%d-%d, kind: %s, at: %s", i, j, kind, at), i})
		}
	}
	for _, o := range open {
		done = append(done, o.text+"}")
	}
	return strings.Join(done, ",\n  ")
}
