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
func (c *class) breaks(all []Disturbance, horizon events.Time) (sentences []string) {
	if c.life == nil || len(c.life.waits) == 0 {
		return nil
	}
	for i, w := range windows(all, horizon) {
		b := c.life.breaksIn(w)
		for _, why := range []struct {
			flows int
			text  string
		}{
			{b.address.count(), "the far end sees them come from another address: no NVA keeps that of another one, nor what it translates when it dies"},
			{b.state.count(), "they come to a stateful NVA that does not know them: shared_state with the one that does, or midstream_pickup, would let them go on"},
		} {
			if why.flows > 0 {
				sentences = append(sentences, fmt.Sprintf("%d of %d flows of %s break after %s, and are lost until they are opened anew (reconnect); %s",
					why.flows, c.Flows, c.Name, all[i].Name, why.text))
			}
		}
	}
	return sentences
}
