package metrics

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// turn is what an NVA makes of answers that come to its own address, because it
// gave it to what is answered: it restores the address that was there before.
type turn struct {
	at    int32
	flows flowSet
	dst   netip.Addr
}

// translates tells whether the NVA that the packets of a leg left through gives
// them its own address: one with SNAT does so with what it sends to the Internet.
func (n *network) translates(c *class, l leg) bool {
	return c.internet && l.exit >= 0 && l.site < 0 && n.nodes[l.exit].SNAT != events.NoSNAT
}

// translators gives the NVAs that give the packets of a leg their own address, in
// the order in which they do. One that is dead, and the next hop, did so before.
func (n *network) translators(c *class, l leg) []int32 {
	var all []int32
	if len(n.hiding) > 0 {
		for _, at := range l.path {
			if n.nodes[at].SNAT == events.AllSNAT {
				all = append(all, at)
			}
		}
	}
	if l.exit >= 0 && !slices.Contains(all, l.exit) && (n.nodes[l.exit].SNAT == events.AllSNAT || n.translates(c, l)) {
		all = append(all, l.exit)
	}
	return all
}

// answers gives what the far end sends back: to the VMs, or to NVAs that gave
// packets their own address.
func (w *walker) answers(there []leg) []parcel {
	if len(w.net.hiding) == 0 {
		return []parcel{pack(w.class.all, w.class.Source)}
	}
	var all []parcel
	plain := pack(slices.Clone(w.class.all), w.class.Source)
	for _, l := range there {
		if p := w.answer(l); p.dst != plain.dst {
			all = append(all, p)
			plain.flows.remove(p.flows)
		}
	}
	if !plain.flows.empty() {
		all = append(all, plain)
	}
	return all
}

// answer gives what is sent back to what a leg brought. What becomes of it on the
// way to an NVA has to do with what chose that NVA, and what mends the way there
// mends this.
func (w *walker) answer(l leg) parcel {
	p := pack(l.flows, w.class.Source)
	if all := w.net.translators(w.class, l); len(all) > 0 {
		p.dst, p.by, p.fate = w.turned(l, all), l.by, l.cause
	}
	return p
}

// restored gives where the last NVA that translated the packets of a leg sends
// their answers.
func (w *walker) restored(l leg) netip.Addr {
	all := w.net.translators(w.class, l)
	return w.turned(l, all[:len(all)-1])
}

// turned notes what some NVAs will restore in the answers to a leg, and gives the
// address of the last of them.
func (w *walker) turned(l leg, nvas []int32) netip.Addr {
	dst := w.class.Source
	for _, at := range nvas {
		w.turns = append(w.turns, turn{at, l.flows, dst})
		dst = w.net.nodes[at].Address
	}
	return dst
}

// isAnswer tells whether packets go to an NVA instead of whom they are for.
func (w *walker) isAnswer(p parcel) bool { return w.dir == backward && p.dst != w.class.Source }

// restore forwards answers that have come to the NVA that they went to, each flow
// to whom the NVA had it from.
func (w *walker) restore(at int32, p parcel) bool {
	if w.net.nodes[at].Address != p.dst {
		return false
	}
	for _, t := range w.turns {
		q := p
		if q.flows = w.net.ground.shared(p.flows, t.flows); t.at == at && !q.flows.empty() {
			q.dst, q.since = t.dst, len(w.path)-1
			w.guest(at, q)
		}
	}
	return true
}

// tunnelled sends answers of a site to an NVA into its tunnel, if there is one:
// the address that the NVA gives is that of its end of the tunnel. Where that is
// lost it has to do with what chose the NVA, or else with the site.
func (w *walker) tunnelled(at int32, p parcel) bool {
	nva, ok := w.net.owners[p.dst]
	if !ok || w.net.nodes[at].Type != events.SiteNode {
		return false
	}
	if _, joined := w.net.paths[[2]int32{at, nva}]; !joined {
		return false
	}
	p.by = p.by.after(w.chose(entry{at: at, table: fibTable, prefix: netip.PrefixFrom(p.dst, p.dst.BitLen()), hop: p.dst}))
	w.hop(at, nva, p)
	return true
}

// after gives an entry, and those that led to it, as if another one had led to all
// of them.
func (e *entry) after(first *entry) *entry {
	if e == nil {
		return first
	}
	later := *e
	later.prev = e.prev.after(first)
	return &later
}
