package bgp

import (
	"net/netip"
	"reflect"
	"regexp"
	"testing"

	"dualhome/events"
)

func TestPrefixMatch(t *testing.T) {
	for _, c := range []struct {
		match  string
		ge, le int
		prefix string
		want   bool
	}{
		{"10.0.0.0/8", 0, 0, "10.0.0.0/8", true},
		{"10.0.0.0/8", 0, 0, "10.0.0.0/9", false},
		{"10.0.0.0/8", 0, 0, "0.0.0.0/0", false},
		{"10.0.0.0/8", 0, 24, "10.1.2.0/24", true},
		{"10.0.0.0/8", 0, 24, "10.1.2.0/25", false},
		{"10.0.0.0/8", 16, 24, "10.0.0.0/8", false},
		{"10.0.0.0/8", 16, 24, "10.1.0.0/16", true},
		{"10.0.0.0/8", 16, 0, "10.1.2.3/32", true},
		{"10.0.0.0/8", 16, 24, "11.1.0.0/16", false},
		{"10.0.0.0/8", 4, 24, "0.0.0.0/4", false},
		{"0.0.0.0/0", 0, 32, "192.0.2.1/32", true},
		{"0.0.0.0/0", 0, 0, "0.0.0.0/0", true},
	} {
		m := PrefixMatch{netip.MustParsePrefix(c.match), c.ge, c.le}
		if got := m.matches(netip.MustParsePrefix(c.prefix)); got != c.want {
			t.Errorf("%+v matches %s: %t", m, c.prefix, got)
		}
	}
}

// TestFirstRuleDecides: the others are not asked; and what no rule matches is kept
// unless it is denied.
func TestFirstRuleDecides(t *testing.T) {
	tag, pref, twenty := events.Community(65001<<16|20), uint32(200), []PrefixMatch{{Prefix: netip.MustParsePrefix("10.0.0.0/8"), LE: 20}}
	rules := []Rule{
		{Prefixes: twenty, ASPath: regexp.MustCompile(`(^| )65003($| )`), Drop: true},
		{Prefixes: twenty, LocalPref: &pref},
		{Community: &tag},
		{Prefixes: []PrefixMatch{{Prefix: netip.MustParsePrefix("192.0.2.0/24")}, {Prefix: netip.MustParsePrefix("198.51.100.0/24")}}},
	}
	for _, c := range []struct {
		prefix string
		path   events.ASPath
		tags   []events.Community
		pref   uint32
		rule   int // which matches; -1: none
	}{
		{"10.1.0.0/16", path(65001, 65003), nil, 0, 0},
		{"10.1.0.0/16", path(65001, 165003), nil, 200, 1},
		{"10.1.1.0/24", path(65001, 65003), []events.Community{1, tag}, 0, 2},
		{"198.51.100.0/24", nil, nil, 0, 3},
		{"172.16.0.0/12", path(65003), nil, 0, -1},
	} {
		for _, deny := range []bool{false, true} {
			p, a := &peer{Peer: &Peer{Deny: deny}}, &events.Attrs{Path: c.path, Communities: c.tags}
			got := p.filter(rules, netip.MustParsePrefix(c.prefix), a, 65001)
			kept := c.rule > 0 || c.rule < 0 && !deny
			if (got != nil) != kept || kept && got.LocalPref != c.pref {
				t.Errorf("%s %v, deny %t: %+v", c.prefix, c.path, deny, got)
			}
			if c.rule < 0 && kept && got != a {
				t.Errorf("%s was copied", c.prefix)
			}
		}
	}
}

func large(n uint32) events.LargeCommunity { return events.LargeCommunity{Global: 65001, Local2: n} }

// TestLargeCommunityMatches: in all of its three numbers.
func TestLargeCommunityMatches(t *testing.T) {
	nine := large(9)
	p, rules := &peer{Peer: &Peer{}}, []Rule{{Large: &nine, Drop: true}}
	for _, c := range []struct {
		has  []events.LargeCommunity
		kept bool
	}{
		{nil, true},
		{[]events.LargeCommunity{large(8)}, true},
		{[]events.LargeCommunity{{Global: 65001, Local1: 9}}, true},
		{[]events.LargeCommunity{{Global: 1, Local2: 9}}, true},
		{[]events.LargeCommunity{large(8), nine}, false},
	} {
		if got := p.filter(rules, netip.MustParsePrefix("10.0.0.0/8"), &events.Attrs{LargeCommunities: c.has}, 65001); (got != nil) != c.kept {
			t.Errorf("%v: kept %t", c.has, got != nil)
		}
	}
}

// TestLargeCommunitiesCount: a route that differs in nothing else is another route.
func TestLargeCommunitiesCount(t *testing.T) {
	with := func(n ...uint32) *events.Attrs {
		a := &events.Attrs{Communities: []events.Community{1}}
		for _, i := range n {
			a.LargeCommunities = append(a.LargeCommunities, large(i))
		}
		return a
	}
	if equalAttrs(with(), with(1)) || equalAttrs(with(1), with(2)) || equalAttrs(with(1), with(1, 2)) || !equalAttrs(with(1, 2), with(1, 2)) {
		t.Error("they do not count")
	}
}

// TestRuleChanges: each field, and the route that was received stays as it is.
func TestRuleChanges(t *testing.T) {
	pref, med := uint32(200), uint32(0)
	hop := netip.MustParseAddr("10.0.0.1")
	was := events.Attrs{Path: path(65001), NextHop: netip.MustParseAddr("10.0.0.9"), Communities: []events.Community{2, 5, 9}}
	for _, c := range []struct {
		what string
		rule Rule
		want events.Attrs
	}{
		{"nothing", Rule{}, was},
		{"LOCAL_PREF", Rule{LocalPref: &pref}, events.Attrs{Path: was.Path, NextHop: was.NextHop, Communities: was.Communities, LocalPref: 200, HasLocalPref: true}},
		{"MED 0", Rule{MED: &med}, events.Attrs{Path: was.Path, NextHop: was.NextHop, Communities: was.Communities, HasMED: true}},
		{"prepend", Rule{Prepend: 2}, events.Attrs{Path: path(7, 7, 65001), NextHop: was.NextHop, Communities: was.Communities}},
		{"next hop", Rule{NextHop: hop}, events.Attrs{Path: was.Path, NextHop: hop, Communities: was.Communities}},
		{"communities", Rule{AddCommunity: []events.Community{7, 5, 1}, CutCommunity: []events.Community{9, 5, 3}}, events.Attrs{Path: was.Path, NextHop: was.NextHop, Communities: []events.Community{1, 2, 5, 7}}},
		{"large communities", Rule{AddLarge: []events.LargeCommunity{large(7), large(1)}, CutLarge: []events.LargeCommunity{large(9)}}, events.Attrs{Path: was.Path, NextHop: was.NextHop, Communities: was.Communities, LargeCommunities: []events.LargeCommunity{large(1), large(7)}}},
		{"no communities", Rule{CutCommunity: []events.Community{2, 5, 9}}, events.Attrs{Path: was.Path, NextHop: was.NextHop}},
	} {
		before := was
		before.Communities = append([]events.Community(nil), was.Communities...)
		if got := c.rule.apply(&was, 7); !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s: %+v", c.what, *got)
		}
		if !reflect.DeepEqual(was, before) {
			t.Fatalf("%s: what was received is %+v", c.what, was)
		}
	}
}
