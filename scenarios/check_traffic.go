package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
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
		if t.To == string(internet) && !firewall {
			c.warn("no NVA has the role firewall, and no site 0.0.0.0/0: nobody forwards to the Internet", "traffic", i, "to")
		}
		from, to := c.endOfTraffic(t.From, i, "from"), c.endOfTraffic(t.To, i, "to")
		if from && to {
			c.joined(t, i)
		}
	}
}

// endOfTraffic checks that a name is that of a place where flows of a class begin,
// or end.
func (c *checker) endOfTraffic(name string, i int, key string) bool {
	at := []any{"traffic", i, key}
	set, number, one := cutMachine(name)
	vnet, subnet, within := strings.Cut(name, "/")
	switch {
	case name == string(internet) && key == "to":
		return true
	case name == string(internet):
		c.fail("internet begins no flows: it answers only", "let it be to; a class carries both directions", at...)
		return false
	case one:
		return c.refer(set, []Thing{ASetOfVMs}, at...) && c.isMachine(name, set, number, at)
	case within:
		return c.refer(vnet, []Thing{AVNet}, at...) && c.hasMachines(vnet, subnet, at)
	case c.names[name] == AVNet:
		c.fail(name+" is a VNet; flows begin and end in its subnets", didYouMean(name, c.populated(name)), at...)
		return false
	}
	places := []Thing{ASetOfVMs, ASite, ARouter}
	if _, known := c.names[name]; !known && key == "to" && nearest(name, append(c.named(places...), string(internet))) == string(internet) {
		c.fail(fmt.Sprintf("%q is no place where flows end", name), "did you mean internet?", at...)
		return false
	}
	return c.refer(name, places, at...) && c.isRouted(name, at)
}

// isMachine checks that a set of VMs has a machine of that number.
func (c *checker) isMachine(name, set, number string, at []any) bool {
	v := c.s.VMs[slices.IndexFunc(c.s.VMs, func(v VMs) bool { return v.Name == set })]
	n, err := strconv.Atoi(number)
	if err == nil && n >= 0 && n < v.Count && strconv.Itoa(n) == number {
		return true
	}
	hint := fmt.Sprintf("they are %s[0] to %s[%d]", set, set, v.Count-1)
	if v.Count <= 1 {
		hint = "there is only " + set + "[0]"
	}
	c.fail(fmt.Sprintf("%s is no machine of %s", name, set), hint, at...)
	return false
}

// hasMachines checks that VMs stand in a subnet.
func (c *checker) hasMachines(vnet, subnet string, at []any) bool {
	if slices.ContainsFunc(c.s.VMs, func(v VMs) bool { return v.VNet == vnet && v.Subnet == subnet }) {
		return true
	}
	what := fmt.Sprintf("VNet %s has no subnet %s", vnet, subnet)
	if _, found := c.s.vnet(vnet).subnet(subnet); found {
		what = fmt.Sprintf("no set of VMs stands in %s/%s", vnet, subnet)
	}
	c.fail(what, didYouMean(vnet+"/"+subnet, c.populated("")), at...)
	return false
}

// populated gives the subnets where VMs stand: of one VNet, or of all.
func (c *checker) populated(vnet string) []string {
	var all []string
	for _, v := range c.s.VMs {
		if name := v.VNet + "/" + v.Subnet; (vnet == "" || vnet == v.VNet) && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// isRouted checks that packets find their way to a router: by a prefix that it
// originates.
func (c *checker) isRouted(name string, at []any) bool {
	if p := c.s.endpoint(name); p.router != nil && len(p.router.Originates) == 0 {
		c.fail(name+" originates no prefix: no packet finds the way to it", "give it one: originates: [198.51.100.0/24]", at...)
		return false
	}
	return true
}

// joined checks that the two ends of a class are two places of one network.
func (c *checker) joined(t Class, i int) {
	from, to := c.s.endpoint(t.From), c.s.endpoint(t.To)
	switch {
	case from.shares(to):
		c.fail("traffic within a set of VMs passes nothing that is modelled", "give another set of VMs, a site or internet", "traffic", i, "to")
	case t.From == t.To:
		c.fail(fmt.Sprintf("%s is where the flows begin", t.To), "give another place", "traffic", i, "to")
	case from.router != nil && to.router == nil:
		c.fail(fmt.Sprintf("nothing joins the plain network of %s to %s", t.From, t.To), "give another router", "traffic", i, "to")
	case from.router == nil && to.router != nil:
		c.fail(fmt.Sprintf("nothing joins %s to the plain network of %s", t.From, t.To), "give a set of VMs, a subnet, a site or internet", "traffic", i, "to")
	}
}
