package main

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"dualhome/scenarios"
)

func newList(s *shell) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "The scenarios of the library", Example: "  simulate list", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			t := table{name: "scenarios", head: []string{"name", "description"}}
			for _, e := range scenarios.Library() {
				t.add(e.Name, e.Description)
			}
			var d document
			d.show(t)
			return s.render(d)
		},
	}
}

func newShow(s *shell) *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Short: "The text of a scenario", Args: cobra.ExactArgs(1),
		Example: "  simulate show active-passive > mine.yaml",
		RunE: func(_ *cobra.Command, args []string) error {
			_, text, err := readScenario(args[0])
			if err == nil {
				_, err = s.out.Write(text)
			}
			return err
		},
	}
}

func newSchema(s *shell) *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "The JSON Schema of scenario files", Example: "  simulate schema > schema.json", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := s.out.Write(scenarios.Schema())
			return err
		},
	}
}

func newVersion(s *shell) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "The version of this program", Example: "  simulate version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return s.answer("simulate "+version, table{name: "versions", head: []string{"program", "version"}, rows: [][]string{{"simulate", version}}})
		},
	}
}

func newValidate(s *shell) *cobra.Command {
	return &cobra.Command{
		Use: "validate FILE...", Short: "Everything that is wrong with scenario files", Args: cobra.MinimumNArgs(1),
		Example: "  simulate validate mine.yaml",
		RunE: func(_ *cobra.Command, args []string) error {
			t := table{name: "files", head: []string{"file", "valid"}}
			var wrong error
			var good []string
			for _, file := range args {
				_, err := s.load(file, nil)
				t.add(file, strconv.FormatBool(err == nil))
				if err != nil {
					wrong = errors.Join(wrong, err)
				} else {
					good = append(good, file+": ok")
				}
			}
			if err := s.answer(strings.Join(good, "\n"), t); err != nil {
				return err
			}
			if wrong != nil {
				return &exitError{worst(wrong), wrong}
			}
			return nil
		},
	}
}

// worst gives the exit code of files that cannot be used: 1 if one of them could
// not be read at all.
func worst(err error) int {
	if _, io := errors.AsType[*os.PathError](err); io {
		return exitInternal
	}
	return exitUsage
}
