package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// shell is what all commands share: where they write, and the global flags.
type shell struct {
	out, err io.Writer
	format   string // table, json, csv, markdown
	quiet    bool
	color    string // auto, always, never
}

func newRoot(s *shell) *cobra.Command {
	root := &cobra.Command{
		Use:   "simulate",
		Short: "What happens when a part of a dual-homed Azure Route Server network fails",
		Long: `simulate plays a dual-homed Azure Route Server network, event by event: what fails,
who notices when, how routes and traffic move, what is lost, and why.

"simulate NAME" is short for "simulate scenario NAME".

Exit codes: 0 all went well; 1 an internal error, or files that cannot be read or
written; 2 a mistake in the command line or the scenario; 3 an expectation or a
verification that does not hold; 4 a run that did not converge, or hit a bound;
130 interrupted.`,
		Example:           "  simulate active-passive\n  simulate active-passive --set params.hold=15s --seed 7\n  simulate list",
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              cobra.NoArgs,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return s.prepare(c) },
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%v\nSee '%s --help'.", badFlag(err), c.CommandPath())
	})
	f := root.PersistentFlags()
	f.StringVarP(&s.format, "output", "o", "table", "table, json, csv or markdown")
	f.BoolVar(&s.quiet, "quiet", false, "no messages on standard error but errors")
	f.StringVar(&s.color, "color", "auto", "auto, always or never")
	root.AddCommand(
		newScenario(s), newList(s), newShow(s), newValidate(s), newGraph(s), newSchema(s), newProfiles(s), newImport(s), newReplay(s), newReport(s), newExport(s), newTraffic(s), newCompare(s),
		newSweep(s), newWorker(s), newKeys(s), newAvailability(s), newVersion(s),
	)
	for _, c := range root.Commands() {
		c.Args = argsAreUsage(c.Args)
	}
	return root
}

// badFlag says of a value that a flag cannot have what it should be.
func badFlag(err error) error {
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return fmt.Errorf("--%s %s: %s", e.GetFlag().Name, e.GetValue(), expected(e.GetFlag(), err))
	}
	return err
}

// expected says what a flag takes.
func expected(f *pflag.Flag, err error) string {
	what := ""
	switch f.Value.Type() {
	case "int":
		what = fmt.Sprintf("it is a whole number, at most %d", math.MaxInt)
	case "uint64":
		what = fmt.Sprintf("it is a whole number from 0 to %d", uint64(math.MaxUint64))
	case "duration":
		what = "it is a number with its unit (ms, s, m, h), like 30s"
	case "bool":
		what = "it is true or false"
	default:
		return err.Error()
	}
	if f.Name == "seeds" {
		what = fmt.Sprintf("it is how many runs to make, a whole number from 1 to %d", mostSeeds)
	}
	return what
}

// nearCommands suggests commands for a word that is none.
func nearCommands(word string) string {
	root := newRoot(&shell{})
	root.SuggestionsMinimumDistance = 2
	var all []string
	for _, name := range root.SuggestionsFor(word) {
		all = append(all, "'simulate "+name+"'")
	}
	return strings.Join(all, " or ")
}

// argsAreUsage makes a wrong number of arguments an error in how the program was
// called.
func argsAreUsage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usage("%v\nSee '%s --help'.", err, c.CommandPath())
		}
		return nil
	}
}

// prepare takes flags that were not given from the environment, SIMULATE_<FLAG>,
// and checks the global ones.
func (s *shell) prepare(c *cobra.Command) error {
	var bad error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		name := "SIMULATE_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if v, ok := os.LookupEnv(name); ok && !f.Changed && bad == nil {
			if err := c.Flags().Set(f.Name, v); err != nil {
				bad = usage("%s=%s: %s", name, v, expected(f, err))
			}
		}
	})
	if bad != nil {
		return bad
	}
	if !slices.Contains([]string{"table", "json", "csv", "markdown"}, s.format) {
		return usage("--output %s: it is table, json, csv or markdown", s.format)
	}
	if !slices.Contains([]string{"auto", "always", "never"}, s.color) {
		return usage("--color %s: it is auto, always or never", s.color)
	}
	return nil
}

// colored tells whether standard output is to have colours.
func (s *shell) colored() bool {
	if s.color != "auto" {
		return s.color == "always"
	}
	f, ok := s.out.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(f.Fd()))
}

// withCommand puts "scenario" before a first word that is no command.
func withCommand(root *cobra.Command, args []string) []string {
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-o" || a == "--output" || a == "--color":
			i++
		case strings.HasPrefix(a, "-"):
		case isCommand(root, a):
			return args
		default:
			return append([]string{"scenario"}, args...)
		}
	}
	return args
}

func isCommand(root *cobra.Command, name string) bool {
	if slices.Contains([]string{"help", "completion", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd}, name) {
		return true
	}
	return slices.ContainsFunc(root.Commands(), func(c *cobra.Command) bool { return c.Name() == name })
}
