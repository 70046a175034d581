package metrics

import "net/netip"

// lpm is a table of IPv4 prefixes with longest-prefix match. The zero value is
// an empty table.
type lpm[T any] struct {
	entries map[netip.Prefix]T
	lengths []int32 // how many entries have each length
}

// set makes v the entry of p. What is no IPv4 prefix gets none.
func (t *lpm[T]) set(p netip.Prefix, v T) {
	if !p.IsValid() || !p.Addr().Is4() {
		return
	}
	if t.entries == nil {
		t.entries, t.lengths = map[netip.Prefix]T{}, make([]int32, 33)
	}
	if _, ok := t.entries[p]; !ok {
		t.lengths[p.Bits()]++
	}
	t.entries[p] = v
}

func (t *lpm[T]) remove(p netip.Prefix) {
	if _, ok := t.entries[p]; ok {
		t.lengths[p.Bits()]--
		delete(t.entries, p)
	}
}

// removeIf removes the entries that drop holds of.
func (t *lpm[T]) removeIf(drop func(T) bool) {
	for p, v := range t.entries { // order-free: each entry is judged alone
		if drop(v) {
			t.remove(p)
		}
	}
}

// update changes all entries.
func (t *lpm[T]) update(to func(T) T) {
	for p, v := range t.entries { // order-free: each entry is changed alone
		t.entries[p] = to(v)
	}
}

// lookup gives the longest prefix that contains a.
func (t *lpm[T]) lookup(a netip.Addr) (p netip.Prefix, v T, ok bool) {
	if !a.Is4() {
		return p, v, false
	}
	return t.within(netip.PrefixFrom(a, 32))
}

// within gives the longest prefix that contains all of q.
func (t *lpm[T]) within(q netip.Prefix) (p netip.Prefix, v T, ok bool) {
	if len(t.entries) == 0 || !q.IsValid() || !q.Addr().Is4() {
		return p, v, false
	}
	for bits := q.Bits(); bits >= 0; bits-- {
		if t.lengths[bits] == 0 {
			continue
		}
		p = netip.PrefixFrom(q.Addr(), bits).Masked()
		if v, ok = t.entries[p]; ok {
			return p, v, true
		}
	}
	return netip.Prefix{}, v, false
}
