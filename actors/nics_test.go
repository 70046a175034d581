package actors_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// order is a Program that rs0-0 sends: when, ready how long after, and what.
type order struct {
	at, delay float64
	full      bool
	routes    string // "10.1.0.0/16 1" or "10.1.0.0/16" alone, which goes; several with commas
}

// orderer is a fabric that plays rs0-0.
type orderer []order

func (orderer) ID() events.ActorID { return events.Fabric }
func (orderer) Apply(*events.Line) {}

func (o orderer) Step(t *sim.Turn, in events.Line) {
	if _, ok := in.Event.(events.Start); ok {
		for i := range o {
			t.After(time.Duration(o[i].at*1e3)*time.Millisecond, events.Timer{Name: events.FaultTimer, Item: fmt.Sprint(i)})
		}
		return
	}
	var i int
	if _, err := fmt.Sscan(in.Event.(events.Timer).Item, &i); err != nil {
		return
	}
	p := events.Program{Batch: uint64(i + 1), Full: o[i].full, Ready: t.Now().Add(time.Duration(o[i].delay*1e3) * time.Millisecond)}
	for text := range strings.SplitSeq(o[i].routes, ",") {
		prefix, hop, _ := strings.Cut(strings.TrimSpace(text), " ")
		r := events.NICRoute{Prefix: netip.MustParsePrefix(prefix)}
		if hop != "" {
			r.NextHops = []netip.Addr{netip.MustParseAddr("10.9.0." + hop)}
		}
		p.Routes = append(p.Routes, r)
	}
	t.Send("vms", p)
}

// TestNICs: when orders take effect on a NIC whose VNet is 10.0.0.0/16.
func TestNICs(t *testing.T) {
	for _, c := range []struct {
		name   string
		orders []order
		want   []string
	}{
		{"when it is ready", []order{{1, 2, false, "10.1.0.0/16 1"}}, []string{"3.0 nic 10.1.0.0/16 -> 10.9.0.1"}},
		{
			"each prefix on its own",
			[]order{{1, 5, false, "10.1.0.0/16 1"}, {2, 1, false, "10.2.0.0/16 1"}},
			[]string{"3.0 nic 10.2.0.0/16 -> 10.9.0.1", "6.0 nic 10.1.0.0/16 -> 10.9.0.1"},
		},
		{
			"a second change waits until 30 s after the first",
			[]order{{1, 2, false, "10.1.0.0/16 1"}, {5, 2, false, "10.1.0.0/16 2"}},
			[]string{"3.0 nic 10.1.0.0/16 -> 10.9.0.1", "33.0 nic 10.1.0.0/16 -> 10.9.0.2"},
		},
		{
			"or until it is ready, if that is later",
			[]order{{1, 2, false, "10.1.0.0/16 1"}, {32, 4, false, "10.1.0.0/16 2"}},
			[]string{"3.0 nic 10.1.0.0/16 -> 10.9.0.1", "36.0 nic 10.1.0.0/16 -> 10.9.0.2"},
		},
		{
			"a newer order replaces one that waits, with its own time",
			[]order{{1, 2, false, "10.1.0.0/16 1"}, {5, 2, false, "10.1.0.0/16 2"}, {30, 9, false, "10.1.0.0/16 3"}},
			[]string{"3.0 nic 10.1.0.0/16 -> 10.9.0.1", "39.0 nic 10.1.0.0/16 -> 10.9.0.3"},
		},
		{
			"even an earlier one",
			[]order{{1, 8, false, "10.1.0.0/16 1"}, {2, 1, false, "10.1.0.0/16 2"}},
			[]string{"3.0 nic 10.1.0.0/16 -> 10.9.0.2"},
		},
		{
			"one that equals what is installed cancels what waits",
			[]order{{1, 2, false, "10.1.0.0/16 1"}, {5, 2, false, "10.1.0.0/16"}, {10, 1, false, "10.1.0.0/16 1"}},
			[]string{"3.0 nic 10.1.0.0/16 -> 10.9.0.1"},
		},
		{
			"a route that goes is a change too",
			[]order{{1, 2, false, "10.1.0.0/16 1"}, {40, 2, false, "10.1.0.0/16"}, {45, 2, false, "10.1.0.0/16 1"}},
			[]string{"3.0 nic 10.1.0.0/16 -> 10.9.0.1", "42.0 nic 10.1.0.0/16 -> none", "72.0 nic 10.1.0.0/16 -> 10.9.0.1"},
		},
		{
			"what the VNet itself has hides what is learned, at any length",
			[]order{{1, 1, false, "10.0.3.0/24 1, 10.0.0.0/16 1, 10.0.0.0/8 1"}},
			[]string{"2.0 nic 10.0.0.0/8 -> 10.9.0.1"},
		},
		{
			"an order of everything removes the rest",
			[]order{{1, 1, false, "10.1.0.0/16 1, 10.2.0.0/16 1"}, {40, 1, true, "10.2.0.0/16 1, 10.3.0.0/16 1"}},
			[]string{"2.0 nic 10.1.0.0/16 -> 10.9.0.1, 10.2.0.0/16 -> 10.9.0.1", "41.0 nic 10.1.0.0/16 -> none, 10.3.0.0/16 -> 10.9.0.1"},
		},
	} {
		nics := actors.NewNICs(actors.NICsConfig{ID: "vms", System: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")}, Spacing: 30 * time.Second})
		r, err := simtest.Run(sim.Config{Horizon: 200e9, Facts: []events.Event{events.RunStarted{}}, Actors: []sim.Actor{orderer(c.orders), nics}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range r.Of("vms", events.Change) {
			got = append(got, fmt.Sprintf("%.1f %v", float64(l.At)/1e9, l.Event))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
		if err := simtest.Laws(r); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
