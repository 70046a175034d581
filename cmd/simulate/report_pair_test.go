package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"dualhome/report"
	"dualhome/scenarios"
)

// pairedRun plays a scenario for a page of two.
func pairedRun(t *testing.T, name, scenario string, seed uint64, set ...string) *pairOf {
	t.Helper()
	entry, _ := scenarios.Find(scenario)
	s, _, err := scenarios.Load(entry.Name, []byte(entry.Text), set...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := play(t.Context(), s, &runFlags{seed: seed, bus: "memory"})
	if err != nil {
		t.Fatal(err)
	}
	return &pairOf{name, r.runJSON([]byte(r.network.Text)), r.network.Text, r}
}

func (d *pairPageOf) row(t *testing.T, table string, key ...string) []*element {
	t.Helper()
	for _, row := range d.page.id(table).find(func(e *element) bool { return e.name == "tr" }) {
		var cells []string
		for _, c := range row.held {
			cells = append(cells, c.text)
		}
		if len(cells) > len(key) && slices.Equal(cells[:len(key)], key) {
			return row.held[len(key):]
		}
	}
	t.Fatalf("%s has no row of %v", table, key)
	return nil
}

type pairPageOf struct{ page *element }

func pairedPage(t *testing.T, a, b *pairOf) *pairPageOf {
	t.Helper()
	page, _ := pageOf(t, func(w io.Writer) error { return report.Pair(w, *pairPage(a, b)) })
	return &pairPageOf{page}
}

// TestPairShowsBothRuns compares the tables with what was measured: each figure of A and
// B, their difference, and what only one of them has.
func TestPairShowsBothRuns(t *testing.T) {
	t.Parallel()
	a, b := pairedRun(t, "A", "active-passive", 1), pairedRun(t, "B", "expressroute-active-passive", 2)
	d := pairedPage(t, a, b)
	compared, alone := 0, 0
	for i := range a.measured.Convergence {
		x := &a.measured.Convergence[i]
		cells := d.row(t, "convergence", x.Disturbance, "routes settled")
		if got := cells[0].attr["data-value"]; got != fmt.Sprint(*x.Control) {
			t.Errorf("%s settles in A after %s, not %d", x.Disturbance, got, *x.Control)
		}
		for j := range b.measured.Convergence {
			if y := &b.measured.Convergence[j]; y.Disturbance == x.Disturbance {
				compared++
				if cells[1].attr["data-value"] != fmt.Sprint(*y.Control) || cells[2].attr["data-value"] != fmt.Sprint(*y.Control-*x.Control) {
					t.Errorf("%s: B has %s, and %s more, not %d and %d", x.Disturbance, cells[1].text, cells[2].text, *y.Control, *y.Control-*x.Control)
				}
			}
		}
	}
	for i := range b.measured.Convergence {
		name := b.measured.Convergence[i].Disturbance
		if cells := d.row(t, "convergence", name, "at"); cells[0].text == "only in B" {
			alone++
		}
	}
	if compared+alone == 0 {
		t.Error("nothing was compared")
	}
	texts := d.page.id("differ").find(func(e *element) bool { return e.name == "td" })
	if texts[1].text != "active-passive" || texts[2].text != "expressroute-active-passive" {
		t.Errorf("what differs: %q, %q", texts[1].text, texts[2].text)
	}
}

// TestPairIsOnOneScale: in all pictures over time a second is as long in A as in B, and
// each disturbance stands at the same place.
func TestPairIsOnOneScale(t *testing.T) {
	t.Parallel()
	a := pairedRun(t, "A", "active-passive", 1)
	b := pairedRun(t, "B", "active-active", 7)
	d := pairedPage(t, a, b)
	pictures := 0
	for k := 0; ; k++ {
		x, y := d.page.id(fmt.Sprintf("timeline-a-%d", k)), d.page.id(fmt.Sprintf("timeline-b-%d", k))
		if x == nil || y == nil {
			break
		}
		pictures++
		for _, of := range []string{"data-left", "data-right"} {
			if x.attr[of] != y.attr[of] {
				t.Errorf("picture %d: %s is %s in A and %s in B", k, of, x.attr[of], y.attr[of])
			}
		}
		long := func(e *element) float64 { return asFloat(t, e.attr["data-to"]) - asFloat(t, e.attr["data-from"]) }
		if long(x) != long(y) {
			t.Errorf("picture %d: %v ns of A and %v of B", k, long(x), long(y))
		}
		if k > 0 {
			ca, cb := a.measured.Convergence[k-1], b.measured.Convergence[k-1]
			if before := float64(ca.T) - asFloat(t, x.attr["data-from"]); before != float64(cb.T)-asFloat(t, y.attr["data-from"]) {
				t.Errorf("picture %d: %s stands at %v ns in A alone", k, ca.Disturbance, before)
			}
		}
	}
	if pictures != 1+len(a.measured.Convergence) {
		t.Errorf("%d pictures of %d disturbances", pictures, len(a.measured.Convergence))
	}
}

// TestPairSaysWhatWasChanged: of two runs of one scenario the page names the keys that
// differ, as --set does, with both values; of two designs not more than can be read.
func TestPairSaysWhatWasChanged(t *testing.T) {
	t.Parallel()
	a, b := pairedRun(t, "A", "active-passive", 1), pairedRun(t, "B", "active-passive", 1, "hold=15s", "nvas[nva2].stateful=true")
	d := pairedPage(t, a, b)
	for path, want := range map[string][2]string{"nvas[nva1].hold": {"180s", "15s"}, "nvas[nva2].stateful": {"false", "true"}, "route_servers[rs0].hold": {"180s", "15s"}} {
		if cells := d.row(t, "differ", path); cells[0].text != want[0] || cells[1].text != want[1] {
			t.Errorf("%s: %q and %q, not %q", path, cells[0].text, cells[1].text, want)
		}
	}
	d = pairedPage(t, a, pairedRun(t, "B", "expressroute-active-active", 1))
	more := d.page.id("differ").find(func(e *element) bool {
		return strings.HasPrefix(e.text, "and ") && strings.HasSuffix(e.text, " more keys")
	})
	if len(more) != 1 {
		t.Errorf("%d rows say that there is more", len(more))
	}
}

// TestPairOfTheSame: there is no difference to tell of.
func TestPairOfTheSame(t *testing.T) {
	t.Parallel()
	a, b := pairedRun(t, "A", "active-passive", 1), pairedRun(t, "B", "active-passive", 1)
	d := pairedPage(t, a, b)
	if text := d.page.id("differ").text; text != "The two are the same run." {
		t.Errorf("what differs: %q", text)
	}
	if text := d.page.id("assumed").text; text != "All assumptions are the same." {
		t.Errorf("what is assumed differently: %q", text)
	}
	if first := d.page.class("headline")[0].held[0].text; !strings.HasPrefix(first, "The longest loss of service is the same in both: ") {
		t.Error(first)
	}
	for _, id := range []string{"convergence", "outages", "impacts"} {
		for _, row := range d.page.id(id).find(func(e *element) bool { return e.name == "tr" })[1:] {
			if last := row.held[len(row.held)-1].text; last != "0" && last != "-" {
				t.Errorf("%s: a difference of %s", id, last)
			}
		}
	}
}

// TestPairComparesOnlyWhatIsOver: of a loss that is not over it is known that it is longer,
// and not by how much.
func TestPairComparesOnlyWhatIsOver(t *testing.T) {
	t.Parallel()
	d := pairedPage(t, pairedRun(t, "A", "active-active-overload", 1), pairedRun(t, "B", "active-passive", 1))
	first := d.page.class("headline")[0].held[0].text
	if !strings.Contains(first, ", to the next disturbance in A, ") || strings.Contains(first, "less") {
		t.Error(first)
	}
	cells := d.row(t, "impacts", "nva1-dies", "spoke-dc", "two-way", "loss for")
	if !strings.HasSuffix(cells[0].text, " or more") || cells[1].text != "181.998 s" || cells[2].text != "-" {
		t.Errorf("%q, %q, %q", cells[0].text, cells[1].text, cells[2].text)
	}
	cells = d.row(t, "impacts", "nva1-dies-repair", "spoke-dc", "two-way", "loss for")
	if cells[0].text == "0.000 s" || cells[1].text != "0.000 s" || !strings.HasPrefix(cells[2].text, "−") {
		t.Errorf("%q, %q, %q", cells[0].text, cells[1].text, cells[2].text)
	}
}

// TestPairSaysWhyNothingIsCompared: without faults nothing is lost that could be.
func TestPairSaysWhyNothingIsCompared(t *testing.T) {
	t.Parallel()
	a, b := pairedRun(t, "A", "recorded-expressroute", 1), pairedRun(t, "B", "mrai-clique", 1)
	first := pairedPage(t, a, b).page.class("headline")[0].held[0].text
	if first != "Nothing fails in A and B has no traffic that could be lost, so that no losses are compared: how the two converge is below." {
		t.Error(first)
	}
}
