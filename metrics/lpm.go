package metrics

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"net/netip"
)

// lpm is a table of IPv4 prefixes with longest-prefix match. The zero value is
// an empty table.
type lpm[T any] struct {
	entries map[number]T
	lengths uint64 // a bit for each length that some entry has or had
}

// number is an IPv4 prefix: its address, and its length in the last byte.
type number uint64

// numberOf gives the number of an IPv4 prefix.
func numberOf(p netip.Prefix) (n number, ok bool) {
	if !p.IsValid() || !p.Addr().Is4() {
		return 0, false
	}
	a := p.Addr().As4()
	return number(binary.BigEndian.Uint32(a[:]))<<8 | number(p.Bits()), true
}

func (n number) prefix() netip.Prefix {
	var a [4]byte
	binary.BigEndian.PutUint32(a[:], uint32(n>>8))
	return netip.PrefixFrom(netip.AddrFrom4(a), int(n&0xff))
}

// cut gives the prefix of some length that contains the prefix.
func (n number) cut(length int) number {
	return n>>(40-length)<<(40-length) | number(length)
}

// emptied gives a table without entries, and with the memory of this one.
func (t *lpm[T]) emptied() lpm[T] {
	clear(t.entries)
	return lpm[T]{entries: t.entries}
}

// set makes v the entry of p. What is no IPv4 prefix gets none.
func (t *lpm[T]) set(p netip.Prefix, v T) {
	n, ok := numberOf(p)
	if !ok {
		return
	}
	if t.entries == nil {
		t.entries = map[number]T{}
	}
	t.entries[n] = v
	t.lengths |= 1 << p.Bits()
}

// get gives the entry of p itself.
func (t *lpm[T]) get(p netip.Prefix) (v T, ok bool) {
	if n, is := numberOf(p); is {
		v, ok = t.entries[n]
	}
	return v, ok
}

// of gives the entry of p itself, the zero value where there is none.
func (t *lpm[T]) of(p netip.Prefix) T {
	v, _ := t.get(p)
	return v
}

func (t *lpm[T]) remove(p netip.Prefix) {
	if n, ok := numberOf(p); ok {
		delete(t.entries, n)
	}
}

// removeIf removes the entries that drop holds of.
func (t *lpm[T]) removeIf(drop func(T) bool) {
	for n, v := range t.entries { // order-free: each entry is judged alone
		if drop(v) {
			delete(t.entries, n)
		}
	}
}

// update changes all entries.
func (t *lpm[T]) update(to func(T) T) {
	for n, v := range t.entries { // order-free: each entry is changed alone
		t.entries[n] = to(v)
	}
}

// all gives the entries, in no order.
func (t *lpm[T]) all() iter.Seq2[netip.Prefix, T] {
	return func(yield func(netip.Prefix, T) bool) {
		for n, v := range t.entries { // order-free: so it says
			if !yield(n.prefix(), v) {
				return
			}
		}
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
	n, is := numberOf(q)
	if !is || len(t.entries) == 0 {
		return p, v, false
	}
	for lengths := t.lengths & (2<<q.Bits() - 1); lengths != 0; {
		length := bits.Len64(lengths) - 1
		lengths &^= 1 << length
		shorter := n.cut(length)
		if v, ok = t.entries[shorter]; ok {
			return shorter.prefix(), v, true
		}
	}
	return netip.Prefix{}, v, false
}
