package scenarios

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// changes loads a scenario that stands beside others on a disk.
func changes(d disk, text string, set ...string) (*Scenario, string) {
	s, warnings, err := LoadWith(d.read, "mine.yaml", []byte(text), set...)
	return s, verdict(warnings, err)
}

// A scenario that changes another one is what one would have written without it.
func TestDesignIsWhatItChanges(t *testing.T) {
	const network = "routers: [{name: a, asn: 64512}, {name: b, asn: 64513}], links: [{between: [a, b], delay: $delay}], "
	d := disk{
		"lab/base.yaml":    "{version: 1, name: base, description: b, design: deep/er.yaml, params: {delay: 7ms}, start: established}",
		"lab/deep/er.yaml": "{version: 1, name: er, horizon: 500s, params: {delay: 5ms}, " + network + "faults: [{name: c, kind: node-death, target: a, at: $delay}]}",
	}
	for name, c := range map[string]struct {
		changed, written string
		set              []string
	}{
		"of the library, with a parameter": {
			"{version: 1, name: x, description: d, design: active-passive, params: {hold: 9s}}",
			replaced(t, "active-passive", "name: active-passive", "name: x", "description: Two", "description: d # ", "hold: 180s", "hold: 9s"), nil,
		},
		"of the library, overridden": {
			"{version: 1, name: x, description: d, design: active-passive, horizon: 2000s, params: {keepalive: 1s}}",
			replaced(t, "active-passive", "name: active-passive", "name: x", "description: Two", "description: d # ", "horizon: 1200s", "horizon: 1500s",
				"keepalive: 60s", "keepalive: 1s", "prepend: 2", "prepend: 3"),
			[]string{"horizon=1500s", "nvas[nva2].prepend=3"},
		},
		"a file whose design is another": {
			"{version: 1, name: x, design: lab/base.yaml}",
			"{version: 1, name: x, start: established, horizon: 500s, params: {delay: 7ms}, " + network + "faults: [{name: c, kind: node-death, target: a, at: 7ms}]}", nil,
		},
		"a whole list, and a parameter of its own": {
			"{version: 1, name: x, design: lab/base.yaml, faults: [{name: e, kind: node-death, target: b, at: $late}], params: {late: 90s}}",
			"{version: 1, name: x, start: established, horizon: 500s, params: {delay: 7ms, late: 90s}, " + network + "faults: [{name: e, kind: node-death, target: b, at: $late}]}", nil,
		},
		"a parameter that is used no more": {
			"{version: 1, name: x, design: lab/base.yaml, faults: [], links: [], params: {delay: 90s}}",
			"{version: 1, name: x, start: established, horizon: 500s, params: {delay: 90s}, " + network + "faults: []}",
			[]string{"links=[]"},
		},
	} {
		got, said := changes(d, c.changed, c.set...)
		want, wrong := changes(d, c.written, c.set...)
		if got == nil || want == nil {
			t.Errorf("%s:\n%s\n%s", name, said, wrong)
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%+v\nwant:\n%+v", name, got, want)
		}
		roundTrip(t, got)
	}
}

// replaced gives the text of a scenario of the library after replacements.
func replaced(t *testing.T, name string, pairs ...string) string {
	t.Helper()
	text := string(written(t, name))
	for i := 0; i < len(pairs); i += 2 {
		changed := strings.Replace(text, pairs[i], pairs[i+1], 1)
		if changed == text {
			t.Fatalf("%s has no %s", name, pairs[i])
		}
		text = changed
	}
	return text
}

