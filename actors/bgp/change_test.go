package bgp_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// changed is a - m - z, where a originates three prefixes, and m may change what it
// takes of a and what it sends z.
func changed() *lab {
	l := newLab()
	l.speaker("a", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16")
	drop := []bgp.Rule{{Prefixes: []bgp.PrefixMatch{{Prefix: route(2)}}, Drop: true}}
	one, two, med := 1, 2, uint32(7)
	l.speaker("m").Changes = []bgp.Change{
		{Name: "drop in", Peers: []events.ActorID{"a"}, Import: drop},
		{Name: "drop out", Peers: []events.ActorID{"z"}, Export: drop},
		{Name: "once", Peers: []events.ActorID{"z"}, Prepend: &one},
		{Name: "twice", Peers: []events.ActorID{"z"}, Prepend: &two},
		{Name: "tag out", Peers: []events.ActorID{"z"}, Export: []bgp.Rule{{Prefixes: []bgp.PrefixMatch{{Prefix: route(2)}}, MED: &med}}},
		{Name: "tag", Peers: []events.ActorID{"a"}, Import: []bgp.Rule{{Prefixes: []bgp.PrefixMatch{{Prefix: route(3)}}, MED: &med}}},
	}
	l.speaker("z")
	l.link("a", "m")
	l.link("m", "z")
	return l
}

// operate makes m's operator change something, as a disturbance of that name.
func (l *lab) operate(s float64, do events.Verb, name string) {
	l.at(s, func(t *sim.Turn) {
		t.Begin(events.Disturbance{Name: name + " " + do.String(), What: "policy-change", Target: "m"})
		t.Send("m", events.Order{Do: do, Arg: events.ActorID(name)})
	})
}

// TestPolicyChanges: what a peer sent is judged anew as it was received, what it is
// sent is compared with what it was sent, and only what differs goes out: nothing
// where a change makes no difference, and nothing to anybody else.
func TestPolicyChanges(t *testing.T) {
	l := changed()
	for i, name := range []string{"drop in", "drop out", "tag"} {
		l.operate(100+100*float64(i), events.Reconfigure, name)
		l.operate(150+100*float64(i), events.Restore, name)
	}
	l.operate(400, events.Restore, "tag") // it is not in force
	r := l.run(t, 1000)
	same(t, "m to z", told(r, "m", "z"), "0s W1 A0", "50s W0 A1", "1m40s W1 A0", "2m30s W0 A1")
	same(t, "a to m", told(r, "a", "m"))
	same(t, "m to a", told(r, "m", "a"))
	same(t, "m", changes(r, "m"), "0s no path: 1", "50s only path: 1", "3m20s attributes changed: 1", "4m10s attributes changed: 1")
}

// TestChangesOverlap: the newest of several changes that are in force holds, field by
// field; when it is taken back, the one before.
func TestChangesOverlap(t *testing.T) {
	l := changed()
	for i, name := range []string{"once", "drop out", "twice", "once"} {
		l.operate(100+10*float64(i), events.Reconfigure, name)
	}
	for i, name := range []string{"once", "drop out", "twice"} {
		l.operate(200+10*float64(i), events.Restore, name)
	}
	r := l.run(t, 1000)
	var got []string
	for _, one := range r.Of("m", events.Out) {
		if u, ok := one.Event.(*events.Update); ok && one.Peer == "z" && one.At >= 100e9 {
			got = append(got, one.At.Sub(100e9).String()+" "+u.String())
		}
	}
	const all, some, hop = "10.1.0.0/16, 10.2.0.0/16, 10.3.0.0/16", "10.1.0.0/16, 10.3.0.0/16", " next hop 192.0.2.2"
	same(
		t, "m to z", got,
		"0s UPDATE announce "+all+" path 64514 64514 64513"+hop,
		"10s UPDATE withdraw 10.2.0.0/16",
		"20s UPDATE announce "+some+" path 64514 64514 64514 64513"+hop,
		"30s UPDATE announce "+some+" path 64514 64514 64513"+hop,
		"1m40s UPDATE announce "+some+" path 64514 64514 64514 64513"+hop,
		"1m50s UPDATE announce 10.2.0.0/16 path 64514 64514 64514 64513"+hop,
		"2m0s UPDATE announce "+all+" path 64514 64513"+hop,
	)
}

// TestChangeOutlivesSessions: a change that is made while there is no session, or no
// process, holds when there is one.
func TestChangeOutlivesSessions(t *testing.T) {
	for name, absent := range map[string]func(*lab){ // order-free: each on its own
		"session": func(l *lab) {
			l.tell(90, "m", events.Order{Do: events.Shutdown, Arg: "z"})
			l.tell(110, "m", events.Order{Do: events.Enable, Arg: "z"})
		},
		"process": func(l *lab) { l.kill(90, "m"); l.restart(110, "m") },
	} {
		l := changed()
		absent(l)
		l.operate(100, events.Reconfigure, "drop out")
		l.run(t, 1000)
		if got := events.SortedPrefixes(l.speakers["z"].Learned("m")); !slices.Equal(got, []netip.Prefix{route(1), route(3)}) {
			t.Errorf("%s: z has %v", name, got)
		}
	}
}

// TestChangeDespiteMRAI: what a change takes away is withdrawn at once, though a timer
// runs that nothing else would make a difference to.
func TestChangeDespiteMRAI(t *testing.T) {
	for _, withdrawals := range []bool{false, true} {
		l := changed()
		p := l.peer("m", "z")
		p.SendBack, p.MRAI = true, bgp.MRAI{Interval: sim.Constant(30 * time.Second), PerPrefix: true, Withdrawals: withdrawals}
		l.tell(90, "a", events.Order{Do: events.Withdraw, Prefix: route(2)})
		l.tell(101, "a", events.Order{Do: events.Announce, Prefix: route(2)})
		l.operate(102, events.Reconfigure, "drop out")
		l.operate(110, events.Restore, "drop out")
		want := []string{"1.01s W0 A1", "2s W1 A0", "31.01s W0 A1"}
		if withdrawals {
			want = []string{"20.01s W0 A1"} // and what goes meanwhile is back before the timer ends
		}
		same(t, fmt.Sprintf("withdrawals wait %t", withdrawals), told(l.run(t, 1000), "m", "z"), want...)
	}
}

// TestHeldBackChange: what an MRAI timer holds back of a change follows from it; what
// it holds back beside that, from what it was before.
func TestHeldBackChange(t *testing.T) {
	l := changed()
	l.peer("m", "z").MRAI = bgp.MRAI{Interval: sim.Constant(30 * time.Second)}
	for i, name := range []string{"1 gone", "1 back", "3 gone", "3 back"} {
		l.at(90+float64(i), func(t *sim.Turn) {
			t.Begin(events.Disturbance{Name: name, What: "withdraw", Target: "a"})
			t.Send("a", events.Order{Do: []events.Verb{events.Withdraw, events.Announce}[i%2], Prefix: route([]int{1, 1, 3, 3}[i])})
		})
	}
	l.operate(100, events.Reconfigure, "tag out")
	r := l.run(t, 1000)
	lines := simtest.Lineage(r.Written)
	var got []string
	for _, one := range r.Of("m", events.Out) {
		u, ok := one.Event.(*events.Update)
		if !ok || one.Peer != "z" || one.At < 110e9 {
			continue
		}
		for i, p := range u.NLRI {
			cause := one.Seq
			if len(one.Causes) > 0 {
				cause = one.Causes[i]
			}
			got = append(got, p.String()+" "+lines.Disturbance(cause))
		}
	}
	slices.Sort(got)
	same(t, "why", got, "10.2.0.0/16 tag out reconfigure", "10.3.0.0/16 3 back")
}
