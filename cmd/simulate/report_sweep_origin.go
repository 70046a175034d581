package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"dualhome/report"
	"dualhome/scenarios"
)

// assumed gives what the points assume, in a row for each name. What has many values is
// a parameter of the sweep, or follows from one.
func (v *sweepView) assumed() (all []report.Assumption) {
	const most = 4 // values of a name
	type name struct {
		name, source string
		grade        scenarios.Grade
	}
	values, at := map[name]int{}, map[name]int{}
	for _, a := range v.Assumptions {
		of := name{a.Name, a.Source, a.Grade}
		if values[of]++; values[of] > most {
			continue
		}
		if values[of] == most {
			at[of] = len(all)
		}
		all = append(all, report.Assumption{Name: a.Name, Value: a.Value, Grade: string(a.Grade), Source: a.Source})
	}
	for i := range all {
		of := name{all[i].Name, all[i].Source, scenarios.Grade(all[i].Grade)}
		if n := values[of]; n > most && at[of] == i {
			all[i].Value = fmt.Sprintf("%d values more, at other points: sweep.json has them", n-most+1)
		}
	}
	return all
}

// troublesTable says which points and runs could not be made, and why.
func (v *sweepView) troublesTable() report.Table {
	t := report.Table{ID: "failed", Caption: "What could not be made", Head: report.Columns("point#", "parameters", "seed#", "why")}
	if more := len(v.Failures) - pageTroubles; more > 0 {
		t.Caption += fmt.Sprintf(" (the first %d; sweep.json names %d more)", pageTroubles, more)
	}
	for _, f := range v.Failures[:min(len(v.Failures), pageTroubles)] {
		seed := report.Text("all")
		if f.Seed != nil {
			seed = report.Text(strconv.FormatUint(*f.Seed, 10))
		}
		t.Rows = append(t.Rows, []report.Cell{report.Int(int64(f.Point), itoa(f.Point)), report.Text(v.named(f.Params)), seed, report.Text(f.Error)})
	}
	return t
}

// provenance says which sweep it is, and how to make it again.
func (v *sweepView) provenance(text string) report.Provenance {
	p := report.Provenance{
		Facts: [][2]string{
			{"scenario", v.Scenario},
			{"status", v.Status},
			{"points", itoa(len(v.points))},
			{"runs", itoa(v.Runs)},
			{"seeds of each point", fmt.Sprintf("%d, from %d on", v.Seeds, v.Seed)},
			{"digest over those of the runs", v.Digest},
			{"SHA-256 of scenario.yaml", v.ScenarioSHA256},
			{"simulate", v.Versions["simulate"]},
			{"Go", v.Versions["go"]},
			{"made", v.Wall.Began + ", on " + v.Wall.Machine + ", " + itoa(v.Wall.AtOnce) + " runs at once"},
		},
		Commands: []string{v.command()},
		Texts:    [][2]string{{"scenario.yaml", text}},
	}
	if v.Plan == nil {
		return p
	}
	if plan, err := json.MarshalIndent(v.Plan, "", "  "); err == nil {
		p.Texts = append(p.Texts, [2]string{"how the points came about (plan in sweep.json)", string(plan)})
	}
	return p
}

// command gives the one that makes the sweep again.
func (v *sweepView) command() string {
	if v.Plan == nil {
		words := []string{"simulate", "scenario", quoted(v.file())}
		if v.Stop != nil {
			words = append(words, "--until-ci", quoted(v.Stop.UntilCI))
			for _, m := range v.Stop.Measures {
				words = append(words, "--ci-measure", quoted(m))
			}
		}
		return strings.Join(append(words, "--seeds", itoa(v.Seeds), "--seed", strconv.FormatUint(v.Seed, 10)), " ")
	}
	words := []string{"simulate", "sweep", quoted(v.file())}
	for _, a := range v.Plan.Axes {
		words = append(words, "-m", quoted(a))
	}
	for _, set := range v.Plan.Set {
		words = append(words, "--set", quoted(set))
	}
	if v.Plan.Drill != "" {
		words = append(words, "--drill", quoted(v.Plan.Drill))
	}
	if v.Plan.Sampling != "" {
		words = append(words, "--sampling", v.Plan.Sampling, "--samples", itoa(v.Plan.Samples))
	}
	return strings.Join(append(words, "--seeds", itoa(v.Seeds), "--seed", strconv.FormatUint(v.Seed, 10)), " ")
}
