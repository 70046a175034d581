package scenarios

import (
	"fmt"
	"slices"
)

// deniedByDefault warns, once for each router, of external peers that it has no
// policy for, where it uses and sends nothing without one (RFC 8212).
func (c *checker) deniedByDefault() {
	for i, r := range c.s.Routers {
		if !r.Speaker.DenyDefault {
			continue
		}
		at := slices.IndexFunc(c.s.Links, func(l Link) bool {
			return slices.Contains(l.Between[:], r.Name) && l.relationOf(r.Name) == stranger && c.denied(r, l.other(r.Name)) != ""
		})
		if at >= 0 {
			peer := c.s.Links[at].other(r.Name)
			c.warn(fmt.Sprintf("%s %s (RFC 8212); rfc8212: false switches that off", r.Name, c.denied(r, peer)), c.made.router(i)...)
		}
	}
}

// denied says what comes of it that a router lacks a policy for a peer of another
// AS; empty, where it lacks none.
func (c *checker) denied(r Router, peer string) string {
	with := r.with(peer)
	switch in, out := len(with.Import) > 0, len(with.Export) > 0; {
	case c.asn(peer) == r.ASN || in && out:
		return ""
	case in:
		return fmt.Sprintf("has no export policy for %s and sends it nothing", peer)
	case out:
		return fmt.Sprintf("has no import policy for %s and uses nothing that it sends", peer)
	}
	return fmt.Sprintf("has no policy for %s: it uses nothing that %s sends, and sends it nothing", peer, peer)
}
