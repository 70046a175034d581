package main

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"dualhome/scenarios"
)

func newProfiles(s *shell) *cobra.Command {
	return &cobra.Command{
		Use:   "profiles [NAME...]",
		Short: "What stacks do by default, side by side, and how well it is known",
		Long: `Prints the options of each stack beside each other, with the grade of each value: D documented,
O observed, I inferred, U unknown. With names it prints these stacks alone, each value with its source.
Those of Azure are the defaults of its parts; bgp: {profile: NAME} gives one of the others to a router.`,
		Args:    cobra.ArbitraryArgs,
		Example: "  simulate profiles\n  simulate profiles frr-8.4 rfc\n  simulate profiles -o csv > profiles.csv",
		RunE: func(_ *cobra.Command, args []string) error {
			chosen := scenarios.Profiles()
			if len(args) > 0 {
				chosen = nil
			}
			for _, name := range args {
				p, err := scenarios.FindProfile(name)
				if err != nil {
					return usage("%v", err)
				}
				chosen = append(chosen, p)
			}
			return s.render(s.profiles(chosen, len(args) > 0))
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			for _, p := range scenarios.Profiles() {
				names = append(names, cobra.CompletionWithDesc(p.Name, p.Description))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// profiles shows profiles to people side by side, or in full, and to programs a
// value a row.
func (s *shell) profiles(all []scenarios.Profile, full bool) document {
	var d document
	switch {
	case s.format != "table":
		t := table{name: "profiles", head: []string{"profile", "option", "value", "grade", "source", "note"}}
		for _, p := range all {
			for _, v := range p.Settings {
				t.add(p.Name, v.Option, v.Value, string(v.Grade), v.Source, v.Note)
			}
		}
		d.show(t)
	case full:
		for i, p := range all {
			if i > 0 {
				d.say("")
			}
			d.stress(bold, p.Name+": "+p.Description)
			s.sourced(&d, p)
		}
	default:
		for _, t := range s.beside(all) {
			d.show(t)
			d.say("")
		}
		d.say(wrap("D documented, O observed, I inferred, U unknown. Where a stack has no value there is no source, and the default of the option holds.", s.textWidth())...)
		for _, p := range all {
			d.say("")
			d.say(wrap(p.Name+": "+p.Description+". Sources: "+strings.Join(sources(p), "; "), s.textWidth())...)
		}
	}
	return d
}

// beside gives the options of profiles side by side: as many tables as it takes to
// keep each within the width of the terminal.
func (s *shell) beside(all []scenarios.Profile) []table {
	options := optionsOf(all)
	left := widest(options)
	var tables []table
	width := 0
	for _, p := range all {
		cells := []string{p.Name}
		for _, o := range options {
			v := p.Setting(o)
			cells = append(cells, strings.TrimSpace(v.Value+" "+string(v.Grade)))
		}
		need := 1 + widest(cells)
		if len(tables) == 0 || s.width() > 0 && width+need > s.width() {
			t := table{name: "profiles", head: []string{"option"}}
			for _, o := range options {
				t.add(o)
			}
			tables, width = append(tables, t), left
		}
		t := &tables[len(tables)-1]
		t.head = append(t.head, cells[0])
		for i := range t.rows {
			t.rows[i] = append(t.rows[i], cells[i+1])
		}
		width += need
	}
	for i := range tables {
		tables[i].rows = slices.DeleteFunc(tables[i].rows, func(row []string) bool { return strings.Join(row[1:], "") == "" })
	}
	return tables
}

// optionsOf gives the options of profiles: those of several of them first.
func optionsOf(all []scenarios.Profile) []string {
	var shared, single []string
	for i, p := range all {
		for _, v := range p.Settings {
			is := func(o scenarios.Profile) bool { return o.Setting(v.Option).Option != "" }
			switch {
			case slices.ContainsFunc(all[:i], is):
			case slices.ContainsFunc(all[i+1:], is):
				shared = append(shared, v.Option)
			default:
				single = append(single, v.Option)
			}
		}
	}
	return append(shared, single...)
}

// sources gives the sources of what is known of a profile, each once.
func sources(p scenarios.Profile) []string {
	var all []string
	for _, v := range p.Settings {
		for one := range strings.SplitSeq(v.Source, "; ") {
			if one != "" && !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return all
}

// sourced shows the values of a profile with their sources: beside them, where the
// terminal has room, else below them.
func (s *shell) sourced(d *document, p scenarios.Profile) {
	t := table{name: "profiles", head: []string{"option", "value", "grade", "source"}}
	var options, values []string
	for _, v := range p.Settings {
		options, values = append(options, v.Option), append(values, v.Value)
	}
	const least = 64 // the longest word of a source
	room := s.width() - widest(options) - widest(values) - len("grade") - 4
	for _, v := range p.Settings {
		switch {
		case s.width() == 0:
			t.add(v.Option, v.Value, string(v.Grade), v.Why())
		case room >= least:
			t.add(v.Option, v.Value, string(v.Grade), strings.Join(wrap(v.Why(), room), "\n"))
		default:
			d.say(v.Option + ": " + v.Value + " " + string(v.Grade))
			for _, line := range wrap(v.Why(), s.width()-4) {
				d.say("    " + strings.TrimSpace(line))
			}
		}
	}
	if len(t.rows) > 0 {
		d.show(t)
	}
}

func widest(texts []string) int {
	most := 0
	for _, t := range texts {
		most = max(most, utf8.RuneCountInString(t))
	}
	return most
}

// width gives the columns of the terminal, or what COLUMNS says; 0, where nobody
// knows.
func (s *shell) width() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if f, ok := s.out.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil {
			return n
		}
	}
	return 0
}

// textWidth gives the width that lines of text are broken at.
func (s *shell) textWidth() int {
	const usual = 110
	if w := s.width(); w > 0 {
		return min(w, usual)
	}
	return usual
}
