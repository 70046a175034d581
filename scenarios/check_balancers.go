package scenarios

import "fmt"

func (c *checker) balancers() {
	for i, b := range c.s.Balancers {
		c.host(b.Name, b.Address, "load_balancers", i, "address")
		if !c.refer(b.VNet, []Thing{AVNet}, "load_balancers", i, "vnet") {
			continue
		}
		c.hostIn(c.s.vnet(b.VNet), b.Address, "load_balancers", i, "address")
		for j, name := range b.Backends {
			at := []any{"load_balancers", i, "backends", j}
			if !c.refer(name, []Thing{AnNVA}, at...) {
				continue
			}
			if in := c.s.nva(name).VNet; in != b.VNet {
				c.fail(fmt.Sprintf("%s stands in VNet %s: the back ends of an internal load balancer are in its own VNet, %s", name, in, b.VNet), "", at...)
			}
		}
	}
}
