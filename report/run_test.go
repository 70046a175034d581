package report

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
	"dualhome/metrics"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// played plays a scenario of the library, and gives what its page shows.
func played(t *testing.T, name string) *RunData {
	t.Helper()
	e, err := scenarios.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := scenarios.Load(name+".yaml", e.Text)
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
	measured, err := metrics.Measure(log.Lines(t.Context(), 1))
	if err != nil {
		t.Fatal(err)
	}
	fabric, err := Fabric(log.Lines(t.Context(), 1))
	if err != nil {
		t.Fatal(err)
	}
	return &RunData{Title: name, Scenario: s, Measured: measured, Fabric: fabric, End: int64(s.Horizon), Folder: "runs/x"}
}

func written(t *testing.T, d *RunData) string {
	t.Helper()
	var b bytes.Buffer
	if err := Run(&b, *d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPagesOfTheLibrary: each page is well formed, within its bounds, and the same twice.
func TestPagesOfTheLibrary(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"active-passive", "expressroute-active-active", "recorded-expressroute", "mrai-clique"} {
		d := played(t, name)
		text := written(t, d)
		if text != written(t, d) {
			t.Errorf("%s: another page of the same run", name)
		}
		parse(t, text)
		m, left := momentsOf(d)
		if len(left) > 0 || m.Routes == nil {
			t.Errorf("%s: left out: %v", name, left)
		}
		if len(text) > 300_000 {
			t.Errorf("%s: %d bytes", name, len(text))
		}
	}
}

// row gives a row of a part as texts, null as NULL.
func (r *rows) row(i int) map[string]string {
	all := map[string]string{}
	for c, cells := range r.Columns {
		all[c] = "NULL"
		if cells[i] >= 0 {
			all[c] = r.Names[cells[i]]
		}
	}
	return all
}

// TestMomentsAreTheTables: the columns that the script reads hold the rows of the tables,
// each at its exact instant.
func TestMomentsAreTheTables(t *testing.T) {
	t.Parallel()
	d := played(t, "expressroute-active-active")
	m, _ := momentsOf(d)
	at := func(r *rows, i int) int64 { return m.Instants.S[r.T[i]]*1e9 + m.Instants.NS[r.T[i]] }
	if len(m.Sessions.T) != len(d.Measured.Sessions) || len(m.Routes.T) != len(d.Measured.Routes) || len(m.Routes.T) == 0 {
		t.Fatalf("%d sessions and %d routes of %d and %d", len(m.Sessions.T), len(m.Routes.T), len(d.Measured.Sessions), len(d.Measured.Routes))
	}
	for i, s := range d.Measured.Sessions {
		want := map[string]string{"actor": s.Actor, "peer": s.Peer, "state": s.State, "reason": s.Reason}
		if got := m.Sessions.row(i); at(m.Sessions, i) != s.T || !maps.Equal(got, want) {
			t.Fatalf("session %d: %v at %d, not %v at %d", i, got, at(m.Sessions, i), want, s.T)
		}
	}
	for i, r := range d.Measured.Routes {
		got := m.Routes.row(i)
		if at(m.Routes, i) != r.T || got["prefix"] != r.Prefix || got["table"] != r.Table || got["hops"] != strings.Join(r.NextHops, ", ") || (got["path"] == "NULL") != (r.ASPath == nil) {
			t.Fatalf("route %d: %v at %d, not %v", i, got, at(m.Routes, i), r)
		}
	}
	sameTraffic(t, d, m)
}

// sameTraffic compares all that is offered at each step.
func sameTraffic(t *testing.T, d *RunData, m *moments) {
	t.Helper()
	var want, got []string
	steps := map[string]bool{}
	for _, r := range d.Measured.Traffic {
		if steps[fmt.Sprintln(r.T, r.Class, r.Direction)] = true; r.Offered > 0 {
			via := "NULL"
			if r.Via != nil {
				via = *r.Via
			}
			want = append(want, fmt.Sprintln(r.T, r.Class, r.Direction, via, r.Delivered, r.Lost))
		}
	}
	for i := range m.Traffic.T {
		x, at := m.Traffic.row(i), m.Instants.S[m.Traffic.T[i]]*1e9+m.Instants.NS[m.Traffic.T[i]]
		delete(steps, fmt.Sprintln(at, x["class"], x["direction"]))
		if x["offered"] != "0" {
			got = append(got, fmt.Sprintln(at, x["class"], x["direction"], x["via"], x["delivered"], x["lost"]))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) || len(got) == 0 || len(steps) > 0 {
		t.Errorf("%d rows of traffic, not %d; %d steps are missing", len(got), len(want), len(steps))
	}
}

// TestInstantsAreExact: a number of JavaScript is exact up to 2^53, and a run may be
// longer than that many nanoseconds, 104 days.
func TestInstantsAreExact(t *testing.T) {
	long := []int64{0, 1, 1 << 53, 1<<53 + 1, 1<<53 + 2, 10*365*86400*1e9 + 1, 1<<63 - 1}
	d := &RunData{Measured: &metrics.Result{}, End: 1<<63 - 1}
	for _, at := range long {
		d.Fabric = append(d.Fabric, Physical{T: at, Kind: "node", Name: "a", State: "dead"})
	}
	m, _ := momentsOf(d)
	for i, want := range long {
		s, ns := m.Instants.S[i], m.Instants.NS[i]
		if float64(s) != float64(int64(float64(s))) || s >= 1<<53 || ns >= 1e9 || s*1e9+ns != want {
			t.Errorf("%d ns are %d s and %d ns", want, s, ns)
		}
	}
	if len(m.Instants.S) != len(long) {
		t.Errorf("%d instants, not %d", len(m.Instants.S), len(long))
	}
}

// TestTooMuchIsLeftOut: a part with more rows, or longer names, than a page holds is left
// out whole, with its count and the command that shows it, and the others stay.
func TestTooMuchIsLeftOut(t *testing.T) {
	d := played(t, "single-hub")
	route := d.Measured.Routes[0]
	for i := range mostRows {
		route.T, route.Prefix = int64(i), fmt.Sprintf("10.%d.%d.0/24", i/256, i%256)
		d.Measured.Routes = append(d.Measured.Routes, route)
	}
	rows := len(d.Measured.Routes)
	d.Fabric = append(d.Fabric, Physical{T: d.End, Kind: "node", Name: strings.Repeat("n", mostNames+1), State: "dead"})
	slices.SortStableFunc(d.Measured.Routes, func(a, b metrics.Route) int { return int(a.T - b.T) })
	text := written(t, d)
	want := fmt.Sprintf("The run has %d changes of routes.", rows)
	if !strings.Contains(text, want) || !strings.Contains(text, "simulate replay runs/x --at T --actor ACTOR") {
		t.Errorf("the page does not say %q", want)
	}
	m, left := momentsOf(d)
	if m.Routes != nil || m.Physical != nil || m.Sessions == nil || m.Traffic == nil || len(left) != 2 {
		t.Errorf("left out: %v", left)
	}
	if len(text) > 5_000_000 {
		t.Errorf("the page has %d bytes", len(text))
	}
}

// TestFabric: links are told by their ends, each direction apart, and nodes by what is
// wrong with them.
func TestFabric(t *testing.T) {
	d := played(t, "expressroute-active-active")
	var got []string
	for _, p := range d.Fabric {
		got = append(got, fmt.Sprint(events.Time(p.T), " ", p.Kind, " ", p.Name, " ", p.State))
	}
	for _, want := range []string{
		"314.978930475s link circuit1-0~dc down", "314.978930475s link dc~circuit1-0 down", "614.978930475s link circuit1-1~dc up",
		"1202.742134979s node nva1 dead", "1602.742134979s node nva1 alive", "2200.000000000s node gw1-0 halted",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is missing in\n%s", want, strings.Join(got, "\n"))
		}
	}
}
