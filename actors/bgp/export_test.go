package bgp_test

import (
	"net/netip"
	"slices"
	"testing"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim/simtest"
)

const prefix = "10.1.0.0/16"

// chain links speakers a, b, c … in a row, each in an AS that is given; a
// originates the prefix.
func chain(as ...uint32) *lab {
	l := newLab()
	last := events.ActorID("")
	for i, n := range as {
		id := events.ActorID("abcdefgh"[i : i+1])
		if l.speaker(id).AS = n; i > 0 {
			l.link(last, id)
		}
		last = id
	}
	l.configs["a"].Originate = []netip.Prefix{netip.MustParsePrefix(prefix)}
	return l
}

func (l *lab) peer(of, with events.ActorID) *bgp.Peer { return l.peers[[2]events.ActorID{of, with}] }

// learned gives what a speaker has of the prefix from another.
func (l *lab) learned(by, from events.ActorID) *events.Attrs {
	return l.speakers[by].Learned(from)[netip.MustParsePrefix(prefix)]
}

// tagged makes a speaker send its own routes with attributes of its own.
func (l *lab) tagged(id events.ActorID, a events.Attrs) {
	a.Path, a.NextHop = events.ASPath{{AS: []uint32{l.configs[id].AS}}}, l.configs[id].Address
	l.configs[id].Export = func(*bgp.Peer, netip.Prefix, bgp.Best) (*events.Attrs, bool) { return &a, true }
}

// TestInternalPeers: what b learns in AS 1 goes to c in its own AS 2 with path,
// next hop and MED as they are, with a LOCAL_PREF, and there it ends (RFC 4271
// sections 5.1.2, 5.1.3, 5.1.5 and 9.2); e in AS 3 sees AS 2 once.
func TestInternalPeers(t *testing.T) {
	l := chain(1, 2, 2, 2)
	l.speaker("e").AS = 3
	l.link("c", "e")
	l.tagged("a", events.Attrs{MED: 7, HasMED: true})
	r := l.run(t, 10)
	if got, want := updates(r, "b", "c"), []string{"0.050 UPDATE announce 10.1.0.0/16 path 1 next hop 192.0.2.1"}; !slices.Equal(got, want) {
		t.Errorf("b tells c %q", got)
	}
	if a := l.learned("c", "b"); a == nil || !a.HasLocalPref || a.LocalPref != 100 || !a.HasMED || a.MED != 7 {
		t.Errorf("c has %+v", a)
	}
	if got := updates(r, "c", "d"); got != nil {
		t.Errorf("c tells d %q", got)
	}
	if got := updates(r, "c", "b"); got != nil {
		t.Errorf("c tells b %q", got)
	}
	if a := l.learned("e", "c"); a == nil || a.Path.String() != "2 1" || a.HasMED || a.HasLocalPref || a.NextHop.String() != "192.0.2.3" {
		t.Errorf("e has %+v", a)
	}
}

// TestReflect: with it, d behind c has the route, as b sent it (RFC 4456), and b
// does not get it back; whatever Config.Export says.
func TestReflect(t *testing.T) {
	for _, reflect := range []bool{false, true} {
		l := chain(1, 2, 2, 2)
		l.configs["c"].Reflect = reflect
		l.peer("c", "b").SendBack = true
		l.configs["c"].Export = func(_ *bgp.Peer, _ netip.Prefix, best bgp.Best) (*events.Attrs, bool) { return best.Attrs, true }
		r := l.run(t, 10)
		if a := l.learned("d", "c"); (a != nil) != reflect || reflect && (a.Path.String() != "1" || a.NextHop.String() != "192.0.2.1") {
			t.Errorf("reflect %t: d has %+v", reflect, a)
		}
		if got := updates(r, "c", "b"); got != nil {
			t.Errorf("c tells b %q", got)
		}
	}
}

// TestInternalOwnRoute: an own route goes within the AS with an empty path and
// the own address, and on to another AS.
func TestInternalOwnRoute(t *testing.T) {
	l := chain(1, 1, 2)
	l.run(t, 10)
	if a := l.learned("b", "a"); a == nil || len(a.Path) != 0 || a.NextHop.String() != "192.0.2.1" || a.LocalPref != 100 {
		t.Errorf("b has %+v", a)
	}
	if a := l.learned("c", "b"); a == nil || a.Path.String() != "1" {
		t.Errorf("c has %+v", a)
	}
}

