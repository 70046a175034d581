package bgp_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// TestImport: the Adj-RIB-In keeps what came, the Loc-RIB and the next peer have
// what the rule made of it; a route that is dropped is not used and not sent on.
func TestImport(t *testing.T) {
	pref, tag := uint32(300), events.Community(1<<16|1)
	l := chain(1, 2, 2)
	l.configs["a"].Originate = append(l.configs["a"].Originate, netip.MustParsePrefix("10.2.0.0/16"))
	l.peer("b", "a").Import = []bgp.Rule{
		{Prefixes: []bgp.PrefixMatch{{Prefix: netip.MustParsePrefix(prefix)}}, LocalPref: &pref, Prepend: 2, AddCommunity: []events.Community{tag}},
		{Drop: true},
	}
	r := l.run(t, 10)
	if a := l.learned("b", "a"); a.HasLocalPref || a.Path.String() != "1" || a.Communities != nil {
		t.Errorf("b received %+v", a)
	}
	if e := best(r, "b", prefix); e.Path.String() != "1 1 1" {
		t.Errorf("b decided %v", e)
	}
	if a := l.learned("c", "b"); a.LocalPref != 300 || !a.Has(tag) || a.Path.String() != "1 1 1" {
		t.Errorf("c has %+v", a)
	}
	other := netip.MustParsePrefix("10.2.0.0/16")
	if _, used := l.speakers["b"].Best(other); used || l.speakers["b"].Learned("a")[other] == nil || l.speakers["c"].Learned("b")[other] != nil {
		t.Errorf("10.2.0.0/16: used %t, b has %v, c %v", used, l.speakers["b"].Learned("a"), l.speakers["c"].Learned("b"))
	}
}

// TestExport: a rule sees the route as it is used, an own one without a path, and
// changes what is sent; LOCAL_PREF within the AS alone, copies of the AS outside.
func TestExport(t *testing.T) {
	pref, med := uint32(300), uint32(7)
	hop := netip.MustParseAddr("192.0.2.99")
	for _, c := range []struct {
		as   uint32 // of b
		path string
		pref uint32
	}{{2, "1 1 1", 0}, {1, "", 300}} {
		l := chain(1, c.as)
		l.configs["a"].Originate = append(l.configs["a"].Originate, netip.MustParsePrefix("10.2.0.0/16"))
		l.peer("a", "b").Export = []bgp.Rule{
			{Prefixes: []bgp.PrefixMatch{{Prefix: netip.MustParsePrefix("10.2.0.0/16")}}, Drop: true},
			{ASPath: regexp.MustCompile(`^$`), LocalPref: &pref, MED: &med, Prepend: 2, NextHop: hop},
		}
		l.run(t, 10)
		a := l.learned("b", "a")
		if a == nil || a.Path.String() != c.path || a.LocalPref != c.pref || a.MED != 7 || a.NextHop != hop {
			t.Errorf("to AS %d: %+v", c.as, a)
		}
		if n := len(l.speakers["b"].Learned("a")); n != 1 {
			t.Errorf("to AS %d: %d routes", c.as, n)
		}
	}
}

// TestDefaultDeny is RFC 8212: between two ASes nothing is used without an import
// policy, and nothing sent without an export policy.
func TestDefaultDeny(t *testing.T) {
	permit := []bgp.Rule{{}}
	for _, c := range []struct {
		what           string
		as             uint32 // of the receiver
		in, out        []bgp.Rule
		received, used bool
	}{
		{"no import policy", 2, nil, permit, true, false},
		{"no export policy", 2, permit, nil, false, false},
		{"both", 2, permit, permit, true, true},
		{"neither, in one AS", 1, nil, nil, true, true},
	} {
		l := chain(1, c.as)
		to, from := l.peer("a", "b"), l.peer("b", "a")
		to.Deny, from.Deny, to.Export, from.Import = true, true, c.out, c.in
		l.run(t, 10)
		_, used := l.speakers["b"].Best(netip.MustParsePrefix(prefix))
		if received := l.learned("b", "a") != nil; received != c.received || used != c.used {
			t.Errorf("%s: received %t, used %t", c.what, received, used)
		}
	}
}

