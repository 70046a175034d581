package scenarios

import (
	"fmt"
	"slices"

	"dualhome/actors/bgp"
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

// uselessBFD warns, once for each router or generator, of what is said of BFD where
// no link has it.
func (c *checker) uselessBFD() {
	has, done := map[string]bool{}, map[string]bool{}
	for _, l := range c.s.Links {
		if l.BFD {
			has[l.Between[0]], has[l.Between[1]] = true, true
		}
	}
	place := func(i int) string { return fmt.Sprint(c.made.router(i)) }
	for i, r := range c.s.Routers {
		if has[r.Name] {
			done[place(i)] = true
		}
	}
	usual := map[ProfileName]bgp.BFD{}
	for i, r := range c.s.Routers {
		def, known := usual[r.Speaker.Profile]
		if !known {
			def = *speakerOf(r.Speaker.Profile).bfd()
			usual[r.Speaker.Profile] = def
		}
		if *r.Speaker.bfd() != def && !done[place(i)] {
			done[place(i)] = true
			c.warn(fmt.Sprintf("what is said of BFD has no effect: no link of %s has bfd: true", r.Name), c.made.router(i, "bgp")...)
		}
	}
}