// TestNextHop: which next hop the third in a row gets (RFC 4271 section 5.1.3).
func TestNextHop(t *testing.T) {
	const a, b, other = "192.0.2.1", "192.0.2.2", "192.0.2.99"
	for _, c := range []struct {
		what    string
		as      []uint32
		set     func(*bgp.Config, *bgp.Peer)
		nextHop string
	}{
		{"external", []uint32{1, 2, 3}, func(*bgp.Config, *bgp.Peer) {}, b},
		{"external, unchanged", []uint32{1, 2, 3}, func(_ *bgp.Config, p *bgp.Peer) { p.Unchanged = true }, a},
		{"external, another", []uint32{1, 2, 3}, func(_ *bgp.Config, p *bgp.Peer) { p.NextHop = netip.MustParseAddr(other) }, other},
		{"external, another before unchanged", []uint32{1, 2, 3}, func(_ *bgp.Config, p *bgp.Peer) { p.NextHop, p.Unchanged = netip.MustParseAddr(other), true }, other},
		{"internal", []uint32{1, 2, 2}, func(*bgp.Config, *bgp.Peer) {}, a},
		{"internal, self", []uint32{1, 2, 2}, func(c *bgp.Config, _ *bgp.Peer) { c.NextHopSelf = true }, b},
		{"internal, self under another address", []uint32{1, 2, 2}, func(c *bgp.Config, p *bgp.Peer) { c.NextHopSelf, p.NextHop = true, netip.MustParseAddr(other) }, other},
		{"reflected", []uint32{2, 2, 2}, func(c *bgp.Config, _ *bgp.Peer) { c.NextHopSelf, c.Reflect = true, true }, a},
	} {
		l := chain(c.as...)
		c.set(l.configs["b"], l.peer("b", "c"))
		l.run(t, 10)
		if got := l.learned("c", "b"); got == nil || got.NextHop.String() != c.nextHop {
			t.Errorf("%s: c has %+v", c.what, got)
		}
	}
}

// TestOverride: what csr1 in AS 65001 sent one Route Server of what it had from
// another, both in AS 65515: 65515 12076 65021 became 65001 65001 12076 65021. As
// it was, the receiver may not use it.
func TestOverride(t *testing.T) {
	for _, c := range []struct {
		override  uint32
		allowed   int
		path, use string
	}{
		{65515, 0, "65001 65001 12076 65021", "65001 65001 12076 65021"},
		{0, 0, "65001 65515 12076 65021", ""},
		{0, 1, "65001 65515 12076 65021", "65001 65515 12076 65021"},
	} {
		l := chain(65021, 12076, 65515, 65001, 65515)
		l.peer("d", "e").Out.Override = c.override
		l.peer("e", "d").AllowASIn = c.allowed
		r := l.run(t, 10)
		if a := l.learned("d", "c"); a.Path.String() != "65515 12076 65021" {
			t.Fatalf("csr1 has %v", a.Path)
		}
		if a := l.learned("e", "d"); a.Path.String() != c.path {
			t.Errorf("override %d: sent is %v", c.override, a.Path)
		}
		if got := best(r, "e", prefix).Path.String(); got != c.use {
			t.Errorf("override %d, %d allowed: in use is %q", c.override, c.allowed, got)
		}
	}
}

// TestTwoPeersOfOtherPolicies: what one peer gets is not what the other gets.
func TestTwoPeersOfOtherPolicies(t *testing.T) {
	l := chain(1, 64512, 3, 4)
	l.speaker("e").AS = 5
	l.link("c", "e")
	l.peer("c", "d").Out.StripPrivate = true
	l.peer("c", "d").Prepend = 1
	l.run(t, 10)
	if got := l.learned("d", "c").Path.String(); got != "3 3 1" {
		t.Errorf("d has %s", got)
	}
	if got := l.learned("e", "c").Path.String(); got != "3 64512 1" {
		t.Errorf("e has %s", got)
	}
}