// A design that is chosen stands where the file names one, or for the whole file;
// before other overrides, wherever they stand.
func TestChosenDesign(t *testing.T) {
	hold := func(s *Scenario) time.Duration { return s.NVAs[0].Hold }
	for _, c := range []struct {
		text       string
		set        []string
		name       string
		nvas       int
		hold       time.Duration
		multipaths bool
	}{
		{"{version: 1, name: x, design: active-passive}", []string{"design=active-active"}, "x", 2, 180 * time.Second, true},
		{"{version: 1, name: x, design: active-passive}", []string{"hold=15s", "design=active-active"}, "x", 2, 15 * time.Second, true},
		{"{version: 1, name: x, design: active-passive, params: {hold: 9s}}", []string{"nvas[nva1].prepend=1", "design=single-hub"}, "x", 1, 9 * time.Second, false},
		{"{version: 1, name: x, design: nowhere.yaml, params: {hold: 9s, other: 1}}", []string{"design=single-hub"}, "x", 1, 9 * time.Second, false},
		{"{version: 1, name: x, design: active-passive}", []string{"design=active-active", "design=single-hub"}, "x", 1, 180 * time.Second, false},
		{"{version: 1, name: x, horizon: 1s}", []string{"hold=9s", "design=active-active"}, "active-active", 2, 9 * time.Second, true},
		{"{version: 1, name: x, horizon: 1s}", []string{"design=../up.yaml"}, "up", 2, 30 * time.Second, true},
	} {
		d := disk{
			"here/../up.yaml":     "{version: 1, name: up, design: lab/aa.yaml, params: {hold: 30s}}",
			"here/../lab/aa.yaml": "{version: 1, name: aa, design: active-active}",
		}
		s, said := changes(d, c.text, c.set...)
		if s == nil {
			t.Errorf("%s with %q:\n%s", c.text, c.set, said)
			continue
		}
		if s.Name != c.name || len(s.NVAs) != c.nvas || hold(s) != c.hold || s.Sites[0].MultipathRelax != c.multipaths {
			t.Errorf("%s with %q: %s with %d NVAs, hold %v, multipath %v", c.text, c.set, s.Name, len(s.NVAs), hold(s), s.Sites[0].MultipathRelax)
		}
	}
}

// The files that a design names are beside it.
func TestSamplesOfADesign(t *testing.T) {
	d := disk{
		"lab/base.yaml":  strings.ReplaceAll(pairOfRouters, "DELAY", "file(data/x.txt)"),
		"lab/data/x.txt": "7ms\n", "data/x.txt": "8ms\n", "here/lab/base.yaml": strings.ReplaceAll(pairOfRouters, "DELAY", "file(data/x.txt)"),
		"here/lab/data/x.txt": "9ms\n", "here/x.txt": "1ms\n",
	}
	for want, set := range map[string][]string{
		"empirical(7ms; x.txt)": nil,
		"empirical(9ms; x.txt)": {"design=lab/base.yaml"},
		"empirical(1ms; x.txt)": {"links[a-b].delay=file(x.txt)"},
	} {
		s, said := changes(d, "{version: 1, name: x, design: lab/base.yaml}", set...)
		if s == nil || s.Links[0].Delay.String() != want {
			t.Errorf("%q: want %s, got\n%s", set, want, said)
		}
	}
}

