package scenarios_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// plain plays testdata/plain.yaml, or the resolved text of it.
func plain(t *testing.T, text []byte) (played, []byte) {
	t.Helper()
	s, _, err := scenarios.Load("plain.yaml", text)
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
	if err := simtest.Laws(log); err != nil {
		t.Error(err)
	}
	resolved, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return played{n, log}, resolved
}

// TestPlainNetworkPlaysAgain: a plain network keeps to the laws, and its resolved
// text makes the same run.
func TestPlainNetworkPlaysAgain(t *testing.T) {
	text, err := os.ReadFile("testdata/plain.yaml")
	if err != nil {
		t.Fatal(err)
	}
	first, resolved := plain(t, text)
	second, _ := plain(t, resolved)
	print := func(p played) []string {
		var all []string
		for _, l := range p.Written {
			if _, isHead := l.Event.(events.RunStarted); !isHead {
				all = append(all, fmt.Sprint(l))
			}
		}
		return all
	}
	if len(first.Written) < 1000 || !slices.Equal(print(first), print(second)) {
		t.Errorf("%d and %d lines, and they differ", len(first.Written), len(second.Written))
	}
}

// TestHierarchyIsReachable: in a hierarchy everybody reaches everybody, though
// nobody carries packets for nothing.
func TestHierarchyIsReachable(t *testing.T) {
	p, _ := plain(t, []byte("{version: 1, name: x, horizon: 600s, start: established, generate: [{kind: gao-rexford, count: 30, origin: all}]}"))
	for _, r := range p.Routers {
		if n := len(r.Prefixes()); n != 30 {
			t.Errorf("%s knows %d prefixes of 30", r.ID(), n)
		}
	}
}

// TestDetectedLinks: who notices that a link fails whole loses the session at once;
// who does not, when the hold timer expires; and one direction alone nobody notices.
// A fault may say who does.
func TestDetectedLinks(t *testing.T) {
	for _, c := range []struct {
		link, from  string
		least, most float64
	}{
		{"", "", 0, 0},
		{"detected: false", "", 120, 180.1},
		{"", ", from: r0", 120, 180.1},
		{"detected: false, bfd: true", "", 0.6, 1},
		{"", ", seen_by: none", 120, 180.1},
		{"", ", seen_by: r0", 120, 180.1},
		{"", ", seen_by: r1", 0, 0},
		{"detected: false", ", seen_by: both", 0, 0},
		{"", ", from: r0, seen_by: r1", 0, 0},
	} {
		text := fmt.Sprintf(`{version: 1, name: x, horizon: 600s, start: established, routers: [{name: r0, asn: 1}, {name: r1, asn: 2}],
  links: [{between: [r0, r1], %s}], faults: [{name: cut, kind: link-down, target: r0-r1, at: 100s%s}]}`, c.link, c.from)
		p, _ := plain(t, []byte(text))
		down := p.after("cut", func(l events.Line) bool {
			e, ok := l.Event.(events.SessionChanged)
			return ok && e.Was == events.Established && l.Actor == "r1"
		})
		if len(down) != 1 || down[0] < c.least || down[0] > c.most {
			t.Errorf("%s %s: the session goes down after %v s, want %v to %v", c.link, c.from, down, c.least, c.most)
		}
	}
}

// TestBFDOfLink: what a link says of BFD goes before what its ends say.
func TestBFDOfLink(t *testing.T) {
	text, err := os.ReadFile("testdata/plain.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := plain(t, text)
	said := map[string]string{}
	for _, l := range p.Written {
		if e, ok := l.Event.(events.BFD); ok && l.Role == events.Out && e.State == events.BFDUp {
			said[string(l.Actor+" "+l.Peer)] = fmt.Sprint(e.DesiredMinTx, e.RequiredMinRx, e.Multiplier)
		}
	}
	want := map[string]string{"a rr": "50ms50ms4", "rr a": "50ms50ms4", "rr b": "300ms300ms3", "b rr": "50ms100ms5"}
	for way, settings := range want { // order-free: each on its own
		if got := strings.ReplaceAll(said[way], " ", ""); got != settings {
			t.Errorf("%s says %s, not %s", way, got, settings)
		}
	}
}
