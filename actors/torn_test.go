package actors

import (
	"net/netip"
	"slices"
	"testing"
)

// TestTornGroupsAreNotShared: what was given of a group, and is in a line by now,
// stays as it is when the group loses another next hop.
func TestTornGroupsAreNotShared(t *testing.T) {
	var g torn
	hop := func(n byte) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, n}) }
	group := []netip.Addr{hop(1), hop(2), hop(3)}
	g.tear(group, hop(1))
	written := g.left(group)
	g.tear(group, hop(2))
	if !slices.Equal(written, []netip.Addr{hop(2), hop(3)}) || !slices.Equal(g.left(group), []netip.Addr{hop(3)}) {
		t.Errorf("%v, then %v", written, g.left(group))
	}
}