// TestPrependingAwayFrom: o sends k copies more to u1 than to u2. S goes over the
// shorter, and over u1 where they tie or its LOCAL_PREF says so. In the long
// variant u2 reaches o through v.
func TestPrependingAwayFrom(t *testing.T) {
	pref := uint32(200)
	for _, c := range []struct {
		long, prefer bool
		copies       int
		want         events.ActorID
	}{
		{false, false, 0, "u1"},
		{false, false, 1, "u2"},
		{false, false, 2, "u2"},
		{true, false, 0, "u1"},
		{true, false, 1, "u1"},
		{true, false, 2, "u2"},
		{false, true, 0, "u1"},
		{false, true, 1, "u1"},
		{false, true, 2, "u1"},
	} {
		l := newLab()
		for i, id := range []events.ActorID{"u1", "u2", "v", "o", "s"} {
			l.speaker(id).AS = []uint32{201, 202, 203, 300, 100}[i]
		}
		l.configs["o"].Originate = []netip.Prefix{netip.MustParsePrefix(prefix)}
		l.link("o", "u1")
		if c.long {
			l.link("o", "v")
			l.link("v", "u2")
		} else {
			l.link("o", "u2")
		}
		l.link("u1", "s")
		l.link("u2", "s")
		l.peer("o", "u1").Export = []bgp.Rule{{Prepend: c.copies}}
		if c.prefer {
			l.peer("s", "u1").Import = []bgp.Rule{{LocalPref: &pref}}
		}
		r := l.run(t, 10)
		if got := best(r, "s", prefix).Is; !slices.Equal(got, []events.ActorID{c.want}) {
			t.Errorf("%+v: s uses %v", c, got)
		}
	}
}

// gadget is a stable paths problem (Griffin, Shepherd and Wilfong 2002): node 0
// originates, and each other node permits some paths, the best first. Import rules
// say so.
func gadget(permitted map[string][]string) *lab {
	l := newLab()
	linked := map[string]bool{}
	l.speaker("0", prefix).AS = 64512 // it denies all
	for _, node := range []string{"1", "2", "3", "4"} {
		if permitted[node] != nil {
			l.speaker(events.ActorID(node)).AS = 64512 + uint32(node[0]-'0')
		}
	}
	for _, id := range l.order {
		for rank, path := range permitted[string(id)] {
			next := path[1:2]
			if edge := min(string(id), next) + max(string(id), next); !linked[edge] {
				linked[edge] = true
				a, b := l.link(events.ActorID(edge[:1]), events.ActorID(edge[1:]))
				a.Deny, b.Deny = true, true
			}
			pref := uint32(200 - rank)
			p := l.peer(id, events.ActorID(next))
			p.Import = append(p.Import, bgp.Rule{ASPath: regexp.MustCompile("^" + ases(path[1:]) + "$"), LocalPref: &pref})
		}
	}
	for _, p := range l.peers { // order-free: each on its own
		p.Export = []bgp.Rule{{}}
	}
	return l
}

// ases gives the path of nodes as ASPath.String writes it.
func ases(nodes string) string {
	var all []string
	for _, n := range nodes {
		all = append(all, fmt.Sprint(64512+int(n-'0')))
	}
	return strings.Join(all, " ")
}

// TestGoodGadget comes to its one stable state, whichever session is up first.
func TestGoodGadget(t *testing.T) {
	for seed := range uint64(10) {
		l := gadget(map[string][]string{"1": {"130", "10"}, "2": {"210", "20"}, "3": {"30"}, "4": {"430", "420"}})
		for _, c := range l.configs { // order-free: each on its own
			c.StartJitter = sim.Uniform(0, time.Duration(seed)*20*time.Millisecond+1)
		}
		l.seed = seed
		r := l.run(t, 100)
		for id, want := range map[events.ActorID]string{"1": "30", "2": "0", "3": "0", "4": "30"} {
			if got := best(r, id, prefix).Path.String(); got != ases(want) {
				t.Errorf("seed %d: node %s uses %s, not %s", seed, id, got, want)
			}
		}
	}
}

