package scenarios

import (
	"fmt"
	"slices"
)

func (c *checker) vms() {
	used := map[Subnet]int{}
	for i, v := range c.s.VMs {
		if !c.refer(v.VNet, []Thing{AVNet}, "vms", i, "vnet") {
			continue
		}
		vnet := c.s.vnet(v.VNet)
		subnet, found := vnet.subnet(v.Subnet)
		switch {
		case !found:
			var known []string
			for _, s := range vnet.Subnets {
				known = append(known, s.Name)
			}
			c.fail(fmt.Sprintf("VNet %s has no subnet %s", v.VNet, v.Subnet), didYouMean(v.Subnet, known), "vms", i, "subnet")
		case subnet.Name == routeServerSubnet:
			c.fail("only a Route Server may stand in "+routeServerSubnet, "", "vms", i, "subnet")
		case subnet.Prefix.IsValid():
			used[subnet] += v.Count
			// Azure keeps five addresses of a subnet for itself.
			if room := 1<<(32-subnet.Prefix.Bits()) - 5; used[subnet] > room {
				c.warn(fmt.Sprintf("%d machines do not fit into subnet %s: %s has room for %d", used[subnet], subnet.Name, subnet.Prefix, max(0, room)), "vms", i, "count")
			}
		}
	}
}

func (c *checker) traffic() {
	firewall := slices.ContainsFunc(c.s.NVAs, func(n NVA) bool { return n.may("firewall") })
	for i, t := range c.s.Traffic {
		c.refer(t.From, []Thing{ASetOfVMs}, "traffic", i, "from")
		switch {
		case t.To != "internet":
			c.refer(t.To, []Thing{ASite}, "traffic", i, "to")
		case !firewall:
			c.warn("no NVA has the role firewall: nobody forwards to the Internet", "traffic", i, "to")
		}
	}
}
