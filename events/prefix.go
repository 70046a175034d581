package events

import (
	"cmp"
	"net/netip"
	"slices"
)

// ComparePrefixes orders prefixes by address, then by length.
func ComparePrefixes(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}

// SortedPrefixes gives the keys of m in the order of ComparePrefixes.
func SortedPrefixes[V any](m map[netip.Prefix]V) []netip.Prefix {
	keys := make([]netip.Prefix, 0, len(m))
	for p := range m { // order-free: sorted below
		keys = append(keys, p)
	}
	slices.SortFunc(keys, ComparePrefixes)
	return keys
}
