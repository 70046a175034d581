package scenarios

import (
	"testing"

	"dualhome/events"
)

// Every node and every NIC chooses among equal next hops as the scenario says; NVAs,
// sites and routers may differ, load balancers do. The NIC of an NVA is Azure's, and
// does not do as its guest.
func TestWhoChoosesHow(t *testing.T) {
	for _, c := range []struct {
		design string
		set    []string
		differ map[events.ActorID]events.HashScheme
	}{
		{"everything", []string{"nvas[nva1].ecmp_scheme=modulo", "sites[dc].ecmp_scheme=hash-threshold"}, map[events.ActorID]events.HashScheme{
			"nva1": events.ModuloHash, "dc": events.ThresholdHash, "lb1": events.StickyHash,
		}},
		{"plain", []string{"routers[a].ecmp_scheme=modulo"}, map[events.ActorID]events.HashScheme{"a": events.ModuloHash}},
	} {
		n, err := Build(testdata(t, c.design, append(c.set, "ecmp_scheme=resilient")...), Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, fact := range n.Config.Facts {
			switch e := fact.(type) {
			case events.NICGroup:
				if e.Scheme != events.ResilientHash {
					t.Errorf("%v: %v", e, e.Scheme)
				}
			case events.Node:
				want, differs := c.differ[e.Node]
				switch {
				case differs:
					seen++
				case e.Type == events.InternetNode || e.Type == events.VMNode: // it has nothing to choose, or its NICs do it
				default:
					want = events.ResilientHash
				}
				if e.Scheme != want {
					t.Errorf("%s: %v, not %v", e.Node, e.Scheme, want)
				}
			}
		}
		if seen != len(c.differ) {
			t.Errorf("%d nodes of %v", seen, c.differ)
		}
	}
}

// A symmetric hash has one seed everywhere, another one each node its own; none
// depends on what the network looks like.
func TestSeedsOfHashes(t *testing.T) {
	seeds := func(set ...string) map[events.ActorID]uint64 {
		n, err := Build(testdata(t, "everything", set...), Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		all := map[events.ActorID]uint64{}
		for _, fact := range n.Config.Facts {
			if e, ok := fact.(events.Node); ok {
				all[e.Node] = e.HashSeed
				if e.Symmetric != (len(set) > 0) {
					t.Errorf("%s: symmetric %v", e.Node, e.Symmetric)
				}
			}
		}
		return all
	}
	different := func(all map[events.ActorID]uint64) int {
		values := map[uint64]bool{}
		for _, seed := range all {
			values[seed] = true
		}
		return len(values)
	}
	usual, symmetric := seeds(), seeds("ecmp_symmetric=true")
	if len(usual) < 10 || different(usual) != len(usual) || different(symmetric) != 1 {
		t.Errorf("%d nodes have %d seeds, and %d with ecmp_symmetric", len(usual), different(usual), different(symmetric))
	}
}
