package scenarios

import (
	"dualhome/events"
	"dualhome/sim"
)

// translation gives what an NVA gives its own address.
func translation(name string) events.Translation {
	for _, t := range []events.Translation{events.InternetSNAT, events.AllSNAT} {
		if t.String() == name {
			return t
		}
	}
	return events.NoSNAT
}

func protocol(name string) events.Protocol {
	if name == events.UDPFlows.String() {
		return events.UDPFlows
	}
	return events.TCPFlows
}

// reconnectQuantiles is how many different times the flows of a class take until
// they are opened anew.
const reconnectQuantiles = 16

// reconnect gives the quantiles of a distribution; none of the constant 0.
func reconnect(d sim.Dist) []events.Time {
	if d.IsZero() {
		return nil
	}
	var all []events.Time
	for _, q := range d.Quantiles(reconnectQuantiles) {
		all = append(all, events.Time(q))
	}
	return all
}
