package scenarios

import (
	"fmt"
	"reflect"
	"strings"
)

// Reference gives docs/reference/scenario.md: every key of a scenario file with
// its type, default and meaning, from the tags of the model.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	b.WriteString(samplesReference())
	objectReference(&b, fileShape(), "Top level", "")
	sweepReference(&b)
	faultReference(&b)
	objectReference(&b, shapeOf(reflect.TypeFor[PolicyRule](), ""), rulesTitle, "")
	measureReference(&b)
	return b.String()
}

const referenceHead = `# Scenario files

<!-- Generated from scenarios/model*.go by go generate ./scenarios. Do not edit. -->

A scenario file is YAML: one document of at most 32 MiB, without anchors, aliases and tags. Things are list items with a
` + "`name`" + `; every name means one thing in the whole file. A key without default is required unless it says optional.

| type | written |
|---|---|
| duration | a number with its unit: ` + "`500ms`, `60s`, `3m`, `1.5h`" + `; at most 366 days |
| distribution | a duration, ` + "`uniform(300s, 360s)`, `exponential(60s)`, `normal(60s, 5s)` (cut at 0), `jittered(30s)`: `uniform(22.5s, 30s)`, the jitter of RFC 4271 section 10, `empirical(1s, 2s)`, `measured`" + `: 13 samples of how long Azure takes from a best-path change to the NICs; or your own [samples of a file](#samples-of-a-file) |
| rate | a number with its unit: ` + "`100bps`, `1kbps`, `500Mbps`, `1.5Gbps`" + `; at most 1Tbps |
| prefix, address | IPv4: ` + "`10.1.0.0/16`, `10.1.0.4`" + ` |

A bare number is refused where a unit is meant. ` + "`$name`" + ` stands for the parameter of that name, as a whole value or inside one
(` + "`uniform($a, $b)`" + `); ` + "`$$`" + ` is a dollar sign. Every parameter must be used.

` + "`--set path=value`" + ` changes a scenario before it is read: ` + "`hold=15s`" + ` sets the parameter, ` + "`nvas[nva1].hold=15s`" + ` a key of the item
of that name, ` + "`nvas[nva1].roles=[firewall]`, `faults=[]`" + ` whole lists, ` + "`expect.outage.forward=< 10s`" + ` a rule.

## Scenarios that change others

With ` + "`design:`" + ` a file says only what is different from another scenario:

` + "```yaml" + `
version: 1
name: fast
description: The active/passive pair with faster timers, and no Internet traffic.
design: active-passive # of the library; or a file, from where this one is: ../designs/ours.yaml
params: {hold: 15s}    # the others stay: keepalive is that of the design
traffic: [{name: spoke-dc, from: spoke-vms, to: dc, rate: 1Gbps}] # instead of all there
` + "```" + `

A design may itself have one; eight in a row are the limit. ` + "`--set design=active-active`" + ` takes another one, before any other override is
heeded. Where a file has no ` + "`design:`" + `, the one that is chosen so stands in place of all it says, ` + "`matrix:` and `seeds:`" + ` aside.
`

// samplesReference describes file(…), with its bounds.
func samplesReference() string {
	return fmt.Sprintf(`
## Samples of a file

A distribution may be samples of your own, of which each is drawn with equal probability:

- `+"`file(delays.txt)`"+`: a duration with its unit in each line, `+"`1.77s`"+`;
- `+"`file(results.csv, programming_s)`"+`: a column of a CSV file whose first line names the columns; the values have units, or the name of the
  column ends in one: `+"`_s`, `_ms`, `_us`, `_ns`"+`.

The file is UTF-8 text of at most 1 MiB with at most %d samples; what follows a `+"`#`"+` in a list of durations, or a line of a CSV that begins with
one, is a comment. Its path is relative to the scenario file; with `+"`--set`"+`, or of a scenario of the library, to where you are. It may
have no comma, bracket or dollar sign. The resolved scenario of a run holds the samples and the name of the file,
`+"`empirical(1.77s, 1.5s; delays.txt)`"+`, and needs the file no more; the assumptions of the run say that they are yours, with the grade M.
`, maxSamples)
}

// rulesTitle heads the section that each import and export refers to.
const (
	rulesTitle  = "Rules of `import` and `export`"
	rulesAnchor = "rules-of-import-and-export"
)

