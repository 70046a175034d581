package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Values are cut at the commas outside of brackets and quotes.
func TestSplit(t *testing.T) {
	for _, c := range []struct {
		values string
		want   string // parts, with | between them; else what is wrong
		bad    bool
	}{
		{"30s,60s", "30s|60s", false},
		{" 30s , 60s ", " 30s | 60s ", false},
		{"", "", false},
		{",", "|", false},
		{"[a, b],[c]", "[a, b]|[c]", false},
		{"[{a: [1, 2]}, b],c", "[{a: [1, 2]}, b]|c", false},
		{"uniform(1s, 2s),3s", "uniform(1s, 2s)|3s", false},
		{`"a, b",'c, d'`, `"a, b"|'c, d'`, false},
		{`"a\", b",c`, `"a\", b"|c`, false},
		{`"a\\",c`, `"a\\"|c`, false},
		{"'it''s, so',c", "'it''s, so'|c", false},
		{"it's,so", "it's|so", false},
		{`5",6"`, `5"|6"`, false},
		{`["a]", b],c`, `["a]", b]|c`, false},
		{"ü,ö", "ü|ö", false},
		{"(a,b", "the bracket ( is not closed", true},
		{"a),b", "the bracket ) closes nothing", true},
		{"(a],b", "the bracket ] closes nothing", true},
		{`"a,b`, `the quote " is not closed`, true},
		{`'a'',b`, `the quote ' is not closed`, true},
	} {
		pieces, bad := split(c.values)
		var got []string
		for _, p := range pieces {
			got = append(got, p.text)
			if !strings.HasPrefix(c.values[p.from:], p.text) {
				t.Errorf("%q: %q is not at %d", c.values, p.text, p.from)
			}
		}
		if c.bad && bad != c.want || !c.bad && (bad != "" || strings.Join(got, "|") != c.want) {
			t.Errorf("%q: %q, %s; want %s", c.values, got, bad, c.want)
		}
	}
}

// A range counts exactly, and has its stop where a step hits it.
func TestRange(t *testing.T) {
	for written, want := range map[string]string{
		"range(0s, 30s, 5s)":            "0s 5s 10s 15s 20s 25s 30s",
		"range(0s, 29s, 10s)":           "0s 10s 20s",
		"range(30s,0s,-15s)":            "30s 15s 0s",
		"range(1s, 1s, 1s)":             "1s",
		"range(1s, 1s, -1s)":            "1s",
		"range(0s, 0.3s, 0.1s)":         "0s 100ms 200ms 300ms",
		"range(1m, 90s, 10s)":           "60s 70s 80s 90s",
		"range(500ms, 2s, 500ms)":       "500ms 1s 1.5s 2s",
		"range(0, 0.3, 0.1)":            "0 0.1 0.2 0.3",
		"range(0.1, 1, 0.3)":            "0.1 0.4 0.7 1",
		"range(0, 10, 5)":               "0 5 10",
		"range(2, -2, -2)":              "2 0 -2",
		"range(-0.5, 0.5, 0.5)":         "-0.5 0 0.5",
		"range(1Gbps, 2Gbps, 500Mbps)":  "1Gbps 1500Mbps 2Gbps",
		"range(0bps, 1bps, 1bps)":       "0bps 1bps",
		"range(64B, 192B, 64B)":         "64B 128B 192B",
		"range(0s, 87600h, 43800h)":     "0s 157680000s 315360000s",
		"range(0.000001, 0, -0.000001)": "0.000001 0",
	} {
		s, err := spanOf(written)
		if err != nil {
			t.Errorf("%s: %v", written, err)
			continue
		}
		var got []string
		for i := range s.count.Int64() {
			got = append(got, s.at(i).format())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", written, got, want)
		}
		for i, end := range s.ends() {
			if w := []string{got[0], got[len(got)-1]}[i]; end.format() != w {
				t.Errorf("%s: end %s, want %s", written, end.format(), w)
			}
		}
	}
}

