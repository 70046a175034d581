package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/metrics"
	"dualhome/scenarios"
)

// The acceptance tests play designs and compare them with what Azure's documents,
// and people who built them, say comes of it.

// playWith runs a scenario of the library, or of a file, with overrides.
func playWith(t *testing.T, name string, seed uint64, set ...string) *result {
	t.Helper()
	s, err := (&shell{quiet: true}).load(name, set)
	if err != nil {
		t.Fatal(err)
	}
	r, err := play(context.Background(), s, &runFlags{seed: seed, bus: "memory"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.measured.Violations) > 0 {
		t.Fatal(r.measured.Violations)
	}
	return r
}

// playText runs a scenario that a test writes itself.
func playText(t *testing.T, text string, set ...string) *result {
	t.Helper()
	return playWith(t, written(t, text), 1, set...)
}

func written(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "scenario.yaml")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// refused fails unless the loader refuses a scenario with a reason.
func refused(t *testing.T, name, reason string, set ...string) {
	t.Helper()
	_, err := (&shell{quiet: true}).load(name, set)
	if err == nil || !strings.Contains(err.Error(), reason) {
		t.Errorf("%s with %q: %v; expected: %s", name, set, err, reason)
	}
}

// warned fails unless the loader warns of a scenario in these words.
func warned(t *testing.T, name, of string, set ...string) {
	t.Helper()
	var said strings.Builder
	if _, err := (&shell{err: &said}).load(name, set); err != nil {
		t.Error(err)
	}
	if !strings.Contains(said.String(), "warning: ") || !strings.Contains(said.String(), of) {
		t.Errorf("%s with %q: %q; expected a warning: %s", name, set, said.String(), of)
	}
}

// holds fails for each rule that a run breaks. A rule is written as in expect,
// with a blank for the colon: "delivered.forward.spoke-dc == 100".
func holds(t *testing.T, r *result, rules ...string) {
	t.Helper()
	for _, rule := range rules {
		measure, of, _ := strings.Cut(rule, " ")
		c := check(&scenarios.Scenario{Expect: []scenarios.Expectation{{Measure: measure, Rule: of}}}, r)[0]
		if !c.Holds {
			t.Errorf("%s, seed %d: %s %s: measured %s", r.scenario.Name, r.seed, measure, of, c.Measured)
		}
	}
}

// says fails unless one diagnosis holds all of some words.
func says(t *testing.T, r *result, words ...string) {
	t.Helper()
	for _, sentence := range r.measured.Diagnoses {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(sentence, w) }) {
			return
		}
	}
	t.Errorf("%s: no diagnosis with %q in %q", r.scenario.Name, words, r.measured.Diagnoses)
}

// impactOf gives what a class lost in a direction after a disturbance.
func impactOf(t *testing.T, r *result, disturbance, class, direction string) metrics.Impact {
	t.Helper()
	for _, i := range r.measured.Impacts {
		if i.Disturbance == disturbance && i.Class == class && i.Direction == direction {
			return i
		}
	}
	t.Fatalf("%s: nothing is known of %s, %s, %s", r.scenario.Name, disturbance, class, direction)
	return metrics.Impact{}
}

// lostTo gives how long a class lost anything to a cause after a disturbance.
func lostTo(t *testing.T, r *result, disturbance, class, direction, cause string) time.Duration {
	t.Helper()
	root := impactOf(t, r, disturbance, class, direction).Root
	for _, o := range r.measured.Outages {
		if o.Root == root && o.Class == class && o.Direction == direction && o.Cause != nil && *o.Cause == cause {
			return time.Duration(o.Outage)
		}
	}
	return 0
}

// struckAt gives when a disturbance happened.
func struckAt(t *testing.T, r *result, disturbance string) time.Duration {
	t.Helper()
	for _, d := range r.measured.Disturbances {
		if d.Name == disturbance {
			return time.Duration(d.At)
		}
	}
	t.Fatalf("%s: there is no %s", r.scenario.Name, disturbance)
	return 0
}

// inTable gives the next hops that a table of an actor has for a prefix at a
// time; until the end for 1<<62.
func inTable(r *result, actor, table, prefix string, at time.Duration) string {
	hops := ""
	for _, row := range r.measured.Routes {
		if row.Actor == actor && row.Table == table && row.Prefix == prefix && row.T <= int64(at) {
			hops = strings.Join(row.NextHops, " ")
		}
	}
	return hops
}

const end = time.Duration(1 << 62)

// changesBetween counts the changes of a table of an actor.
func changesBetween(r *result, actor, table string, from, to time.Duration) int {
	n := 0
	for _, row := range r.measured.Routes {
		if row.Actor == actor && row.Table == table && row.T >= int64(from) && row.T < int64(to) {
			n++
		}
	}
	return n
}

// learnedBy gives what a speaker has learned from a peer at the end: by prefix,
// the AS path.
func learnedBy(t *testing.T, r *result, id, peer string) map[string]string {
	t.Helper()
	for _, s := range speakers(r.network) {
		if string(s.ID()) == id && slices.Contains(s.PeerIDs(), events.ActorID(peer)) {
			return paths(s.Learned(events.ActorID(peer)))
		}
	}
	t.Fatalf("%s: %s has no peer %s", r.scenario.Name, id, peer)
	return nil
}

// isLearned fails unless a speaker has learned just these prefixes from a peer.
func isLearned(t *testing.T, r *result, id, peer string, prefixes ...string) {
	t.Helper()
	got := slices.Sorted(maps.Keys(learnedBy(t, r, id, peer)))
	if !slices.Equal(got, prefixes) {
		t.Errorf("%s: %s has learned %q from %s, expected %q", r.scenario.Name, id, got, peer, prefixes)
	}
}

// best gives the prefixes that others told a speaker of and that it uses at the
// end: by prefix, the next hops.
func best(r *result, id string) map[string]string {
	all := map[string]string{}
	for _, s := range speakers(r.network) {
		if string(s.ID()) != id {
			continue
		}
		for _, p := range s.Prefixes() {
			if b, ok := s.Best(p); ok && !b.Own() {
				all[p.String()] = joinAddrs(b.NextHops)
			}
		}
	}
	return all
}

// viaAt gives what part of what a class offers in a direction goes through a hub
// at a time.
func viaAt(r *result, class, direction, hub string, at time.Duration) float64 {
	var offered, via int64
	for _, row := range stepAt(r, class, direction, at) {
		offered += row.Offered
		if row.Via != nil && *row.Via == hub {
			via += row.Offered
		}
	}
	return float64(via) / float64(offered)
}

// stepAt gives the rows of a class and direction that hold at a time.
func stepAt(r *result, class, direction string, at time.Duration) (step []metrics.Traffic) {
	for _, row := range r.traffic(class, direction) {
		switch {
		case row.T > int64(at):
			return step
		case len(step) > 0 && step[0].T != row.T:
			step = step[:0:0]
		}
		step = append(step, row)
	}
	return step
}