// TestBadGadget has no stable state: each node changes its mind once per delay, and
// says so to its three neighbours, for as long as one looks.
func TestBadGadget(t *testing.T) {
	l := gadget(map[string][]string{"1": {"120", "10"}, "2": {"230", "20"}, "3": {"310", "30"}})
	r := l.run(t, 5)
	changes := r.Select(func(line events.Line) bool {
		_, ok := line.Event.(*events.BestChanged)
		return ok && line.At >= 4e9 && line.At < 5e9
	})
	updates := r.Select(func(line events.Line) bool {
		_, ok := line.Event.(*events.Update)
		return ok && line.Role == events.Out && line.At >= 4e9 && line.At < 5e9
	})
	if len(changes) != 300 || len(updates) != 900 {
		t.Errorf("%d changes and %d UPDATEs in a second of 100 delays", len(changes), len(updates))
	}
}

// relations are ten ASes: who is a provider of whom, and who are peers.
const relations = "1|2|0 1|3|-1 1|4|-1 2|4|-1 2|5|-1 3|4|0 3|6|-1 4|7|-1 5|7|-1 5|8|-1 6|7|0 7|9|-1 8|9|-1 6|10|-1"

// gaoRexford builds them: customers before peers before providers, and to peers and
// providers only what comes from customers (Gao and Rexford 2001).
func gaoRexford() *lab {
	l := newLab()
	for i := range 10 {
		l.speaker(events.ActorID(fmt.Sprint(i+1)), fmt.Sprintf("10.%d.0.0/16", i+1))
	}
	const customer, peer, provider = events.Community(3), events.Community(2), events.Community(1)
	for relation := range strings.FieldsSeq(relations) {
		f := strings.Split(relation, "|")
		a, b := l.link(events.ActorID(f[0]), events.ActorID(f[1]))
		if f[2] == "0" {
			relate(a, peer)
			relate(b, peer)
		} else {
			relate(a, customer)
			relate(b, provider)
		}
	}
	return l
}

// relate says what a neighbour is: 3 a customer, 2 a peer, 1 a provider.
func relate(p *bgp.Peer, is events.Community) {
	pref := uint32(100 * is)
	p.Import = []bgp.Rule{{LocalPref: &pref, CutCommunity: []events.Community{1, 2, 3}, AddCommunity: []events.Community{is}}}
	if is == 3 {
		return
	}
	for _, not := range []events.Community{1, 2} {
		p.Export = append(p.Export, bgp.Rule{Community: &not, Drop: true})
	}
}

// pathTo gives the nodes from one to the other, the first included.
func pathTo(r *simtest.Recorder, from, to int) string {
	s := fmt.Sprint(from)
	for _, segment := range best(r, events.ActorID(s), fmt.Sprintf("10.%d.0.0/16", to)).Path {
		for _, as := range segment.AS {
			s += fmt.Sprint(" ", as-64512)
		}
	}
	return s
}

// TestGaoRexford: all reach all, over these paths, and over others after the link
// of 4 and 7 fails.
func TestGaoRexford(t *testing.T) {
	r := gaoRexford().run(t, 60)
	hops := 0
	for from := 1; from <= 10; from++ {
		for to := 1; to <= 10; to++ {
			if from == to {
				continue
			}
			n := len(strings.Fields(pathTo(r, from, to))) - 1
			if hops += n; n == 0 {
				t.Errorf("%d does not reach %d", from, to)
			}
		}
	}
	if hops != 204 {
		t.Errorf("all paths have %d hops", hops)
	}
	expectPaths(t, r, 9, "1 4 7 9, 2 4 7 9, 3 4 7 9, 4 7 9, 5 7 9, 6 7 9, 7 9, 8 9, 10 6 7 9")
	expectPaths(t, r, 10, "1 3 6 10, 2 1 3 6 10, 3 6 10, 4 3 6 10, 5 2 1 3 6 10, 6 10, 7 6 10, 8 5 2 1 3 6 10, 9 7 6 10")

	l := gaoRexford()
	l.tell(100, "4", events.Order{Do: events.Shutdown, Arg: "7"})
	expectPaths(t, l.run(t, 200), 9, "1 2 5 7 9, 2 5 7 9, 3 1 2 5 7 9, 4 2 5 7 9, 5 7 9, 6 7 9, 7 9, 8 9, 10 6 7 9")
}

func expectPaths(t *testing.T, r *simtest.Recorder, to int, want string) {
	t.Helper()
	for path := range strings.SplitSeq(want, ", ") {
		first, _, _ := strings.Cut(path, " ")
		from, err := strconv.Atoi(first)
		if got := pathTo(r, from, to); err != nil || got != path {
			t.Errorf("%s, not %s", got, path)
		}
	}
}
