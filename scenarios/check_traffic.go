package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
)

func (c *checker) vms() {
	used := map[netip.Prefix]int{} // a subnet's prefix is its own
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
		case resident(subnet.Name) != "":
			c.fail("only "+resident(subnet.Name)+" may stand in "+subnet.Name, "", "vms", i, "subnet")
		case subnet.Prefix.IsValid():
			used[subnet.Prefix] += v.Count
			// Azure keeps five addresses of a subnet for itself.
			if room := 1<<(32-subnet.Prefix.Bits()) - 5; used[subnet.Prefix] > room {
				c.warn(fmt.Sprintf("%d machines do not fit into subnet %s: %s has room for %d", used[subnet.Prefix], subnet.Name, subnet.Prefix, max(0, room)), "vms", i, "count")
			}
		}
	}
}

func (c *checker) traffic() {
	firewall := slices.ContainsFunc(c.s.NVAs, func(n NVA) bool { return !c.lacksRole(n, "firewall") }) ||
		slices.ContainsFunc(c.s.Sites, func(s Site) bool { return slices.Contains(s.Prefixes, defaultRoute()) })
	for i, t := range c.s.Traffic {
		c.refer(t.From, []Thing{ASetOfVMs}, "traffic", i, "from")
		switch {
		case t.To == "internet" && !firewall:
			c.warn("no NVA has the role firewall, and no site 0.0.0.0/0: nobody forwards to the Internet", "traffic", i, "to")
		case t.To == "internet":
		case c.refer(t.To, []Thing{ASite, ASetOfVMs}, "traffic", i, "to") && t.To == t.From:
			c.fail("traffic within a set of VMs passes nothing that is modelled", "give another set of VMs, a site or internet", "traffic", i, "to")
		}
	}
}
