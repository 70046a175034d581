package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"dualhome/availability"
	"dualhome/scenarios"
)

// printAvailability prints the years of designs: what each class loses, then which
// failures and causes take it, and what all rests on.
func (s *shell) printAvailability(designs []*failing, f *availabilityFlags) error {
	d := document{data: availabilityData(designs, f)}
	if s.format == "csv" {
		for _, t := range availabilityFigures(designs) {
			d.show(t)
		}
		return s.render(d)
	}
	columns := s.columnsOf(designs)
	d.stressAll(bold, s.wrapped(availabilityTitle(designs)))
	d.say("")
	downtime := downtimeTable(designs, columns)
	d.show(downtime)
	d.say(s.wrapped(legendOfYear(downtime.head))...)
	d.say("", "full outage in a year, by failure")
	d.show(failureTable(designs, columns))
	d.say("", "full outage in a year, by cause")
	d.show(causeTable(columns))
	for _, x := range designs {
		for _, line := range x.remarks(len(designs) > 1) {
			d.say(s.wrapped(line)...)
		}
	}
	d.say("")
	for _, x := range designs {
		if len(designs) > 1 {
			d.stress(bold, x.scenario.Name)
		}
		d.say(wrap(x.assumedFailures(), s.textWidth())...)
		d.say(assumed(x.scenario.WithFailures(), s.textWidth())...)
	}
	return s.render(d)
}

// legendOfYear explains the columns that are there.
func legendOfYear(columns []string) string {
	text := "Two at once: beyond what each failure costs alone; less than nothing where they overlap."
	if slices.Contains(columns, pastEveryNVA) {
		text += " Past every NVA: not lost, but inspected by nobody."
	}
	return text
}

const pastEveryNVA = "past every NVA"

func availabilityTitle(designs []*failing) string {
	var names []string
	for _, x := range designs {
		names = append(names, fmt.Sprintf("%s (%s)", x.scenario.Name, runsText(x.year.Runs)))
	}
	return fmt.Sprintf("a year of %.0f h of %s: expected loss of service, in either direction; ± and brackets: 95 %% intervals",
		availability.Year.Hours(), strings.Join(names, ", "))
}

// yearColumn is a class of a design.
type yearColumn struct {
	*failing
	class, head string
}

func (s *shell) columnsOf(designs []*failing) []yearColumn {
	var all []yearColumn
	for _, x := range designs {
		for _, c := range x.scenario.Traffic {
			head := c.Name
			if len(designs) > 1 {
				head = x.scenario.Name + " " + c.Name
				if s.format == "table" {
					head = x.scenario.Name + "\n" + c.Name // two short lines
				}
			}
			all = append(all, yearColumn{x, c.Name, head})
		}
	}
	return all
}

func heads(first []string, columns []yearColumn) []string {
	for _, c := range columns {
		first = append(first, c.head)
	}
	return first
}

// total gives a quantity of a column; zeros where nothing was lost so.
func (c yearColumn) total(what string) availability.Total {
	for _, t := range c.year.Totals {
		if t.Class == c.class && t.What == what {
			return t
		}
	}
	return availability.Total{}
}

// downtimeTable says what each class loses in a year.
func downtimeTable(designs []*failing, columns []yearColumn) table {
	t := table{name: "downtime", head: []string{"class", "any loss", "full outage", "availability", "one at a time", "two at once", "with nothing broken", pastEveryNVA}}
	if len(designs) > 1 {
		t.head = append([]string{"scenario"}, t.head...)
	}
	healthy, past := false, false
	for _, c := range columns {
		full, beside := c.total(availability.Equivalent), c.total(availability.PastNVAs).Year.Value
		healthy, past = healthy || full.Healthy > 0, past || beside >= 1
		row := []string{
			c.class, withHalf(c.total(availability.AnyLoss).Year), withHalf(full.Year), available(full.Year),
			secondsAYear(full.Singles), secondsAYear(full.Pairs), secondsAYear(full.Healthy), secondsAYear(beside),
		}
		if len(designs) > 1 {
			row = append([]string{c.scenario.Name}, row...)
		}
		t.add(row...)
	}
	if !past {
		t.drop(len(t.head) - 1)
	}
	if !healthy {
		t.drop(slices.Index(t.head, "with nothing broken"))
	}
	return t
}

// withHalf writes seconds with half of their interval.
func withHalf(e availability.Estimate) string {
	if e.Half == 0 {
		return secondsAYear(e.Value)
	}
	return fmt.Sprintf("%s ±%s", secondsAYear(e.Value), percent(e.Relative()))
}

