package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
)

// Off a terminal, progress is a line each ten seconds, also when nothing is done
// yet; on one, a line that changes and goes; with --quiet, nothing.
func TestProgress(t *testing.T) {
	told := func(quiet, live bool) (text string) {
		synctest.Test(t, func(t *testing.T) {
			var b strings.Builder
			s := &shell{err: &b, quiet: quiet}
			p := s.newProgress()
			p.live = live
			p.start()
			time.Sleep(12 * time.Second)
			done := p.runs(30, false)
			time.Sleep(10 * time.Second)
			done(20)
			time.Sleep(10 * time.Second)
			synctest.Wait()
			fmt.Fprintln(s.err, "a message")
			done(30)
			time.Sleep(8500 * time.Millisecond)
			p.end()
			p.end()
			time.Sleep(time.Minute)
			if want := 40500 * time.Millisecond; !live && p.took() != want+time.Minute {
				t.Errorf("took %v", p.took())
			}
			text = b.String()
		})
		return text
	}
	want := "loading, after 10s\n0 of 30 runs after 20s\n20 of 30 runs after 30s, about 15s left\na message\nwriting, after 40s\n"
	if got := told(false, false); got != want {
		t.Errorf("%q, not %q", got, want)
	}
	got := told(false, true)
	for _, part := range []string{
		"\r\x1b[Kloading, after 1s\r\x1b[Kloading, after 2s", "about 16s left\r\x1b[Ka message\n\r\x1b[Kwriting, after 32s\r",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q has no %q", got, part)
		}
	}
	if !strings.HasSuffix(got, "\r\x1b[K") || strings.Count(got, "\n") != 1 {
		t.Errorf("%q", got)
	}
	if got := told(true, true) + told(true, false); got != "a message\na message\n" {
		t.Errorf("%q", got)
	}
}

// A run that is followed says how far its virtual time is, and keeps the lines.
func TestFollowedLog(t *testing.T) {
	l := &followedLog{Memory: &eventlog.Memory{}, horizon: events.Time(300 * time.Second)}
	line := events.Line{Seq: 1, At: events.Time(100 * time.Second), Due: events.Time(100 * time.Second), Role: events.In, Actor: "r1", Event: events.Start{}}
	if err := l.Append(t.Context(), []events.Line{line}); err != nil {
		t.Fatal(err)
	}
	if got, want := l.line(3*time.Second), "running: 100.0 s of 300.0 s of virtual time, 1 lines, after 3s"; got != want || l.Len() != 1 {
		t.Errorf("%q, not %q", got, want)
	}
}

// A Ctrl-C is answered at once, in place of the line, and never after the end.
func TestInterruptIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b strings.Builder
		p := (&shell{err: &b}).newProgress()
		ctx, cancel := context.WithCancel(t.Context())
		p.onInterrupt(ctx, func() string { return "stopping" })
		cancel()
		synctest.Wait()
		if got := b.String(); got != "stopping\n" {
			t.Errorf("%q", got)
		}
		p.end()
		p.onInterrupt(ctx, func() string { return "again" })
		synctest.Wait()
		if got := b.String(); got != "stopping\n" {
			t.Errorf("%q", got)
		}
	})
}
