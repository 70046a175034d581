package bgp

import (
	"cmp"
	"net/netip"
	"slices"

	"dualhome/events"
)

// filter gives a route after the first of some rules that matches it, nil where it
// is dropped. Prepended is as. The route itself stays as it is.
func (p *peer) filter(rules []Rule, prefix netip.Prefix, a *events.Attrs, as uint32) *events.Attrs {
	switch r, kept := p.verdict(rules, prefix, a); {
	case !kept:
		return nil
	case r != nil:
		return r.apply(a, as)
	}
	return a
}

// verdict tells whether a route is kept, and by which of some rules; nil: by none.
// Where there are none, p.Deny is RFC 8212, which is about other ASes only.
func (p *peer) verdict(rules []Rule, prefix netip.Prefix, a *events.Attrs) (r *Rule, kept bool) {
	if r = first(rules, prefix, a); r != nil {
		return r, !r.Drop
	}
	return nil, !p.Deny || len(rules) == 0 && p.internal
}

// first gives the first rule that matches a route; nil: none does.
func first(rules []Rule, prefix netip.Prefix, a *events.Attrs) *Rule {
	for i := range rules {
		if r := &rules[i]; r.matches(prefix, a) {
			return r
		}
	}
	return nil
}

func (r *Rule) matches(prefix netip.Prefix, a *events.Attrs) bool {
	within := func(m PrefixMatch) bool { return m.matches(prefix) }
	return (len(r.Prefixes) == 0 || slices.ContainsFunc(r.Prefixes, within)) &&
		(r.ASPath == nil || r.ASPath.MatchString(a.Path.String())) &&
		(r.Community == nil || a.Has(*r.Community)) && (r.Large == nil || a.HasLarge(*r.Large))
}

func (m PrefixMatch) matches(prefix netip.Prefix) bool {
	least, greatest := m.Prefix.Bits(), m.Prefix.Bits()
	if m.GE > 0 {
		least, greatest = m.GE, prefix.Addr().BitLen()
	}
	if m.LE > 0 {
		greatest = m.LE
	}
	return prefix.Bits() >= max(least, m.Prefix.Bits()) && prefix.Bits() <= greatest && m.Prefix.Contains(prefix.Addr())
}

// apply gives a route as the rule changes it.
func (r *Rule) apply(received *events.Attrs, as uint32) *events.Attrs {
	a := *received
	if r.LocalPref != nil {
		a.LocalPref, a.HasLocalPref = *r.LocalPref, true
	}
	if r.MED != nil {
		a.MED, a.HasMED = *r.MED, true
	}
	if r.NextHop.IsValid() {
		a.NextHop = r.NextHop
	}
	a.Path = a.Path.Prepend(as, r.Prepend)
	if len(r.AddCommunity)+len(r.CutCommunity) > 0 {
		a.Communities = retagged(a.Communities, r.CutCommunity, r.AddCommunity, cmp.Compare[events.Community])
	}
	if len(r.AddLarge)+len(r.CutLarge) > 0 {
		a.LargeCommunities = retagged(a.LargeCommunities, r.CutLarge, r.AddLarge, events.CompareLarge)
	}
	return &a
}

// retagged cuts communities of one kind and then adds some.
func retagged[C comparable](all, cut, add []C, compare func(a, b C) int) []C {
	kept := append(slices.DeleteFunc(slices.Clone(all), func(c C) bool { return slices.Contains(cut, c) }), add...)
	slices.SortFunc(kept, compare)
	if kept = slices.Compact(kept); len(kept) == 0 {
		return nil
	}
	return kept
}

// outward gives the rule as it applies to what is sent to a peer. What RFC 4271
// keeps to one AS stays there: LOCAL_PREF does not go to another, and within it the
// own AS is not prepended (sections 5.1.2 and 5.1.5).
func (r Rule) outward(internal bool) *Rule {
	if internal {
		r.Prepend = 0
	} else {
		r.LocalPref = nil
	}
	return &r
}