// secondsAYear writes seconds to three digits or whole ones.
func secondsAYear(v float64) string {
	digits := 0
	if math.Abs(v) < 0.0005 {
		v = math.Abs(v) // no digit is left that could be less than nothing
	}
	if v != 0 {
		digits = min(max(2-int(math.Floor(math.Log10(math.Abs(v)))), 0), 3)
	}
	return strconv.FormatFloat(v, 'f', digits, 64) + " s"
}

// available writes the part of the year that is not downtime, with as many digits as its
// interval supports: the last is known to about one. Of more downtime than a year has,
// which failures give that come too often for the method, there is no such part.
func available(down availability.Estimate) string {
	year := availability.Year.Seconds()
	percent := func(d float64, digits int) string {
		return strconv.FormatFloat(100*(1-d/year), 'f', digits, 64)
	}
	switch {
	case down.Value > year:
		return "-"
	case down.Value == 0:
		return "100 %"
	case down.Half == 0:
		return percent(down.Value, 6) + " %"
	}
	digits := min(max(int(math.Ceil(-math.Log10(100*down.Half/year))), 0), 9)
	return fmt.Sprintf("%s %% (%s–%s)", percent(down.Value, digits), percent(min(down.Value+down.Half, year), digits), percent(max(down.Value-down.Half, 0), digits))
}

// failureTable has a row for each failure, that which costs most first. Of one design it
// says how often it comes and what it costs each time.
func failureTable(designs []*failing, columns []yearColumn) table {
	one := len(designs) == 1
	t := table{name: "failures", head: []string{"failure"}}
	if one {
		t.head = append(t.head, "times", "broken for")
	}
	for _, c := range columns {
		if one {
			t.head = append(t.head, c.head+", each time")
		}
		t.head = append(t.head, c.head)
	}
	for _, name := range costliest(columns) {
		row := []string{name}
		if one {
			i := slices.IndexFunc(designs[0].scenario.Failures, func(f scenarios.Failure) bool { return f.Name == name })
			row = append(row, times(designs[0].year.Singles[i].Rate), shortly(designs[0].scenario.Failures[i].RepairTime.Mean()))
		}
		for _, c := range columns {
			part := c.single(name)
			switch {
			case part == nil && one:
				row = append(row, "", "")
			case part == nil:
				row = append(row, "")
			case one:
				row = append(row, secondsAYear(part.Event[c.key()].Value), secondsAYear(part.Year[c.key()]))
			default:
				row = append(row, secondsAYear(part.Year[c.key()]))
			}
		}
		t.add(row...)
	}
	return t
}

func (c yearColumn) key() availability.Key {
	return availability.Key{Class: c.class, What: availability.Equivalent}
}

// single gives what a failure alone does; nil: the design has no such failure.
func (c yearColumn) single(name string) *availability.Part {
	for i := range c.year.Singles {
		if c.scenario.Failures[c.year.Singles[i].First].Name == name {
			return &c.year.Singles[i]
		}
	}
	return nil
}

// costliest gives the names of all failures, by what they cost all columns.
func costliest(columns []yearColumn) []string {
	cost := map[string]float64{}
	var names []string
	for _, c := range columns {
		for _, f := range c.scenario.Failures {
			if _, found := cost[f.Name]; !found {
				names = append(names, f.Name)
			}
			cost[f.Name] += c.single(f.Name).Year[c.key()]
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(cost[b], cost[a]) })
	return names
}

// times writes how often something comes in a year.
func times(rate float64) string { return strconv.FormatFloat(rate, 'g', 3, 64) }

// shortly writes a duration without units that are zero.
func shortly(d time.Duration) string {
	if d >= time.Second {
		d = d.Round(time.Second)
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// causeTable says why packets are lost.
func causeTable(columns []yearColumn) table {
	t := table{name: "causes", head: heads([]string{"cause"}, columns)}
	for _, cause := range causesOf(columns) {
		row := []string{cause}
		for _, c := range columns {
			row = append(row, secondsAYear(c.total(availability.ByCause(cause)).Year.Value))
		}
		t.add(row...)
	}
	return t
}

func causesOf(columns []yearColumn) []string {
	var all []string
	for _, c := range columns {
		for _, t := range c.year.Totals {
			if cause, is := strings.CutPrefix(t.What, availability.ByCause("")); is && !slices.Contains(all, cause) {
				all = append(all, cause)
			}
		}
	}
	slices.Sort(all)
	return all
}
