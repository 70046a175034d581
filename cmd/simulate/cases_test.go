package main

import (
	"fmt"
	"strings"
	"testing"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// TestCases plays the cases that need more than actors: files that are imported, and
// traffic. The others are in package actors.
func TestCases(t *testing.T) {
	t.Run("GR-S", relationsFile)
	t.Run("LOSS-S", lossOfFailover)
}

// relationsFile: a file of AS relationships as CAIDA publishes them, with comments
// and, in serial-2, with a fourth field, gives a network whose paths are known; the
// others of this case are in package actors.
func relationsFile(t *testing.T) {
	const serial1 = "# a|b|-1: a is a provider of b\n1|2|0\n1|3|-1\n1|4|-1\n2|4|-1\n2|5|-1\n3|4|0\n3|6|-1\n4|7|-1\n5|7|-1\n5|8|-1\n6|7|0\n7|9|-1\n8|9|-1\n6|10|-1\n"
	read := func(text string) []byte {
		n, err := readASRelations("sample.txt", []byte(text))
		if err == nil {
			err = n.originate("sample.txt", "all")
		}
		if err != nil {
			t.Fatal(err)
		}
		return n.scenario("sample.txt")
	}
	text := read(serial1)
	serial2 := strings.NewReplacer("|0\n", "|0|mlp\n", "|-1\n", "|-1|bgp\n").Replace(serial1)
	if got := read("# source: bgp\n" + serial2); string(got) != string(text) {
		t.Errorf("serial-2 gives\n%s, not\n%s", got, text)
	}
	s, _, err := scenarios.Load("sample.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	n, err := scenarios.Build(s, scenarios.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	log, err := simtest.Run(n.Config)
	if err != nil {
		t.Fatal(err)
	}
	paths := map[events.ActorID]string{}
	for _, l := range log.Written {
		if e, ok := l.Event.(*events.BestChanged); ok && e.Prefix == s.Routers[8].Originates[0] {
			paths[l.Actor] = strings.TrimSpace(string(l.Actor[2:]) + " " + e.Path.String())
		}
	}
	want := map[events.ActorID]string{
		"as1": "1 4 7 9", "as2": "2 4 7 9", "as3": "3 4 7 9", "as4": "4 7 9", "as5": "5 7 9", "as6": "6 7 9", "as7": "7 9", "as8": "8 9", "as9": "9",
		"as10": "10 6 7 9",
	}
	if fmt.Sprint(paths) != fmt.Sprint(want) {
		t.Errorf("paths to 9: %v, want %v", paths, want)
	}
}