// A quantity is read again as it is written.
func TestQuantity(t *testing.T) {
	for written, again := range map[string]string{
		"30s": "30s", "1m": "60s", "1.5s": "1.5s", "1m0.25s": "60.25s", "10ms": "10ms", "1us": "1µs", "1h": "3600s", "0s": "0s",
		"1.5Gbps": "1500Mbps", "0bps": "0bps", "100B": "100B", "3": "3", "-3": "-3", "0.10": "0.1", "1.0": "1", "007": "7",
	} {
		q, ok := quantityOf(written)
		if !ok || q.format() != again {
			t.Errorf("%s: %v %v, want %s", written, q, ok, again)
			continue
		}
		twice, ok := quantityOf(again)
		if !ok || twice.number.Cmp(q.number) != 0 || twice.kind != q.kind && q.kind != decimalNumber {
			t.Errorf("%s: %v again %v", written, q, twice)
		}
	}
	for _, written := range []string{"", "s", "-", "1e3", "0x10", "1_000", "+3", "30 s", "uniform(1s, 2s)", "100000000h", "9" + strings.Repeat("0", 30), "NaN", "1.5B", ".5", "5.", "1kB"} {
		if q, ok := quantityOf(written); ok {
			t.Errorf("%q is %v", written, q)
		}
	}
}

// Whatever an axis of a command line says, there is an answer: values that an
// override takes, in their order, or errors at places that there are.
func FuzzAxis(f *testing.F) {
	for _, s := range []string{
		"x=30s,60s", "x=range(0s,30s,5s)", "x=interval(0,3)", "nvas[nva1].roles=[a, b],[c]", `x="a, b",'c'`, "x=", "=", "x=(", "x==a", " x = a , b ",
		"x=range(1ns,1000000000s,1ns)", "description=a: b,> c,| d,#e", "x=\x00", "x=ü\xff,ö", "x=null,~,'',\"\"", "x=1,1.0,01", "x=$y,$$", "params=[{a: 1}],{}", "expect.converged=true,false",
	} {
		f.Add(s, "")
		f.Add(s, "halton")
	}
	f.Fuzz(func(t *testing.T, written, sampling string) {
		o := PlanOptions{Axes: []string{written}, Sampling: sampling}
		if sampling != "" && sampling != "grid" {
			o.Samples = 5
		}
		p, _, err := LoadPlan(nil, "plan.yaml", []byte(small), o)
		if err != nil {
			problems, ok := errors.AsType[Errors](err)
			if !ok {
				t.Fatal(err)
			}
			for _, problem := range problems {
				if problem.Line < 1 || problem.Col < 1 || problem.Message == "" {
					t.Fatalf("%q: %+v", written, problem)
				}
			}
			return
		}
		if len(p.Points) == 0 || len(p.Points) > maxPoints || len(p.Axes) != 1 {
			t.Fatalf("%q: %+v", written, p)
		}
		for i := range min(20, len(p.Points)) {
			got, _, err := p.Scenario(i)
			want, _, wantErr := Load("plan.yaml", []byte(small), p.Set(i)...)
			if (err == nil) != (wantErr == nil) || err == nil && fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%q, %q: %v\n%v\nwant %v\n%v", written, p.Set(i), err, got, wantErr, want)
			}
		}
		if values := p.Axes[0].Values; len(slices.Compact(slices.Sorted(slices.Values(values)))) != len(values) {
			t.Fatalf("%q: values twice: %q", written, values)
		}
	})
}

// Whatever a matrix says, there is an answer, and Load takes a file with it or says
// why not.
func FuzzPlan(f *testing.F) {
	for _, s := range []string{
		"matrix: {x: [a, b]}\nseeds: 3", "matrix:\n  x: range(0, 10, 1)\n  y: [[a], {b: c}, null]\n  exclude: [{x: 3}]\n  include: [{y: d}, {}]",
		"matrix: {x: 'interval(1s, 2s)', sampling: random, samples: 4}", "matrix: {include: [], x: [1, 1.0]}", "matrix: {'': [1], traffic: [[], [a]]}", "seeds: $x",
		"matrix: {description: [\"a: b\", \"[c]\", \"\\u0085\", \"\\u2028\", \"\\ufeff\", \"- \", \"? \", \"%\", \"@\", \"\\x07\"]}", "matrix: {x: [*a]}", "matrix: {x: [!t b]}", "matrix: {x: ['a\n\n b']}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, written string) {
		text := []byte(small + written)
		_, _, loadErr := Load("plan.yaml", text)
		p, _, err := LoadPlan(nil, "plan.yaml", text, PlanOptions{Seed: 1})
		if err != nil {
			return
		}
		if loadErr != nil {
			t.Fatalf("%q: a plan, but %v", written, loadErr)
		}
		for i := range min(20, len(p.Points)) {
			got, _, err := p.Scenario(i)
			want, _, wantErr := Load("plan.yaml", text, p.Set(i)...)
			if (err == nil) != (wantErr == nil) || err == nil && fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%q, %q: %v\n%v\nwant %v\n%v", written, p.Set(i), err, got, wantErr, want)
			}
		}
	})
}
