package diagram_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dualhome/report/diagram"
	"dualhome/scenarios"
)

// TestGolden compares two pictures with files. SIMULATE_UPDATE=1 writes them again:
// look at them then.
func TestGolden(t *testing.T) {
	for _, name := range []string{"active-passive", "expressroute-shared-circuit"} {
		e, err := scenarios.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		got, golden := file(t, load(t, string(e.Text))), filepath.Join("testdata", name+".svg")
		if os.Getenv("SIMULATE_UPDATE") != "" {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || got != string(want) {
			t.Errorf("%s is stale (%v): SIMULATE_UPDATE=1 go test ./report/diagram writes it", golden, err)
		}
	}
}

// TestNamesStayText draws names that no scenario may have.
func TestNamesStayText(t *testing.T) {
	const evil = `<script>alert("1")</script>&amp;'`
	e, err := scenarios.Find("active-passive")
	if err != nil {
		t.Fatal(err)
	}
	s := *load(t, string(e.Text)).With(nil, 0)
	s.Name, s.NVAs[0].Name, s.Sites[0].Tunnels[0].To, s.NVAs[0].VNet, s.VNets[1].Name = evil, evil, evil, evil+"v", evil+"v"
	s.Peerings[0].Between[0] = evil + "v"
	text := file(t, &s)
	if strings.Contains(text, "<script") {
		t.Error("a name is an element")
	}
	p := read(t, text)
	for kind, want := range map[string]string{"data-node": evil, "data-frame": evil + "v", "data-session": evil + "~rs0-0", "data-link": evil + "v~spoke"} {
		if !slices.Contains(p.named[kind], want) {
			t.Errorf("%s has no %q: %q", kind, want, p.named[kind])
		}
	}
}

// TestLayersBetween: traffic is drawn above all lines and below all nodes.
func TestLayersBetween(t *testing.T) {
	e, err := scenarios.Find("expressroute-active-active")
	if err != nil {
		t.Fatal(err)
	}
	text := file(t, load(t, string(e.Text)))
	body, _, ok := strings.Cut(text, `<g class="legend">`)
	traffic := strings.Index(body, `<g class="traffic">`+"\n</g>")
	if !ok || traffic < 0 || strings.LastIndex(body, "data-session=") > traffic || strings.LastIndex(body, "data-link=") > traffic ||
		strings.Index(body, "data-node=") < traffic || strings.Index(body, "data-box=") < traffic {
		t.Error("traffic is not between lines and nodes")
	}
}

// TestNamesAreCut in their middle, to the room that they have.
func TestNamesAreCut(t *testing.T) {
	for _, name := range []string{"", "n", "rs0-0", strings.Repeat("w", 63), strings.Repeat("i", 61) + "-1", "nva-of-the-hub-in-region-number-1", "größer-als-das"} {
		for _, room := range []float64{12, 60, 186} {
			got := diagram.Fitted(name, 11, false, room)
			whole := diagram.Width(name, 11, false) <= room
			if w := diagram.Width(got, 11, false); w > room || (got == name) != whole {
				t.Errorf("%q in %v is %q, %v wide", name, room, got, w)
			}
			if first, last, cut := strings.Cut(got, "…"); cut && (!strings.HasPrefix(name, first) || !strings.HasSuffix(name, last)) {
				t.Errorf("%q is cut to %q", name, got)
			}
		}
	}
}

// TestStates: all that the page says of a node, a link or a session has a look.
func TestStates(t *testing.T) {
	for _, class := range []string{".node.dead", ".link.down", ".session.up", ".session.connecting", ".session.down"} {
		if !strings.Contains(diagram.CSS, class+" ") {
			t.Errorf("%s has no style", class)
		}
	}
}

// TestTitles: what architects ask of a link is said where they point at it.
func TestTitles(t *testing.T) {
	for text, want := range map[string][]string{
		file(t, load(t, odd["everything in two hubs, with long names"])): {
			"connection erg-circuit joins erg and circuit; delay 2ms, weight 100",
			"tunnel fw1-dc joins fw1 and dc; delay 10ms, static routes",
			"tunnel vpng-dc-1 joins vpng-1 and dc; delay 10ms",
			"peering hub-spoke joins hub and spoke; delay 1ms",
			"circuit circuit-primary joins circuit-0 and dc; delay 5ms",
			"BGP session between rs-0 and vpng-1",
			"BGP session between dc and vpng-0, over vpng-dc-0",
		},
		file(t, load(t, plain("gao-rexford", 20))): {"link r0-r1 joins r0 and r1; delay 10ms; peers", "link r0-r10 joins r0 and r10; delay 10ms; r0 is a provider of r10"},
	} {
		for _, w := range want {
			if !strings.Contains(text, "<title>"+w) {
				t.Errorf("nothing says %q", w)
			}
		}
	}
}
