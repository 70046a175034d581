package diagram_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/report/diagram"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// each runs a test for each scenario of the library, for random Azure networks and
// for plain ones of every kind.
func each(t *testing.T, test func(t *testing.T, s *scenarios.Scenario)) {
	t.Helper()
	run := func(name, text string) {
		t.Run(name, func(t *testing.T) { test(t, load(t, text)) })
	}
	for _, e := range scenarios.Library() {
		run(e.Name, string(e.Text))
	}
	for seed := range uint64(40) {
		run(fmt.Sprintf("azure-%d", seed), simtest.Azure(seed, simtest.AzureOptions{}))
	}
	for _, kind := range []string{"clique", "ring", "chain", "star", "tree", "b-clique", "focus", "random", "gao-rexford"} {
		for _, count := range []int{4, 6, 14, 24, 60} {
			if kind == "focus" {
				count = min(count, 9)
			}
			if kind == "clique" {
				count = min(count, 30)
			}
			run(fmt.Sprintf("%s-%d", kind, count), plain(kind, count))
		}
	}
	for name, text := range odd {
		run(name, text)
	}
}

func plain(kind string, count int) string {
	return fmt.Sprintf("version: 1\nname: plain\nhorizon: 100s\ngenerate: [{kind: %s, count: %d}]\n", kind, count)
}

func load(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	s, _, err := scenarios.Load("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func drawn(t *testing.T, s *scenarios.Scenario) picture {
	t.Helper()
	return read(t, file(t, s))
}

func file(t *testing.T, s *scenarios.Scenario) string {
	t.Helper()
	p, err := diagram.Of(s).SVG()
	if err != nil {
		t.Fatal(err)
	}
	return p.File()
}

// TestEverythingIsDrawnOnce compares a picture with what a run writes: each node, link
// and session that the log names is there once, and nothing else.
func TestEverythingIsDrawnOnce(t *testing.T) {
	each(t, func(t *testing.T, s *scenarios.Scenario) {
		n, err := scenarios.Build(s.With(nil, 150*time.Second), scenarios.Options{})
		if err != nil {
			t.Fatal(err)
		}
		log, err := simtest.Run(n.Config)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{}
		leads := slices.ContainsFunc(s.Traffic, func(c scenarios.Class) bool { return c.To == "internet" })
		for _, l := range log.Written {
			switch e := l.Event.(type) {
			case events.Link:
				want["data-name"] = append(want["data-name"], e.Name)
				want["data-link"] = append(want["data-link"], pair(e.A, e.B))
				leads = leads || e.Type == events.InternetLink
			case events.Node:
				if e.Type != events.InternetNode {
					want["data-node"] = append(want["data-node"], string(e.Node))
				}
			case events.SessionChanged:
				want["data-session"] = append(want["data-session"], pair(string(l.Actor), string(e.Neighbor)))
			}
		}
		want["data-session"] = set(want["data-session"])
		if leads {
			want["data-node"] = append(want["data-node"], "internet")
		}
		for _, v := range s.VNets {
			want["data-frame"] = append(want["data-frame"], v.Name)
		}
		got := drawn(t, s).named
		for _, kind := range []string{"data-name", "data-link", "data-node", "data-session", "data-frame"} {
			slices.Sort(got[kind])
			slices.Sort(want[kind])
			if !slices.Equal(got[kind], want[kind]) {
				t.Errorf("%s:\ndrawn %v\nthere %v", kind, got[kind], want[kind])
			}
		}
		if len(want["data-session"]) == 0 && len(s.Links)+len(s.NVAs) > 0 {
			t.Error("the run has no session")
		}
	})
}

func pair(a, b string) string { return min(a, b) + "~" + max(a, b) }

func set(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

// TestNothingOverlaps: boxes are apart from each other, or one is in the other; each
// text is in its box, and apart from the others; everything is in the picture.
func TestNothingOverlaps(t *testing.T) {
	each(t, func(t *testing.T, s *scenarios.Scenario) {
		p := drawn(t, s)
		all := shape{w: p.width, h: p.height}
		for i, a := range p.rects {
			if !a.within(all) {
				t.Errorf("%s leaves the picture", a.what)
			}
			for _, b := range p.rects[:i] {
				if a.overlaps(b) && !a.within(b) {
					t.Errorf("%s and %s overlap", a.what, b.what)
				}
				if a.within(b) && b.kind == "node" {
					t.Errorf("%s is in %s", a.what, b.what)
				}
			}
		}
		for i, a := range p.texts {
			if !a.within(all) {
				t.Errorf("%q leaves the picture", a.kind)
			}
			for _, b := range p.texts[:i] {
				if a.overlaps(b) {
					t.Errorf("%q and %q overlap", a.kind, b.kind)
				}
			}
			for _, b := range p.rects {
				own := slices.Contains(a.inside, b.what) || b.kind == "frame"
				if a.overlaps(b) && (!own || !a.within(b)) {
					t.Errorf("%q and the border of %s overlap", a.kind, b.what)
				}
			}
		}
	})
}

// TestLinesKeepClear: no line passes behind a box or a text that it does not lead to,
// but for plain networks with lines from all to all.
func TestLinesKeepClear(t *testing.T) {
	each(t, func(t *testing.T, s *scenarios.Scenario) {
		p := drawn(t, s)
		all := shape{w: p.width, h: p.height}
		boxOf := map[string]string{}
		for _, n := range p.rects {
			for _, b := range n.inside {
				boxOf[n.what] = b
				break
			}
		}
		crowded := len(s.Routers) > 24
		for _, l := range p.lines {
			own := slices.Clone(l.ends)
			for _, e := range l.ends {
				own = append(own, boxOf[e])
			}
			for _, at := range l.points {
				if !all.holds(at) {
					t.Errorf("%s leaves the picture", l.what)
					break
				}
				if hit := p.hit(at, own); hit != "" && !crowded {
					t.Errorf("%s passes behind %s", l.what, hit)
					break
				}
			}
		}
	})
}

// hit gives what stands at a point, but for frames and for what is named.
func (p picture) hit(at [2]float64, but []string) string {
	for _, r := range p.rects {
		if r.kind != "frame" && r.holds(at) && !slices.Contains(but, r.what) {
			return r.what
		}
	}
	for _, x := range p.texts {
		if x.holds(at) && (x.what == "" || !slices.Contains(but, x.what)) {
			return fmt.Sprintf("%q", x.kind)
		}
	}
	return ""
}

// TestSameBytes: a picture of the same scenario is the same.
func TestSameBytes(t *testing.T) {
	each(t, func(t *testing.T, s *scenarios.Scenario) {
		if first := file(t, s); file(t, s) != first {
			t.Error("two pictures differ")
		}
	})
}

// TestTooLarge: what nobody could see is refused, and says so; programs that place
// things themselves get it still.
func TestTooLarge(t *testing.T) {
	for _, x := range []struct{ text, want string }{
		{plain("ring", 151), "a network of 151 VNets, and things in and outside of them is too large to be drawn: at most 150"},
		{plain("clique", 60), "a network of 3540 links and sessions is too large to be drawn: at most 1500"},
	} {
		s := load(t, x.text)
		if _, err := diagram.Of(s).SVG(); err == nil || err.Error() != x.want {
			t.Errorf("%v, not %s", err, x.want)
		}
		if d := diagram.Of(s); !strings.Contains(d.Mermaid(), "n_r59") || !strings.Contains(d.Dot(), `"r59"`) {
			t.Error("Mermaid or Graphviz lack a router")
		}
	}
	drawn(t, load(t, plain("ring", 150)))
}
