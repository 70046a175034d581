package scenarios

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What LoadPlan makes of files and options, and what it refuses.
func TestPlansTranscript(t *testing.T) {
	const file = "testdata/plans.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for block := range strings.SplitSeq(strings.TrimRight(string(text), "\n"), "\n\n") {
		input, _, _ := strings.Cut(block+"\n", "----\n")
		fmt.Fprint(&out, input)
		if play, ok := planOf(t, input); ok {
			fmt.Fprintf(&out, "----\n%s", play)
		}
		fmt.Fprintln(&out)
	}
	golden(t, file, bytes.TrimSuffix(out.Bytes(), []byte("\n")))
}

// planOf plays a block: the name of a scenario; what is written before it, each line
// with a | before it; options, a line each. Lines with # are comments.
func planOf(t *testing.T, input string) (verdict string, ok bool) {
	t.Helper()
	var name, before string
	var o PlanOptions
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for line := range strings.Lines(input) {
		line = strings.TrimSuffix(line, "\n")
		option, value, _ := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "|"):
			before += line[1:] + "\n"
		case option == "-m":
			o.Axes = append(o.Axes, value)
		case option == "--set":
			o.Set = append(o.Set, value)
		case option == "--sampling":
			o.Sampling = value
		case option == "--samples":
			o.Samples = number(value)
		case option == "--seeds":
			o.Seeds = number(value)
		case name == "":
			name = line
		default:
			t.Fatalf("what is %q?", line)
		}
	}
	if name == "" {
		return "", false
	}
	p, warnings, err := LoadPlan(nil, name, append([]byte(before), written(t, name)...), o)
	return describePlan(p) + verdictUnlessOK(warnings, err), true
}

func verdictUnlessOK(warnings []Problem, err error) string {
	if v := verdict(warnings, err); v != "ok\n" {
		return v
	}
	return ""
}

// describePlan lists the points of a plan, and what is wrong with single ones.
func describePlan(p *Plan) string {
	if p == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d points, %d seeds\n", len(p.Points), p.Seeds)
	for i := range p.Points {
		fmt.Fprintf(&b, "  %s\n", p.Describe(i))
		if _, _, err := p.Scenario(i); err != nil {
			fmt.Fprintln(&b, "    "+strings.ReplaceAll(err.Error(), "\n", "\n    "))
		}
	}
	return b.String()
}

