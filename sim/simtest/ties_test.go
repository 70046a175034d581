package simtest_test

import (
	"fmt"
	"slices"
	"testing"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// TestLawsUnderShuffledTies: whatever the order of what happens at one instant, the
// laws of lines hold, two runs of one order are the same, and a run that was cut
// goes on as it did.
func TestLawsUnderShuffledTies(t *testing.T) {
	differ := 0
	everyNetwork(t, func(t *testing.T, text string, seed uint64) {
		o := scenarios.Options{Seed: seed, Ties: seed + 1}
		a, b := play(t, text, o), play(t, text, o)
		if err := simtest.Laws(a.Recorder); err != nil {
			t.Error(err)
		}
		if a.Digest() != b.Digest() {
			t.Error("two runs of one order differ")
		}
		if plain := play(t, text, scenarios.Options{Seed: seed}); !slices.Equal(story(plain.Recorder), story(a.Recorder)) {
			differ++
		}
		cut := a.Turns[len(a.Turns)/2]
		rest, err := simtest.Resume(build(t, text, o).Config, a.Written[:cut])
		if (err == nil) != a.whole || !sameBytes(rest.Written, a.Written[cut:]) {
			t.Errorf("cut after line %d, the run goes on otherwise (%v)", cut, err)
		}
	})
	t.Logf("ties matter in %d runs", differ)
}

// TestTiesShuffleActors: three routers send to a fourth at one instant. It hears
// them in all six orders, and in that of their lines where none is asked for.
func TestTiesShuffleActors(t *testing.T) {
	const text = `{version: 1, name: tie, horizon: 20s, start: established, generate: [{kind: star, count: 4, delay: 10ms, origin: all}]}`
	seen := map[string]int{}
	for ties := range uint64(60) {
		log := play(t, text, scenarios.Options{Seed: 1, Ties: ties})
		heard := ""
		for _, l := range log.Of("r0", events.In) {
			if _, ok := l.Event.(*events.Update); ok {
				heard += string(l.Peer)[1:]
			}
		}
		heard = heard[:3] // what they originate; then comes what they heard
		if ties == 0 && heard != "123" {
			t.Errorf("not shuffled: %s", heard)
		}
		seen[heard]++
	}
	if len(seen) != 6 {
		t.Errorf("%v", seen)
	}
}

// TestEveryKeepaliveUpToTies: in this network, what sending each keepalive changes
// is the order of what happens at one instant alone. Over many orders the outcomes
// are the same with and without: the tables at the end, and how many changes led
// there.
func TestEveryKeepaliveUpToTies(t *testing.T) {
	const seed = 2589
	text := randomNetwork(seed, true)
	outcomes := func(every bool) (tables []string, changes []int) {
		for ties := range uint64(60) {
			r := play(t, text, scenarios.Options{Seed: seed, EveryKeepalive: every, Ties: ties})
			tables = append(tables, fmt.Sprint(final(r.Recorder)))
			changes = append(changes, len(story(r.Recorder)))
		}
		slices.Sort(tables)
		slices.Sort(changes)
		return slices.Compact(tables), slices.Compact(changes)
	}
	tables, changes := outcomes(false)
	tablesToo, changesToo := outcomes(true)
	if len(changes) < 2 || !slices.Equal(tables, tablesToo) || !slices.Equal(changes, changesToo) {
		t.Errorf("%d and %d tables, %v and %v changes", len(tables), len(tablesToo), changes, changesToo)
	}
}

// final gives the state of every table and session at the end of a run.
func final(r *simtest.Recorder) map[string]string {
	all := map[string]string{}
	for _, l := range simtest.Tables(r.Written) {
		switch e := l.Event.(type) {
		case *events.BestChanged:
			all[fmt.Sprint(l.Actor, " best ", e.Prefix)] = fmt.Sprint(e.Is)
		case *events.FIBChanged:
			all[fmt.Sprint(l.Actor, " FIB ", e.Prefix)] = fmt.Sprint(e.NextHops)
		case events.SessionChanged:
			all[fmt.Sprint(l.Actor, " session ", e.Neighbor)] = e.Is.String()
		}
	}
	return all
}
