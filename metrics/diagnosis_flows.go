package metrics

import (
	"fmt"

	"dualhome/events"
)

// asymmetry says that stateful NVAs drop what they do not know, and what would
// help.
func (c *class) asymmetry(n *network, legs []leg) []string {
	lost, nvas := newFlowSet(c.Flows), []string{}
	for _, l := range legs {
		if l.cause == asymmetry && !l.broke {
			lost.join(l.flows)
			nvas = add(nvas, n.name(l.path[len(l.path)-1]))
		}
	}
	if lost.empty() {
		return nil
	}
	return []string{fmt.Sprintf("asymmetry of %s: %d %% of the flows come back through another NVA than they went; %s, which %s stateful, %s packets of flows whose beginning went elsewhere. "+
		"What helps: snat: all on the NVAs, so that answers come to the one that translated; or the same shared_state; "+
		"or active/passive, by prepend on one of them, where both ends see the path; "+
		"or NVAs of one VNet behind a load balancer that both directions pass (from a circuit by a route table on GatewaySubnet)",
		c.Name, max(1, 100*lost.count()/c.Flows), join(nvas), isOrAre(nvas), verb(nvas, "drop"))}
}

// breaks says after which disturbances flows break, and why, where it takes time
// to open them anew.
func (c *class) breaks(all []Disturbance, horizon events.Time) []string {
	if c.life == nil || len(c.life.waits) == 0 {
		return nil
	}
	var address, state []string
	for i, w := range windows(all, horizon) {
		b := c.life.breaksIn(w)
		address, state = c.countBreaks(address, all[i], b.address), c.countBreaks(state, all[i], b.state)
	}
	const lost = "flows of %s break %s, and are lost until they are opened anew (reconnect): %s"
	var sentences []string
	if len(address) > 0 {
		sentences = append(sentences, fmt.Sprintf(lost, c.Name, join(address),
			"the far end sees them come from another address, or through an NVA that died meanwhile; no NVA knows what another one translated"))
	}
	if len(state) > 0 {
		sentences = append(sentences, fmt.Sprintf(lost, c.Name, join(state),
			"they come to a stateful NVA that does not know them; the same shared_state on both NVAs, or midstream_pickup, would let them go on"))
	}
	return sentences
}

// countBreaks adds how many flows broke after a disturbance, if any did.
func (c *class) countBreaks(all []string, d Disturbance, broken flowSet) []string {
	if n := broken.count(); n > 0 {
		all = append(all, fmt.Sprintf("after %s (%d of %d)", d.Name, n, c.Flows))
	}
	return all
}
