package bgp

import (
	"net/netip"
	"testing"

	"dualhome/events"
)

func TestPolicy(t *testing.T) {
	set := events.ASPath{{AS: []uint32{65515, 64512}}, {Set: true, AS: []uint32{64512, 65515}}, {AS: []uint32{64600}}}
	for _, c := range []struct {
		what   string
		policy Policy
		path   events.ASPath
		want   string
	}{
		{"nothing", Policy{}, path(65515, 65515, 64512), "65515 65515 64512"},
		{"override keeps the length", Policy{Override: 65515}, path(65515, 12076, 65515, 65515), "65001 12076 65001 65001"},
		{"override of another", Policy{Override: 65515}, path(12076, 65021), "12076 65021"},
		{"remove", Policy{Remove: 12076}, path(65515, 12076, 12076, 65021), "65515 65021"},
		{"remove all", Policy{Remove: 1}, path(1, 1), ""},
		{"private: the ends of both ranges", Policy{StripPrivate: true}, path(64511, 64512, 65534, 65535, 4199999999, 4200000000, 4294967294, 4294967295), "64511 65535 4199999999 4294967295"},
		{"private, and runs", Policy{StripPrivate: true}, path(12076, 12076, 64512, 12076, 398656, 398656, 12076), "12076 398656 12076"},
		{"private, but overridden", Policy{Override: 65515, StripPrivate: true}, path(65515, 12076, 64512), "65001 12076"},
		{"both, and a set", Policy{Override: 65515, Remove: 64512}, set, "65001 {65001} 64600"},
		{"a set that is left empty", Policy{StripPrivate: true}, set, ""},
		{"no run across a set", Policy{StripPrivate: true}, events.ASPath{{AS: []uint32{5}}, {Set: true, AS: []uint32{5}}, {AS: []uint32{5}}}, "5 {5} 5"},
		{"a run across segments", Policy{StripPrivate: true}, events.ASPath{{AS: []uint32{5}}, {AS: []uint32{5, 6}}}, "5 6"},
		{"no path", Policy{Override: 65515, StripPrivate: true}, nil, ""},
	} {
		before := c.path.String()
		if got := c.policy.apply(c.path, 65001).String(); got != c.want {
			t.Errorf("%s: %q, not %q", c.what, got, c.want)
		}
		if c.path.String() != before {
			t.Errorf("%s: the path itself became %v", c.what, c.path)
		}
	}
}

// TestNoPolicyCostsNothing: no allocation where there is none, nor rules.
func TestNoPolicyCostsNothing(t *testing.T) {
	s := NewSpeaker(Config{ID: "s", AS: 1, Peers: []Peer{{ID: "p", AS: 2}}})
	received := &events.Attrs{Path: path(1, 2, 3)}
	if n := testing.AllocsPerRun(10, func() { s.imported(s.order[0], netip.Prefix{}, received) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestOwnASInPath (RFC 4271 section 9.1.2, and the allowas-in of routers).
func TestOwnASInPath(t *testing.T) {
	s := NewSpeaker(Config{ID: "s", AS: 1})
	for _, c := range []struct {
		allowed int
		path    events.ASPath
		looped  bool
	}{
		{0, path(2, 3), false},
		{0, path(2, 1), true},
		{0, events.ASPath{{Set: true, AS: []uint32{1}}}, true},
		{1, path(2, 1), false},
		{1, path(2, 1, 1), true},
		{2, path(1, 2, 1), false},
		{-1, path(1, 1, 1, 1), false},
	} {
		if got := s.looped(&peer{Peer: &Peer{AllowASIn: c.allowed}}, c.path); got != c.looped {
			t.Errorf("%v, %d allowed: looped is %t", c.path, c.allowed, got)
		}
	}
}