// What is wrong has its place in the file that says it.
func TestDesignsRefused(t *testing.T) {
	d := disk{
		"wrong.yaml":  "version: 1\nname: w\nhorizon: 60\nvnet: []\n",
		"text.yaml":   "just text",
		"yaml.yaml":   "a: [",
		"self.yaml":   "{version: 1, name: s, design: self.yaml}",
		"a/one.yaml":  "{version: 1, name: s, design: ../b/two.yaml}",
		"b/two.yaml":  "{version: 1, name: s,\n design: ../a/one.yaml}",
		"used.yaml":   "{version: 1, name: s, horizon: 60s, params: {x: 1s}}",
		"absent.yaml": "{version: 1, name: s, routers: [{name: r}]}",
		"d9.yaml":     "{version: 1, name: s, design: active-passive}",
	}
	for i := range 9 {
		d[fmt.Sprintf("d%d.yaml", i)] = fmt.Sprintf("{version: 1, name: s, design: d%d.yaml}", i+1)
	}
	for text, says := range map[string][]string{
		"design: active-pasive":                        {`mine.yaml:3:9: no scenario "active-pasive" in the library, and no file`, "hint: did you mean active-passive?"},
		"design: wrong":                                {`mine.yaml:3:9: no scenario "wrong" in the library, and no file`},
		"design: nowhere.yaml":                         {"mine.yaml:3:9: nowhere.yaml: there is no such file", "hint: a path is relative to the file that names it"},
		"design:":                                      {"mine.yaml:3:8: design has no value"},
		"design: [active-passive]":                     {"mine.yaml:3:9: design must be text, not a list"},
		"design: wrong.yaml":                           {"wrong.yaml:3:10: 60 has no unit", "wrong.yaml:4:1: unknown key vnet", "did you mean vnets?"},
		"design: wrong.yaml\nhorizon: 60":              {"mine.yaml:4:10: 60 has no unit", "wrong.yaml:4:1: unknown key vnet"},
		"design: text.yaml":                            {"text.yaml:1:1: a scenario is a map of keys, not text"},
		"design: yaml.yaml":                            {"yaml.yaml:2:1: not YAML"},
		"design: self.yaml":                            {"self.yaml:1:31: a design cannot change itself: self.yaml -> self.yaml"},
		"design: a/one.yaml":                           {"b/two.yaml:2:10: a design cannot change itself: a/one.yaml -> b/two.yaml -> a/one.yaml"},
		"design: d1.yaml":                              {"d8.yaml:1:31: this is design number 9 in a row; 8 are the limit"},
		"design: used.yaml":                            {"used.yaml:1:46: the parameter x is not used"},
		"design: absent.yaml":                          {"mine.yaml:1:1: the key horizon is missing", "absent.yaml:1:33: the key asn is missing"},
		"design: active-passive\nvnets: []":            {"active-passive.yaml:", `"spoke" is not the name of a VNet`},
		"design: active-passive\nparams: {hlod: 9s}":   {"mine.yaml:4:10: the parameter hlod is not used"},
		"design: active-passive\nparams: [hold]":       {"mine.yaml:4:9: params must be a map of names to values"},
		"design: active-passive\nparams: {hold: soon}": {`active-passive.yaml:32:36: "soon" is not a duration`, "($hold)"},
	} {
		_, said := changes(d, "version: 1\nname: x\n"+text)
		for _, want := range says {
			if !strings.Contains(said, want) {
				t.Errorf("%s does not say %q:\n%s", text, want, said)
			}
		}
	}
	if s, said := changes(d, "{version: 1, name: x, design: d3.yaml}"); s == nil {
		t.Errorf("eight in a row are allowed:\n%s", said)
	}
}

// Schema and loader agree on what a scenario with a design may leave out.
func TestSchemaTakesDesigns(t *testing.T) {
	schema := compiled(t)
	for text, good := range map[string]bool{
		"{version: 1, name: x, design: active-passive}":                            true,
		"{version: 1, name: x, design: active-passive, horizon: 900s, params: {}}": true,
		"{version: 1, name: x, design: active-passive, drills: []}":                true,
		"{version: 1, name: x}":                                               false,
		"{name: x, design: active-passive}":                                   false,
		"{version: 1, design: active-passive}":                                false,
		"{version: 1, name: x, design: 7}":                                    false,
		"{version: 1, name: x, design: active-passive, nvas: [{name: nva1}]}": false,
		"{version: 1, name: x, design: active-passive, horizont: 900s}":       false,
	} {
		_, _, loadErr := Load("x.yaml", []byte(text))
		if schemaErr := valid(t, schema, []byte(text)); (schemaErr == nil) != good || (loadErr == nil) != good {
			t.Errorf("%s: good is %v, but\nloader: %v\nschema: %v", text, good, loadErr, schemaErr)
		}
	}
}