// TestInPolicy: the Adj-RIB-In keeps what came; the decision, its line and what is
// sent on have what the policy made of it, before the loop check.
func TestInPolicy(t *testing.T) {
	l := chain(1, 3, 2, 3, 5)
	l.peer("d", "c").In.Remove = 3
	r := l.run(t, 10)
	if got := l.learned("d", "c").Path.String(); got != "2 3 1" {
		t.Errorf("d received %s", got)
	}
	if got := best(r, "d", prefix).Path.String(); got != "2 1" {
		t.Errorf("d uses %q", got)
	}
	b, _ := l.speakers["d"].Best(netip.MustParsePrefix(prefix))
	if b.Attrs.Path.String() != "2 1" {
		t.Errorf("d has %v", b.Attrs.Path)
	}
	if a := l.learned("e", "d"); a == nil || a.Path.String() != "3 2 1" {
		t.Errorf("e has %+v", a)
	}
}

// TestCommunities go on to every peer, but for what the well-known ones forbid
// (RFC 1997).
func TestCommunities(t *testing.T) {
	for _, c := range []struct {
		community          events.Community
		internal, external bool
	}{
		{65001<<16 | 20, true, true}, {events.NoExport, true, false}, {events.NoAdvertise, false, false},
	} {
		l := chain(1, 2, 2)
		l.speaker("d").AS = 4
		l.link("b", "d")
		l.tagged("a", events.Attrs{Communities: []events.Community{c.community}})
		r := l.run(t, 10)
		if got := best(r, "b", prefix).Is; !slices.Equal(got, []events.ActorID{"a"}) {
			t.Errorf("%v: b uses the route of %v", c.community, got)
		}
		for to, sent := range map[events.ActorID]bool{"c": c.internal, "d": c.external} {
			if a := l.learned(to, "b"); (a != nil) != sent || sent && !a.Has(c.community) {
				t.Errorf("%v: %s has %+v", c.community, to, a)
			}
		}
	}
}

// TestLargeCommunities go on to every peer (RFC 8092 section 2).
func TestLargeCommunities(t *testing.T) {
	l := chain(1, 2, 2)
	l.speaker("d").AS = 4
	l.link("b", "d")
	l.tagged("a", events.Attrs{LargeCommunities: []events.LargeCommunity{{Global: 1, Local1: 2, Local2: 3}}})
	l.run(t, 10)
	for _, to := range []events.ActorID{"c", "d"} {
		if a := l.learned(to, "b"); a == nil || !a.HasLarge(events.LargeCommunity{Global: 1, Local1: 2, Local2: 3}) {
			t.Errorf("%s has %+v", to, a)
		}
	}
}

// TestOnlyCommunitiesChange: p goes over from x to y, which are in one AS and tag
// the route differently. m sees nothing else change, and tells n.
func TestOnlyCommunitiesChange(t *testing.T) {
	l := newLab()
	for i, id := range []events.ActorID{"x", "y"} {
		l.speaker(id, prefix).AS = 1
		l.tagged(id, events.Attrs{Communities: []events.Community{events.Community(1<<16 | i)}})
	}
	l.speaker("p")
	l.speaker("m")
	l.speaker("n")
	for _, link := range [][2]events.ActorID{{"x", "p"}, {"y", "p"}, {"p", "m"}, {"m", "n"}} {
		l.link(link[0], link[1])
	}
	l.kill(100, "x")
	r := l.run(t, 200)
	if e := best(r, "m", prefix); e.Why != "attributes changed" || !slices.Equal(e.Was, e.Is) {
		t.Errorf("m: %v", e)
	}
	if a := l.learned("n", "m"); !slices.Equal(a.Communities, []events.Community{1<<16 | 1}) {
		t.Errorf("n has %v", a.Communities)
	}
	lines := simtest.Lineage(r.Written)
	for _, line := range r.Of("n", events.Change) {
		if e, ok := line.Event.(*events.BestChanged); ok && e.Why == "attributes changed" && lines.Disturbance(line.Seq) != "x-killed" {
			t.Errorf("n's change follows from %s", lines.Disturbance(line.Seq))
		}
	}
}

// TestEqualLength: routes of one length are used together, whatever else they
// say.
func TestEqualLength(t *testing.T) {
	l := mraiLab()
	m := l.configs["m"]
	m.Multipath, m.EqualLength = bgp.AnyAS, true
	l.tagged("a", events.Attrs{Origin: 2})
	l.peer("m", "c").Rank = 1
	r := l.run(t, 60)
	if got := best(r, "m", prefix).Is; !slices.Equal(got, []events.ActorID{"a", "c"}) {
		t.Errorf("in use are the routes of %v", got)
	}
}
