package metrics

import (
	"reflect"
	"slices"
	"testing"

	"dualhome/events"
)

// stable is the outcome of a run that settled with these entries: actor, table,
// prefix, route.
func stable(entries ...Entry) Outcome {
	s := State(entries)
	return Outcome{Ending: EndsSettled, State: s, Fingerprint: s.Fingerprint()}
}

func TestOutcomesAreClassesOfEqualStates(t *testing.T) {
	left := stable(Entry{"r1", "fib", "10.0.0.0/8", "to 2"}, Entry{"r1", "loc-rib", "10.0.0.0/8", "from r2"}, Entry{"r3", "loc-rib", "10.0.0.0/8", "from r1"})
	right := stable(Entry{"r1", "fib", "10.0.0.0/8", "to 0"}, Entry{"r1", "loc-rib", "10.0.0.0/8", "from r0"}, Entry{"r3", "loc-rib", "10.0.0.0/8", "from r1"})
	restless := Outcome{Ending: EndsUnsettled, Why: "it runs on"}
	var o Outcomes
	for seed, run := range map[uint64]Outcome{9: left, 3: right, 4: right, 5: restless, 6: right, 7: left} { // order-free: that is what is tested
		o.Add(seed, run)
	}
	classes := o.Classes()
	var got []any
	for _, c := range classes {
		got = append(got, c.Ending, c.Runs, c.Seed, c.Share.Estimate)
	}
	want := []any{EndsSettled, 3, uint64(3), 0.5, EndsSettled, 2, uint64(7), 1. / 3, EndsUnsettled, 1, uint64(5), 1. / 6}
	if !slices.Equal(got, want) {
		t.Errorf("%v\nnot %v", got, want)
	}
	if classes[2].Why != "it runs on" || classes[2].Fingerprint != "" || classes[0].Fingerprint != right.Fingerprint {
		t.Errorf("%+v", classes)
	}

	// Only what differs, the choice before what follows from it.
	differ := Differences(classes)
	wanted := []Difference{
		{"r1", "loc-rib", "10.0.0.0/8", []string{"from r0", "from r2", ""}},
		{"r1", "fib", "10.0.0.0/8", []string{"to 0", "to 2", ""}},
	}
	if !reflect.DeepEqual(differ, wanted) {
		t.Errorf("%v\nnot %v", differ, wanted)
	}
}

// A route that is in one state only is a difference too.
func TestDifferenceToNothing(t *testing.T) {
	var o Outcomes
	o.Add(1, stable(Entry{"r1", "loc-rib", "10.0.0.0/8", "its own"}))
	o.Add(2, stable())
	got := Differences(o.Classes())
	if want := []Difference{{"r1", "loc-rib", "10.0.0.0/8", []string{"its own", "nothing"}}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nnot %v", got, want)
	}
}

// More states than are kept are counted, and not compared.
func TestManyOutcomes(t *testing.T) {
	var o Outcomes
	for seed := range uint64(100) {
		o.Add(seed, stable(Entry{"r1", "fib", "10.0.0.0/8", string(rune('a' + seed))}))
	}
	classes := o.Classes()
	if len(classes) != 100 || len(Differences(classes)) != 1 {
		t.Errorf("%d classes, %d differences", len(classes), len(Differences(classes)))
	}
	kept := slices.IndexFunc(classes, func(c OutcomeClass) bool { return !c.kept })
	if kept != statesKept {
		t.Errorf("%d states are kept", kept)
	}
}

// A state is what each table holds, whatever the order in which it came, and
// everything in which two routes can differ.
func TestStateOfTables(t *testing.T) {
	best := func(hop string, path []uint32, from ...events.ActorID) *events.BestChanged {
		return &events.BestChanged{Prefix: prefix("10.9.0.0/16"), Is: from, NextHops: addrs(hop), Path: events.ASPath{{AS: path}}}
	}
	of := func(changes ...events.Event) State {
		s := newLab()
		s.place("r1", events.SiteNode, "", "192.0.2.1")
		for _, e := range changes {
			s.change(0, "r1", e)
		}
		return s.measured(t).State
	}
	base := of(best("192.0.2.2 192.0.2.3 192.0.2.4", []uint32{65002}, "r2", "r3", "r4"))
	if want := (State{{"r1", "loc-rib", "10.9.0.0/16", "from r2 (192.0.2.2) + r3 (192.0.2.3) + r4 (192.0.2.4), path 65002"}}); !reflect.DeepEqual(base, want) {
		t.Errorf("%v\nnot %v", base, want)
	}
	same := of(best("192.0.2.9", []uint32{65003}, "r9"), best("192.0.2.2 192.0.2.4 192.0.2.3", []uint32{65002}, "r2", "r4", "r3"))
	if same.Fingerprint() != base.Fingerprint() {
		t.Errorf("%v differs from %v", same, base)
	}
	for name, other := range map[string]State{
		"another best":         of(best("192.0.2.3 192.0.2.2 192.0.2.4", []uint32{65002}, "r3", "r2", "r4")),
		"fewer routes":         of(best("192.0.2.2 192.0.2.3", []uint32{65002}, "r2", "r3")),
		"another next hop":     of(best("192.0.2.2 192.0.2.3 192.0.2.5", []uint32{65002}, "r2", "r3", "r4")),
		"another path":         of(best("192.0.2.2 192.0.2.3 192.0.2.4", []uint32{65003}, "r2", "r3", "r4")),
		"nothing":              of(best("192.0.2.2", []uint32{65002}, "r2"), &events.BestChanged{Prefix: prefix("10.9.0.0/16")}),
		"an entry of the FIB":  of(best("192.0.2.2 192.0.2.3 192.0.2.4", []uint32{65002}, "r2", "r3", "r4"), &events.FIBChanged{Prefix: prefix("10.9.0.0/16"), NextHops: addrs("192.0.2.2")}),
		"an entry of the NICs": of(best("192.0.2.2 192.0.2.3 192.0.2.4", []uint32{65002}, "r2", "r3", "r4"), events.NICChanged{Instance: "rs0-0", Routes: []events.NICRoute{{Prefix: prefix("10.9.0.0/16"), NextHops: addrs("192.0.2.2")}}}),
	} {
		if other.Fingerprint() == base.Fingerprint() {
			t.Errorf("%s: the same state", name)
		}
	}
}