func objectReference(b *strings.Builder, s *shape, title, path string) {
	fmt.Fprintf(b, "\n## %s\n\n| key | type | default | meaning |\n|---|---|---|---|\n", title)
	for _, f := range s.fields {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.key, f.describe(), f.describeDefault(), escape(f.doc)+f.shape.bounds())
	}
	for _, f := range s.fields {
		if f.shape.form == listForm && f.shape.item.form == objectForm && !f.shape.item.named && f.like == "" {
			inner := path + f.key + "[]"
			objectReference(b, f.shape.item, "`"+inner+"`", inner+".")
		}
		if f.shape.form == objectForm && f.like == "" {
			inner := path + f.key
			objectReference(b, f.shape, "`"+inner+"`", inner+".")
		}
	}
}

// describe names the type.
func (f *field) describe() string {
	if f.like != "" {
		return f.shape.describe() + ", like [`" + f.like + "`](#" + f.like + ")"
	}
	return f.shape.describe()
}

// describe names the type.
func (s *shape) describe() string {
	switch s.form {
	case listForm:
		switch {
		case s.item.short != nil:
			return "list of maps, or of `" + s.item.short.key + "` alone"
		case s.item.named:
			return "list of [rules](#" + rulesAnchor + ")"
		case s.item.form == objectForm:
			return "list of maps"
		case s.item.form == pointForm:
			return "list of maps of axes to values"
		case s.pair:
			return "pair of " + plural(s.item.value.name)
		case s.item.enum != nil:
			return "list of " + codes(s.item.enum)
		}
		return "list of " + plural(s.item.value.name)
	case objectForm:
		return "map"
	case paramsForm:
		return "map of names to values"
	case expectForm:
		return "map of measures to rules"
	case matrixForm:
		return "map of [axes](#" + sweepAnchor + ") to values"
	case pointForm:
		return "map of axes to a value of each"
	}
	if s.enum != nil {
		return codes(s.enum)
	}
	return s.value.name
}

func plural(noun string) string {
	if strings.HasSuffix(noun, "x") || strings.HasSuffix(noun, "s") {
		return noun + "es"
	}
	return noun + "s"
}

// bounds says what else is asked of a value.
func (s *shape) bounds() string {
	switch {
	case s.form == listForm && s.min != "":
		return " (at least " + s.min + ")"
	case s.form == listForm && s.max != "":
		return " (at most " + s.max + ")"
	case s.form != scalarForm:
		return ""
	case s.pattern != nil:
		return " (`" + inner(s.pattern.String()) + "`)"
	case s.min != "" && s.min == s.max: // the meaning says it
		return ""
	case s.min != "" && s.max != "":
		return " (" + s.min + " to " + s.max + ")"
	case s.min != "":
		return " (at least " + s.min + ")"
	case s.max != "":
		return " (at most " + s.max + ")"
	}
	return ""
}

func (f *field) describeDefault() string {
	switch {
	case f.def != "":
		return "`" + f.def + "`"
	case f.required:
		return ""
	}
	return "optional"
}

func faultReference(b *strings.Builder) {
	b.WriteString("\n## Kinds of faults\n\n| kind | target | what happens |\n|---|---|---|\n")
	for _, k := range FaultKinds() {
		var targets []string
		for _, t := range k.Targets {
			targets = append(targets, string(t))
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", k.Kind, enumerate(targets, "or"), k.Doc)
	}
}

func measureReference(b *strings.Builder) {
	b.WriteString("\n## Measures\n\nA rule of `expect` is a comparison (`< <= > >= == !=`) with a value, `\"< 200s\"`; for `converged` it is true or\n" +
		"false, for a cause one word: " + codes(Causes()) + ".\n\n" +
		"| measure | value | meaning |\n|---|---|---|\n")
	for _, m := range Measures() {
		name := "`" + m.Name + "`"
		switch m.Of {
		case AClass, ASpeaker:
			if narrow := "`" + m.Name + ".<" + m.Of.placeholder() + ">`"; m.Needs {
				name = narrow
			} else {
				name += ", " + narrow
			}
		case AFault:
			name += ", `" + m.Name + ".<fault>`, `" + m.Name + ".<fault>-repair`"
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", name, [...]string{"true or false", "duration", "number", "word"}[m.Kind], m.Doc)
	}
}

func codes(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }

// escape keeps Markdown from taking <name> for HTML.
func escape(s string) string { return strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(s) }
