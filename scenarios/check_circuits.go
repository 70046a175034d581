package scenarios

import (
	"fmt"
	"net/netip"
	"time"
)

func (c *checker) circuits() {
	taken := map[netip.Addr]string{}
	for i, r := range c.s.Circuits {
		c.timers(r.Hold, r.Keepalive, "circuits", i)
		c.refer(r.Site, []Thing{ASite}, "circuits", i, "site")
		if r.Hold > 0 && r.Hold < 10*time.Second {
			c.fail("an MSEE has a hold time of at least 10s, not "+formatDuration(r.Hold)+" (Azure: expressroute-bfd)", "BFD notices within a second", "circuits", i, "hold")
		}
		if n := len(c.s.site(r.Site).Prefixes); n > r.limit() {
			c.warn(fmt.Sprintf("%s announces %d routes; the circuit takes %d (%s) and drops the session", r.Site, n, r.limit(), r.SKU), "circuits", i, "sku")
		}
		c.connections(i, r)
		c.msees(i, r, taken)
	}
}

func (c *checker) connections(i int, r Circuit) {
	seen := map[string]bool{}
	for j, to := range r.Connections {
		at := []any{"circuits", i, "connections", j, "gateway"}
		if c.refer(to.Gateway, []Thing{AGateway}, at...) && seen[to.Gateway] {
			c.fail(fmt.Sprintf("%s is connected to %s already", r.Name, to.Gateway), "", at...)
		}
		seen[to.Gateway] = true
	}
}

// msees checks the addresses of the two MSEEs; taken has those of the circuits
// before.
func (c *checker) msees(i int, r Circuit, taken map[netip.Addr]string) {
	if len(r.Addresses) != 2 {
		c.fail(fmt.Sprintf("a circuit has two MSEEs and so two addresses, not %d", len(r.Addresses)), "", "circuits", i, "addresses")
		return
	}
	for j, a := range r.Addresses {
		at := []any{"circuits", i, "addresses", j}
		v, inside := c.s.vnetOf(a)
		switch {
		case !a.IsValid():
		case inside:
			c.fail(fmt.Sprintf("%s is inside %s of a VNet: an MSEE stands outside all of them", a, v), "", at...)
		case taken[a] != "" && taken[a] != r.Name: // of its own twice: the decoder says it
			c.fail(fmt.Sprintf("%s is the address of an MSEE of %s already", a, taken[a]), "", at...)
		}
		taken[a] = r.Name
	}
}
