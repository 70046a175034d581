package diagram

import (
	"fmt"
	"slices"

	"dualhome/events"
	"dualhome/scenarios"
)

// plan is all that is drawn, each thing with its place.
type plan struct {
	net    network
	frames []*frame
	boxes  []*box
	tiers  []*tier
	lines  []*stroke
	at     map[string]end // by the name of a frame, a box or a node
	size   rect           // of all of it
}

// end is where a line can end: a frame, a box or a node.
type end struct {
	rect  *rect
	frame *frame // it, or where it stands
	box   *box   // none, if it is a frame
	chip  bool
}

func (e end) tier() int {
	if e.box == nil {
		return e.frame.tier
	}
	return e.box.tier
}

// planned lays a scenario out.
func planned(s *scenarios.Scenario, n network) *plan {
	p := &plan{net: n, at: map[string]end{}}
	t := things{s, n}
	var hubs, spokes []*block
	for _, v := range s.VNets {
		if b := t.vnet(v); t.isHub(v.Name) {
			hubs = append(hubs, b)
		} else {
			spokes = append(spokes, b)
		}
	}
	first := inTiers(spokes)
	p.tiers = slices.Concat(first, inTiers(hubs), inTiers(t.circuits()), inTiers(t.edge()), t.layers())
	p.index()
	free := p.plain(t)
	p.strokes(s)
	p.spread(len(first))
	p.settle(free, stack(p.tiers, p.roof()))
	p.route()
	p.fit()
	return p
}

// vnet gives the frame of a VNet.
func (t things) vnet(v scenarios.VNet) *block {
	f := &frame{name: v.Name, note: some(v.AddressSpace)}
	if slices.ContainsFunc(t.s.VNets, func(w scenarios.VNet) bool { return w.Region != v.Region }) {
		f.note += " · " + fitted(v.Region, noteSize, false, 90)
	}
	slots := t.inVNet(v.Name)
	if len(slots[routeServers]) > 0 && len(slots[appliances])+len(slots[gateways])+len(slots[balancers]) == 0 {
		f.rows = inRows(slots[routeServers])
		return &block{frame: f}
	}
	for _, boxes := range slots {
		f.rows = append(f.rows, inRows(boxes)...)
		if len(boxes) == 0 {
			f.rows = append(f.rows, nil) // so that the same things of several hubs stand in one row
		}
	}
	for len(f.rows) > 0 && len(f.rows[len(f.rows)-1]) == 0 {
		f.rows = f.rows[:len(f.rows)-1]
	}
	return &block{frame: f}
}

func (t things) circuits() []*block {
	var all []*block
	for _, c := range t.s.Circuits {
		all = append(all, &block{box: t.pair(c.Name, "circuit", linesOfCircuit(c))})
	}
	return all
}

// edge gives what stands outside of Azure.
func (t things) edge() []*block {
	var all []*block
	for _, s := range t.s.Sites {
		all = append(all, &block{box: t.one(s.Name, "site", linesOfSite(s))})
	}
	if b := t.outside(); b != nil {
		all = append(all, &block{box: b})
	}
	return all
}

// index makes frames, boxes and nodes known by their names.
func (p *plan) index() {
	for _, t := range p.tiers {
		for _, b := range t.blocks {
			if b.frame != nil {
				p.frames = append(p.frames, b.frame)
				p.at[b.frame.name] = end{rect: &b.frame.rect, frame: b.frame}
			}
			for _, x := range b.boxes() {
				x.frame = b.frame
				p.add(x)
			}
		}
	}
}

func (p *plan) add(b *box) {
	p.boxes = append(p.boxes, b)
	p.at[b.name] = end{rect: &b.rect, frame: b.frame, box: b}
	for _, c := range b.chips {
		p.at[c.id] = end{rect: &c.rect, frame: b.frame, box: b, chip: b.layout != single}
	}
}

// spread places the blocks from left to right: hubs first, in their order, and what is
// above and below them where those stand that they are joined to.
func (p *plan) spread(first int) {
	placed := map[*rect]float64{}
	place := func(t *tier) {
		t.spread(func(b *block) float64 { return p.pull(b, placed) })
		for _, b := range t.blocks {
			for _, r := range b.rects() {
				placed[r] = b.x + b.w/2
			}
		}
	}
	for _, t := range p.tiers[first:] {
		place(t)
	}
	for _, t := range slices.Backward(p.tiers[:first]) {
		place(t)
	}
}

// rects gives the blocks that lines to a block can end at.
func (b *block) rects() []*rect {
	var all []*rect
	if b.frame != nil {
		all = append(all, &b.frame.rect)
	}
	for _, x := range b.boxes() {
		all = append(all, &x.rect)
		for _, c := range x.chips {
			all = append(all, &c.rect)
		}
	}
	return all
}

// pull gives the middle of what is placed already and joined to a block.
func (p *plan) pull(b *block, placed map[*rect]float64) float64 {
	sum, n := 0.0, 0.0
	mine := b.rects()
	for _, l := range p.lines {
		for _, ends := range [2][2]end{{l.a, l.b}, {l.b, l.a}} {
			if x, ok := placed[ends[1].rect]; ok && slices.Contains(mine, ends[0].rect) {
				sum, n = sum+x, n+1
			}
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}

// strokes gives the lines: links, what a load balancer leads to, and sessions. Those
// with the same ends are one on top of the other.
func (p *plan) strokes(s *scenarios.Scenario) {
	notes := notesOf(s)
	for _, l := range p.net.links {
		p.line(wire{class: linkClass(l.Type), link: true, name: l.Name, about: l.String() + notes[l.Name]}, l.A, l.B)
	}
	for _, l := range s.Balancers {
		for _, n := range l.Backends {
			p.line(wire{class: "backend", about: fmt.Sprintf("%s is a back end of %s", n, l.Name)}, l.Name, n)
		}
	}
	for _, x := range p.net.sessions {
		about := fmt.Sprintf("BGP session between %s and %s", x.a, x.b)
		if x.over != "" {
			about += ", over " + x.over
		}
		p.line(wire{class: "session", session: true, about: about}, x.a, x.b)
	}
}

func linkClass(k events.LinkKind) string {
	if k == events.RouterLink {
		return "link"
	}
	return "link " + k.String()
}