// plan loads a plan of a scenario of testdata or the library.
func plan(t rapid.TB, text string, o PlanOptions) *Plan {
	t.Helper()
	p, _, err := LoadPlan(nil, "plan.yaml", []byte(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Without axes there is one point, the scenario as it stands.
func TestPlanWithoutAxes(t *testing.T) {
	p := plan(t, string(written(t, "active-passive")), PlanOptions{})
	if p.Name != "active-passive" || len(p.Axes) != 0 || p.Seeds != 40 || !reflect.DeepEqual(p.Points, []Point{{Values: []int{}}}) {
		t.Errorf("%+v", p)
	}
	s, _, err := p.Scenario(0)
	if want := library(t, "active-passive"); err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("%v\n%+v\nwant\n%+v", err, s, want)
	}
}

// A scenario has nothing of a sweep, and a file with one is that scenario.
func TestLoadLeavesTheSweepOut(t *testing.T) {
	text := written(t, "active-passive")
	want, _, err := Load("x.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = Load("x.yaml", append([]byte("matrix: {hold: ['$keepalive', 30s]}\nseeds: 3\n"), text...))
	if err == nil || !strings.Contains(err.Error(), "x.yaml:1:17: a parameter's value cannot use another") {
		t.Errorf("%v", err)
	}
	got, warnings, err := Load("x.yaml", append([]byte("matrix: {hold: [30s], horizon: [$hold]}\nseeds: 3\n"), text...))
	if err != nil || len(warnings) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %v\n%+v\nwant\n%+v", err, warnings, got, want)
	}
}

// The examples of the documentation are plans of the scenario that they are of.
func TestDocumentedSweeps(t *testing.T) {
	page, err := os.ReadFile("../docs/how-to/write-a-sweep.md")
	if err != nil {
		t.Fatal(err)
	}
	const params = "params: {hold: 180s, keepalive: 60s}"
	of := string(written(t, "active-passive"))
	var points []int
	for _, block := range strings.Split(string(page), "```yaml\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		p := plan(t, strings.Replace(block, params, "", 1)+of, PlanOptions{})
		for i := range p.Points {
			if _, _, err := p.Scenario(i); err != nil {
				t.Errorf("%s: %v", p.Describe(i), err)
			}
		}
		points = append(points, len(p.Points))
	}
	if want := []int{9, 7, 200}; !slices.Equal(points, want) || !strings.Contains(of, params) {
		t.Errorf("%v points, want %v", points, want)
	}
}

// A file that an axis of the command line names is where the user is, and one that
// the matrix names is where the scenario is.
func TestPlanFiles(t *testing.T) {
	var asked []string
	files := func(path string, override bool) (string, []byte, error) {
		asked = append(asked, fmt.Sprint(path, " ", override))
		return path, []byte("1s\n2s\n"), nil
	}
	text := "matrix:\n  peerings[hub1-spoke].delay: [file(a.txt), 1ms]\n" + string(written(t, "active-passive"))
	p, _, err := LoadPlan(files, "x.yaml", []byte(text), PlanOptions{Axes: []string{"peerings[hub2-spoke].delay=file(b.txt)", "hold=30s"}})
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := p.Scenario(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, peering := range s.Peerings {
		if n, _ := peering.Delay.Samples(); n != 2 {
			t.Errorf("%s: %v", peering.Name, peering.Delay)
		}
	}
	if want := []string{"a.txt false", "b.txt true"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
}

// Points may be loaded at once, and none changes another.
func TestPointsAtOnce(t *testing.T) {
	p := plan(t, string(written(t, "active-passive")), PlanOptions{Axes: []string{"hold=range(30s,60s,1s)", "nvas[nva1].roles=[firewall, vpn],[vpn, firewall]"}})
	var done sync.WaitGroup
	for range 2 {
		done.Go(func() {
			for i := range p.Points {
				s, _, err := p.Scenario(i)
				if err != nil || s.NVAs[0].Hold != time.Duration(30+i/2)*time.Second {
					t.Errorf("point %d: %v, %v", i, s, err)
				}
			}
		})
	}
	done.Wait()
}

// Axes tell the numbers of their values where all are of one kind.
func TestAxisNumbers(t *testing.T) {
	for _, c := range []struct {
		axis    string
		values  []string
		numbers []float64
		unit    string
	}{
		{"x=30s,1m,500ms", []string{"30s", "1m", "500ms"}, []float64{30e9, 60e9, 5e8}, "ns"},
		{"x=10Gbps,1.5Mbps", []string{"10Gbps", "1.5Mbps"}, []float64{1e10, 1.5e6}, "bps"},
		{"x=100B,9000B", []string{"100B", "9000B"}, []float64{100, 9000}, "B"},
		{"x=3,-2,0.1", []string{"3", "-2", "0.1"}, []float64{3, -2, 0.1}, ""},
		{"x=30s,1", []string{"30s", "1"}, nil, ""},
		{"x=30s,uniform(1s, 2s)", []string{"30s", "uniform(1s, 2s)"}, nil, ""},
		{"x=a,b", []string{"a", "b"}, nil, ""},
		{"x=true,false", []string{"true", "false"}, nil, ""},
	} {
		p := plan(t, small, PlanOptions{Axes: []string{c.axis}})
		a := p.Axes[0]
		if !slices.Equal(a.Values, c.values) || !slices.Equal(a.Numbers, c.numbers) || (a.Numbers == nil) != (c.numbers == nil) || a.Unit != c.unit {
			t.Errorf("%s: %+v", c.axis, a)
		}
	}
}

// small is a scenario with parameters that nothing but its description uses.
const small = `version: 1
name: small
horizon: 60s
params: {x: "1", y: "1", z: "1"}
description: $x, $y, $z
`

// A grid is the product of the axes, the last fastest, without what is excluded, and
// then what is included.
func TestGridIsTheProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"x", "y", "z"}[:rapid.IntRange(1, 3).Draw(t, "axes")]
		values := make([][]string, len(names))
		var text strings.Builder
		text.WriteString(small + "matrix:\n")
		for a, name := range names {
			values[a] = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "10", "30s", "c d", "[q]", "ü"}), 1, 4, rapid.ID).Draw(t, name)
			text.WriteString("  " + name + ": [" + strings.Join(quotedAll(values[a]), ", ") + "]\n")
		}
		var want [][]string
		product(values, nil, func(p []string) { want = append(want, slices.Clone(p)) })
		if rapid.Bool().Draw(t, "exclude") && len(want) > 1 {
			out := rapid.SampledFrom(want).Draw(t, "excluded")
			text.WriteString("  exclude: [" + pointText(names, out) + "]\n")
			want = slices.DeleteFunc(want, func(p []string) bool { return slices.Equal(p, out) })
		}
		if rapid.Bool().Draw(t, "include") {
			text.WriteString("  include: [{x: new}]\n")
			want = append(want, []string{"new", "", ""}[:len(names)])
		}
		p := plan(t, text.String(), PlanOptions{})
		var got [][]string
		for _, point := range p.Points {
			got = append(got, valuesOf(p, point))
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\n%v\nwant\n%v", text.String(), got, want)
		}
	})
}

