package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"dualhome/capture"
	"dualhome/events"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// exportFlags are the flags of the command export.
type exportFlags struct {
	format  string
	to      string
	table   string
	actor   string
	partial bool
}

func newExport(s *shell) *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export RUN",
		Short: "Write a run as a capture, a trace, or one of its tables as text",
		Long: `Writes what a run folder holds in formats that other tools read:

  pcapng   BGP, its TCP connections and BFD as packets, for Wireshark and tshark;
           each is captured at its sender, and its comment has its line and cause
  mrt      what speakers received, and the states of their sessions (BGP4MP_ET), for
           bgpdump and its kin; --actor takes one speaker alone
  trace    sessions, timers, messages, routes and shares of traffic over time, for
           Perfetto (ui.perfetto.dev) and Chrome
  csv      one table, with --table; the log if none is named
  jsonl    the same, a JSON object a row

Every run begins at 2000-01-01T00:00:00Z. csv and jsonl take the tables of many runs
(sweep folders) too.`,
		Example: "  simulate export runs/active-passive/1 --format pcapng --to run.pcapng\n  simulate export runs/active-passive/1 --format mrt --actor nva1 | bgpdump -m -\n" +
			"  simulate export runs/active-passive/1 --format csv --table outages",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(c); err != nil {
				return err
			}
			return s.export(c.Context(), args[0], &f)
		},
	}
	c.Flags().StringVar(&f.format, "format", "", "pcapng, mrt, trace, csv or jsonl")
	c.Flags().StringVar(&f.to, "to", "", "the file to write (default: standard output)")
	c.Flags().StringVar(&f.table, "table", arrowfile.EventsName, "with csv and jsonl: which table")
	c.Flags().StringVar(&f.actor, "actor", "", "with mrt: what this speaker alone received; rs0 stands for both instances")
	c.Flags().BoolVar(&f.partial, "partial", false, "take a run that is marked partial, too")
	return c
}

// formats are the values of --format.
func formats() []string { return []string{"pcapng", "mrt", "trace", "csv", "jsonl"} }

// isText tells whether the format is that of a table, of one run or of many.
func (f *exportFlags) isText() bool { return f.format == "csv" || f.format == "jsonl" }

// check refuses what does not fit together.
func (f *exportFlags) check(c *cobra.Command) error {
	for flag, what := range map[string]string{"to": "the file to write", "table": "the name of a table", "actor": "the name of a speaker"} { // order-free: at most one is told
		if err := notEmpty(c, flag, what); err != nil {
			return err
		}
	}
	switch {
	case f.format == "":
		return usage("--format is missing: it is %s", orList(formats()))
	case !slices.Contains(formats(), f.format):
		return usage("--format %s: there is no such format%s", f.format, hint(f.format, formats()))
	case c.Flags().Changed("table") && !f.isText():
		return usage("--table is for --format csv and jsonl; %s is made of the whole run", f.format)
	case f.actor != "" && f.format != "mrt":
		return usage("--actor is for --format mrt; %s shows all actors", f.format)
	}
	return nil
}

// orList gives "a, b or c".
func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// hint is the end of a message about a word that is none of those that there are.
func hint(word string, words []string) string {
	if h := scenarios.DidYouMean(word, words); h != "" {
		return "; " + h
	}
	return ""
}

// export writes a run in a format.
func (s *shell) export(ctx context.Context, dir string, f *exportFlags) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(100) // what is read is soon garbage: other commands take memory for speed, and here it would be five times as much
	}
	x, err := s.openExport(dir, f)
	if err != nil {
		return err
	}
	if f.to != "" {
		err = writeTo(f.to, func(w io.Writer) error { return x.write(ctx, w) })
	} else {
		if out, is := s.out.(*os.File); is && !f.isText() && f.format != "trace" && term.IsTerminal(int(out.Fd())) {
			return usage("%s is nothing to read: name a file with --to, or pass it on", f.format)
		}
		err = x.write(ctx, s.out)
	}
	if errors.Is(err, arrowfile.ErrFile) {
		return failed("%v", err)
	}
	if err == nil && f.to != "" && !s.quiet {
		fmt.Fprintf(s.err, "written to %s\n", f.to)
	}
	return err
}

// write writes it.
func (x *exported) write(ctx context.Context, w io.Writer) error {
	switch x.format {
	case "pcapng":
		return capture.Pcapng(w, x.log(ctx))
	case "mrt":
		return x.writeMRT(ctx, w)
	case "trace":
		return capture.Trace{
			Log:     x.log(ctx),
			Routes:  untilDone(ctx, arrowfile.Rows[metrics.Route](x.path("routes"), "routes")),
			Traffic: untilDone(ctx, arrowfile.Rows[metrics.Traffic](x.path("traffic"), "traffic")),
		}.Write(w)
	case "csv":
		_, err := arrowfile.WriteCSV(ctx, w, x.path(x.table), x.table)
		return err
	default:
		_, err := arrowfile.WriteJSONL(ctx, w, x.path(x.table), x.table)
		return err
	}
}

func (x *exported) path(table string) string { return filepath.Join(x.dir, table+".arrow") }

// log gives the lines of the run.
func (x *exported) log(ctx context.Context) capture.Log {
	lines := untilDone(ctx, arrowfile.ReadRooted(x.path(arrowfile.EventsName)))
	return func(yield func(capture.Line, error) bool) {
		for l, err := range lines {
			if !yield(capture.Line(l), err) {
				return
			}
		}
	}
}

// untilDone gives rows until a context is done.
func untilDone[T any](ctx context.Context, rows iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range rows {
			if !yield(row, errors.Join(err, ctx.Err())) {
				return
			}
		}
	}
}

// writeMRT writes what one speaker received, or all.
func (x *exported) writeMRT(ctx context.Context, w io.Writer) error {
	if x.actor == "" {
		return capture.MRT(w, x.log(ctx), nil)
	}
	q := tableQuery{actor: x.actor}
	var names []string
	known := false
	log := func(yield func(capture.Line, error) bool) {
		for l, err := range x.log(ctx) {
			if n, is := l.Event.(events.Node); is && n.AS != 0 {
				names = append(names, string(n.Node))
				known = known || q.means(n.Node)
			}
			if !yield(l, err) {
				return
			}
		}
	}
	if err := capture.MRT(w, log, q.means); err != nil {
		return err
	}
	if !known {
		return usage("--actor %s: no speaker of the run has that name%s", x.actor, hint(x.actor, names))
	}
	return nil
}
