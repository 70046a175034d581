package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"dualhome/report"
)

// reportFlags are the flags of the command report.
type reportFlags struct {
	format  string
	to      string
	partial bool
}

func newReport(s *shell) *cobra.Command {
	var f reportFlags
	c := &cobra.Command{
		Use:   "report RUN [RUN2]",
		Short: "Write a run, a sweep or two runs as a page for the browser",
		Long: `Writes one HTML page about a run folder: what happened in a sentence or two, the
topology with its state at any instant, what happened over time, the outage budget,
all tables, what is assumed, and where it all comes from.

Of the folder of a sweep, or of many runs of one scenario: how each measure goes with
the parameters, how it spreads over the runs, and which parameter moves it most. Of
two runs: what differs, both over time on one scale, and the figures side by side.

The page stands alone: it works offline, asks nobody for anything, and can be sent to
whoever has a browser. A run is measured again from events.arrow; the tables of the
folder have to be those that the log adds up to. A sweep is read from its tables.`,
		Example: "  simulate report runs/active-passive/1\n  simulate report runs/active-passive/1 --to failover.html\n" +
			"  simulate report runs/hold-timer/sweep\n  simulate report runs/active-passive/1 runs/active-active/1 --to both.html",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := notEmpty(c, "to", "the file to write, like report.html"); err != nil {
				return err
			}
			return s.report(c.Context(), args, &f)
		},
	}
	c.Flags().StringVar(&f.format, "format", "html", "html, the page; or svg, one picture: what failed and what became of the traffic, of a sweep its measure")
	c.Flags().StringVar(&f.to, "to", "", "the file to write (default report.html or report.svg in the folder; of two runs there is none)")
	c.Flags().BoolVar(&f.partial, "partial", false, "also of a run or sweep that was interrupted, as far as it came")
	return c
}

// report writes the page of a folder.
func (s *shell) report(ctx context.Context, dirs []string, f *reportFlags) error {
	if f.format != "html" && f.format != "svg" {
		return usage("--format %s: it is html or svg", f.format)
	}
	switch {
	case f.format == "svg":
		return s.reportPicture(ctx, dirs, f)
	case len(dirs) == 2:
		return s.reportPair(ctx, dirs[0], dirs[1], f)
	case isSweep(dirs[0]):
		return s.reportSweep(dirs[0], f)
	}
	d, err := s.runData(ctx, dirs[0], f.partial)
	if err != nil {
		return err
	}
	return s.writePage(dirs[0], f.to, func(w io.Writer) error { return report.Run(w, *d) })
}

// writePage writes a page that is there whole, or not, and tells where.
func (s *shell) writePage(dir, to string, page func(io.Writer) error) error {
	if to == "" {
		to = filepath.Join(dir, "report.html")
	}
	if ofRun(to) && !strings.HasPrefix(filepath.Base(to), "report.") {
		return usage("--to %s: it is a file of a run, which stays as it is; choose another", to)
	}
	if err := writeOnce(to, page); err != nil {
		return err
	}
	return s.answer(to, table{name: "report", head: []string{"file"}, rows: [][]string{{to}}})
}