// product calls f for each combination of values, the last axis fastest.
func product(values [][]string, before []string, f func([]string)) {
	if len(values) == 0 {
		f(before)
		return
	}
	for _, v := range values[0] {
		product(values[1:], append(slices.Clip(before), v), f)
	}
}

// valuesOf gives the texts of a point's values as they were before they were quoted.
func valuesOf(p *Plan, point Point) []string {
	got := make([]string, len(point.Values))
	for a, v := range point.Values {
		if v < 0 {
			continue
		}
		got[a] = p.Axes[a].Values[v]
		if plain, err := strconv.Unquote(got[a]); err == nil {
			got[a] = plain
		}
	}
	return got
}

func quotedAll(values []string) []string {
	var all []string
	for _, v := range values {
		all = append(all, strconv.Quote(v))
	}
	return all
}

func pointText(names, values []string) string {
	var all []string
	for a, v := range quotedAll(values) {
		all = append(all, names[a]+": "+v)
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// The overrides of a point give Load the scenario that the plan gives.
func TestSetIsTheScenario(t *testing.T) {
	text := `matrix:
  hold: ["30s", 20m, 20s]
  nvas[nva2].prepend: range(0, 3, 1)
  nvas[nva1].roles: [[firewall, vpn], [vpn, "firewall"]]
  description: ["a: b", "[c]", "> d", "$hold", "10", "it's", "\"q\"", "ü\n\t", " e ", "#f"]
  traffic: [[{name: a, from: spoke-vms, to: dc, rate: 1Gbps}], [{name: "b", from: 'spoke-vms', to: internet, rate: 2Gbps, flows: 5}]]
  expect: [{converged: true}, {outage.forward.spoke-dc: "< 10s"}, {}]
  include: [{hold: 1h}, {description: g}, {}]
  exclude: [{hold: 1200s, 'nvas[nva2].prepend': 1}]
  sampling: random
  samples: 300
`
	text += string(written(t, "active-passive"))
	p := plan(t, text, PlanOptions{Set: []string{"horizon=1300s", "keepalive=5s"}, Seed: 3})
	bad := 0
	for i := range p.Points {
		got, warnings, err := p.Scenario(i)
		want, wantWarnings, wantErr := Load("plan.yaml", []byte(text), p.Set(i)...)
		if !reflect.DeepEqual(got, want) || (err == nil) != (wantErr == nil) || len(warnings) != len(wantWarnings) {
			t.Fatalf("%v\n%v\n%v\nwant\n%v\n%v", p.Set(i), err, got, wantErr, want)
		}
		if err != nil {
			bad++
		}
	}
	if bad == 0 || bad > len(p.Points)/2 { // those where no class has the name of the rule
		t.Errorf("%d of %d points are bad", bad, len(p.Points))
	}
}