// The example of the reference loads.
func TestDesignOfTheReference(t *testing.T) {
	_, after, _ := strings.Cut(Reference(), "```yaml\n")
	example, _, found := strings.Cut(after, "```\n")
	s, warnings, err := Load("fast.yaml", []byte(example))
	if !found || err != nil || len(warnings) > 0 || s.NVAs[1].Hold != 15*time.Second || s.NVAs[1].Keepalive != time.Minute || len(s.Traffic) != 1 {
		t.Errorf("%s\n%s", verdict(warnings, err), example)
	}
}

// The design may be an axis of a sweep, beside others: each point is the scenario that
// its overrides make of the file.
func TestDesignIsAnAxis(t *testing.T) {
	d := disk{"lab/aa.yaml": "{version: 1, name: aa, design: active-active, params: {hold: 30s}, matrix: {hold: [7s]}, seeds: 3}"}
	for _, c := range []struct {
		text string
		o    PlanOptions
		want string
	}{
		{
			"{version: 1, name: x, design: active-passive, matrix: {design: [active-active, lab/aa.yaml, single-hub], hold: [9s, 15s]}}",
			PlanOptions{},
			"x 2 9s, x 2 15s, x 2 9s, x 2 15s, x 1 9s, x 1 15s, 40",
		},
		{
			"{version: 1, name: x, design: active-passive, matrix: {hold: [9s]}}",
			PlanOptions{Axes: []string{"design=active-active,single-hub"}, Set: []string{"keepalive=1s"}, Seeds: 2},
			"x 2 9s, x 1 9s, 2",
		},
		{
			replaced(t, "active-passive", "horizon:", "seeds: 5\nmatrix: {hold: [9s]}\nhorizon:"),
			PlanOptions{Set: []string{"design=lab/aa.yaml"}},
			"aa 2 9s, 5",
		},
		{
			replaced(t, "active-passive", "horizon:", "seeds: 5\nmatrix: {hold: [9s]}\nhorizon:"),
			PlanOptions{Axes: []string{"design=single-hub,active-active"}},
			"single-hub 1 9s, active-active 2 9s, 5",
		},
	} {
		d["here/lab/aa.yaml"] = d["lab/aa.yaml"]
		p, _, err := LoadPlan(d.read, "mine.yaml", []byte(c.text), c.o)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		var got []string
		for i := range p.Points {
			s, _, err := p.Scenario(i)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(s.Name, " ", len(s.NVAs), " ", formatDuration(s.NVAs[0].Hold)))
			if again, said := changes(d, c.text, p.Set(i)...); len(c.o.Axes)+len(c.o.Set) > 0 && !reflect.DeepEqual(again, s) { // of the file, a path is relative to it
				t.Errorf("%q:\n%s", p.Set(i), said)
			}
		}
		if all := strings.Join(append(got, fmt.Sprint(p.Seeds)), ", "); all != c.want {
			t.Errorf("%s: %s, want %s", c.text, all, c.want)
		}
	}
	for axis, says := range map[string]string{
		"design=active-active,active-pasive": `-m:1:22: no scenario "active-pasive" in the library`,
		"design=mine.yaml":                   "-m:1:8: here/mine.yaml: there is no such file",
	} {
		_, _, err := LoadPlan(d.read, "mine.yaml", []byte("{version: 1, name: x, design: active-passive}"), PlanOptions{Axes: []string{axis}})
		if said := verdict(nil, err); !strings.Contains(said, says) {
			t.Errorf("%s: want %s:\n%s", axis, says, said)
		}
	}
}

// A point whose design lacks what another axis sets is wrong alone.
func TestDesignWithoutTheAxis(t *testing.T) {
	p, _, err := LoadPlan(nil, "x.yaml", []byte("{version: 1, name: x, design: active-passive, faults: [{name: f, kind: node-death, target: nva1, at: 300s}], matrix: {design: [single-hub, active-active], 'nvas[nva2].hold': [9s]}}"), PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, _, alone := p.Scenario(0)
	_, _, both := p.Scenario(1)
	if both != nil || alone == nil || !strings.Contains(alone.Error(), "x.yaml:1:162: nvas has no item nva2") {
		t.Errorf("%v\n%v", alone, both)
	}
}
