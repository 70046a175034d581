package metrics

import (
	"fmt"
	"slices"
	"strconv"

	"dualhome/events"
)

// moment is when congestion is judged: before the first disturbance, and at the
// end of the window of each.
type moment struct {
	text string
	legs func(*track) []leg
}

// squeeze is how much is lost at a spot, and what is said of it.
type squeeze struct {
	lost int64
	text string
}

// crowded says what is full, at the moment when most is lost there: who loses by
// it, and what would carry all of it.
func (m *meter) crowded() (all []string) {
	b := m.traffic.bounds
	if b == nil {
		return nil
	}
	moments := m.moments()
	worst := func(judge func(moment) squeeze) {
		most := squeeze{}
		for _, when := range moments {
			if s := judge(when); s.lost > most.lost {
				most = s
			}
		}
		if most.lost > 0 {
			all = append(all, most.text)
		}
	}
	for _, at := range b.limited {
		worst(func(when moment) squeeze { return b.turnsAway(m.traffic.classes, when, at) })
	}
	for r := range b.resources {
		worst(func(when moment) squeeze { return b.jams(m.traffic.classes, when, int32(r)) })
	}
	return all
}

// moments gives those of the run, in order.
func (m *meter) moments() []moment {
	d := m.line.disturbances
	if len(d) == 0 {
		return []moment{{"", func(t *track) []leg { return t.legs }}}
	}
	all := []moment{{" before the first disturbance", func(t *track) []leg { return t.markAt(d[0].At) }}}
	for i, w := range windows(d, m.result.Horizon) {
		all = append(all, moment{" after " + d[i].Name, func(t *track) []leg { return t.markAt(w.to) }})
	}
	return all
}

// jams says who loses at a resource.
func (b *bounds) jams(classes []*class, when moment, r int32) squeeze {
	var who []string
	all := int64(0)
	for _, c := range classes {
		for d := range c.ways {
			lost := int64(0)
			for _, l := range when.legs(&c.ways[d]) {
				if l.jam != nil && l.jam.at == r {
					lost += c.whole(l.flows.count()) - l.jam.got
				}
			}
			if all += lost; lost > 0 {
				who = append(who, fmt.Sprintf("%s lose %d %%", c.flowsText(direction(d)), max(1, lost*100/c.BitsPerSec)))
			}
		}
	}
	if all == 0 {
		return squeeze{}
	}
	at, one := b.spots[r], b.resources[r]
	load := b.load(classes, when, at)
	offered, bound := rateText(load.BitsPerSec), rateText(one.bound)
	if one.packets {
		offered, bound = thousands(load.PacketsPerSec)+" packets/s", thousands(one.bound)+" packets/s"
	}
	return squeeze{all, fmt.Sprintf("%s is full%s: %s are offered, %s pass; %s; %s", b.name(at), when.text, offered, bound, join(who), b.remedy(at, load))}
}

// turnsAway says whose flows a node has no place for.
func (b *bounds) turnsAway(classes []*class, when moment, at int32) squeeze {
	var who []string
	all := 0
	for _, c := range classes {
		refused := newFlowSet(c.Flows)
		for d := range c.ways {
			for _, l := range when.legs(&c.ways[d]) {
				if l.cause == congestion && l.path[len(l.path)-1] == at {
					refused.join(l.flows)
				}
			}
		}
		n := refused.count()
		if all += n; n > 0 {
			who = append(who, fmt.Sprintf("%d %% of the flows of %s", max(1, 100*n/c.Flows), c.Name))
		}
	}
	if all == 0 {
		return squeeze{}
	}
	spot := spot{node: at}
	load := b.load(classes, when, spot)
	return squeeze{int64(all), fmt.Sprintf("%s is full%s: %s flows come, it carries %s; %s are refused; %s",
		b.name(spot), when.text, thousands(load.Flows), thousands(b.net.nodes[at].Capacity.Flows), join(who), b.remedy(spot, load))}
}

// load gives what is offered to a spot, by whoever comes to it.
func (b *bounds) load(classes []*class, when moment, at spot) (sum events.Capacity) {
	for _, c := range classes {
		come := newFlowSet(c.Flows)
		for d := range c.ways {
			for _, l := range when.legs(&c.ways[d]) {
				if !b.meets(&l, at) {
					continue
				}
				come.join(l.flows)
				rate := c.whole(l.flows.count())
				sum.BitsPerSec += rate
				sum.PacketsPerSec += rate / (8 * max(1, c.PacketBytes))
			}
		}
		sum.Flows += int64(come.count())
	}
	return sum
}

// meets tells whether a leg comes to a spot and would go on.
func (b *bounds) meets(l *leg, at spot) bool {
	if at.node >= 0 {
		i := slices.Index(l.path, at.node)
		return i >= 0 && (i < l.sent() || l.cause == congestion)
	}
	for i := 1; i < len(l.path); i++ {
		if slices.Contains(b.net.paths[[2]int32{l.path[i-1], l.path[i]}].crossings, at.over) {
			return true
		}
	}
	return false
}

// name gives a spot as people know it.
func (b *bounds) name(at spot) string {
	if at.node >= 0 {
		return b.net.name(at.node)
	}
	return at.over.Link + " towards " + b.net.end(at.over)
}

// end gives where a direction of a link leads.
func (n *network) end(over events.Crossing) string {
	for _, l := range n.bounded {
		switch {
		case l.Name != over.Link:
		case over.Reverse:
			return l.A
		default:
			return l.B
		}
	}
	return ""
}

// remedy says what would carry a load.
func (b *bounds) remedy(at spot, load events.Capacity) string {
	switch {
	case at.node < 0:
		return largerCircuit(load.BitsPerSec)
	case b.net.nodes[at.node].isGateway():
		return largerSKU(b.net.nodes[at.node].Type, load)
	}
	return "a larger NVA, or a further one behind a load balancer, would carry it"
}

func largerCircuit(offered int64) string {
	for _, one := range events.CircuitBandwidths() {
		if one >= offered {
			return "a bandwidth of " + rateText(one) + ", or a further circuit, would carry it"
		}
	}
	return "no circuit carries it: it takes several"
}

// largerSKU names the first size of a gateway of which each instance carries a
// load.
func largerSKU(kind events.NodeKind, load events.Capacity) string {
	for _, sku := range events.GatewaySKUs() {
		if sku.Type != kind {
			continue
		}
		for n := range sku.Units {
			if !sku.Capacity.Times(int64(n + 1)).Half().Holds(load) {
				continue
			}
			if sku.Units == 1 {
				return sku.Name + " would carry it"
			}
			return fmt.Sprintf("%s with %d scale units would carry it", sku.Name, n+1)
		}
	}
	return "no gateway carries it: it takes several"
}

// rateText gives a rate as sentences have it, to four digits.
func rateText(bps int64) string {
	for _, u := range []struct {
		name string
		of   float64
	}{{"Tbps", 1e12}, {"Gbps", 1e9}, {"Mbps", 1e6}, {"kbps", 1e3}} {
		if float64(bps) >= u.of {
			return strconv.FormatFloat(float64(bps)/u.of, 'g', 4, 64) + " " + u.name
		}
	}
	return strconv.FormatInt(bps, 10) + " bps"
}
