package scenarios

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// OptionsReference gives docs/reference/options.md: what a run may have to assume, with
// grades and sources, and the defaults of all profiles.
func OptionsReference() string {
	var b strings.Builder
	b.WriteString(optionsHead)
	assumptionsReference(&b)
	b.WriteString(partsHead)
	for _, p := range Profiles() {
		if p.Part != "" {
			profileReference(&b, p, scenarioShape().field(p.Part).shape.item)
		}
	}
	b.WriteString(stacksHead)
	for _, p := range Profiles() {
		if p.Part == "" {
			profileReference(&b, p, speakerShape())
		}
	}
	return b.String()
}

const optionsHead = `# Options and their grades

<!-- Generated from scenarios/assumptions*.go and scenarios/profiles by go generate ./scenarios. Do not edit. -->

A figure depends on values that no document gives. Each of them is here, with how well it is known:

| grade | the value is | what to do about it |
|---|---|---|
| D | documented, by Microsoft, an RFC or who made the part | |
| M | measured by you: samples of a file that the scenario names | |
| O | observed, on real Azure or in recorded runs, by somebody who published it | measure it where your result depends on it |
| I | inferred by us, from what is documented or observed | the same |
| U | unknown: there is no source, only a default | sweep it: does the answer change? |

A run lists what it assumed under ` + "`assumptions`" + ` in ` + "`run.json`" + `, those of grade U under ` + "`unknowns`" + ` too, and both in its summary.
What cannot matter to a run is left out there. [Write a sweep](../how-to/write-a-sweep.md) says how to vary an option,
[Model your NVA](../how-to/model-your-nva.md) how to put in what you measured.
`

const partsHead = `
## Defaults of the parts of Azure

All of them, documented or not. *Key* is the option in a [scenario file](scenario.md), of each item of the list that is named; where there
is none, the value is fixed.
`

const stacksHead = `
## Defaults of other stacks

` + "`profile: NAME`" + ` gives them to an NVA or a site, ` + "`bgp: {profile: NAME}`" + ` to a plain router; an option that is written beside it wins. What a
profile does not name has the default of the [option](scenario.md).
`

// sample is a scenario with one of each part that is assumed something of. Its names
// are placeholders.
func sample() *Scenario {
	s := &Scenario{}
	setDefaults(s, scenarioShape())
	s.RouteServers = []RouteServer{sampleOf[RouteServer]("route_servers")}
	s.ERGateways = []ERGateway{sampleOf[ERGateway]("expressroute_gateways")}
	s.VPNGateways = []VPNGateway{sampleOf[VPNGateway]("vpn_gateways")}
	s.Circuits = []Circuit{sampleOf[Circuit]("circuits")}
	s.Traffic = []Class{sampleOf[Class]("traffic")}
	s.RouteServers[0].Name, s.ERGateways[0].Name, s.VPNGateways[0].Name = "ROUTE-SERVER", "ER-GATEWAY", "VPN-GATEWAY"
	s.Circuits[0].Name, s.Traffic[0].Name = "CIRCUIT", "CLASS"
	return s
}

// sampleOf is an item of a list of which the file says nothing.
func sampleOf[T any](list string) (item T) {
	setDefaults(&item, scenarioShape().field(list).shape.item)
	return item
}

// setDefaults gives an object the defaults of its shape; what is required stays empty.
func setDefaults[T any](object *T, s *shape) {
	d := decoder{report: &report{}}
	d.defaults(&node{lacks: s.keys()}, reflect.ValueOf(object).Elem(), s)
}

func assumptionsReference(b *strings.Builder) {
	b.WriteString("\n## What a run may assume\n\nBy the names that summaries use; names in capitals stand for yours.\n\n" +
		"| assumption | by default | grade | key | source |\n|---|---|---|---|---|\n")
	l := &assumed{s: sample(), every: true}
	l.azure()
	l.rest()
	order := make([]int, len(l.all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(l.all[i].Grade.rank(), l.all[j].Grade.rank()) })
	for _, i := range order {
		a, key := l.all[i], ""
		if l.keys[i] != "" {
			key = "`" + l.keys[i] + "`"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", tableCell(a.Name), tableCell(a.Value), a.Grade, key, tableCell(a.Source))
	}
}

func profileReference(b *strings.Builder, p Profile, keys *shape) {
	fmt.Fprintf(b, "\n### `%s`: %s\n\n", p.Name, p.Description)
	if p.Part != "" {
		fmt.Fprintf(b, "The defaults of [`%s`](scenario.md#%s).\n\n", p.Part, p.Part)
	}
	b.WriteString("| option | key | default | grade | source |\n|---|---|---|---|---|\n")
	for _, v := range p.Settings {
		key := "none"
		if keys.field(v.Option) != nil {
			key = "yes"
		}
		fmt.Fprintf(b, "| `%s` | %s | `%s` | %s | %s |\n", v.Option, key, v.Value, v.Grade, tableCell(v.Why()))
	}
}

// tableCell makes text fit for a cell of a table.
func tableCell(s string) string { return strings.ReplaceAll(escape(s), "|", `\|`) }
