package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Off a terminal, progress is a line each ten seconds; on one, a line that
// changes and goes; with --quiet, nothing.
func TestProgress(t *testing.T) {
	told := func(quiet, live bool) (text string) {
		synctest.Test(t, func(*testing.T) {
			var b strings.Builder
			s := &shell{err: &b, quiet: quiet}
			p := s.newProgress(300)
			p.live = live
			for done := range 25 {
				time.Sleep(time.Second)
				p.tell(done + 1)
			}
			p.end()
			text = b.String()
		})
		return text
	}
	if got, want := told(false, false), "10 of 300 runs after 10s, about 4m50s left\n20 of 300 runs after 20s, about 4m40s left\n"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
	got := told(false, true)
	if n := strings.Count(got, "\r\x1b[K"); n != 26 || strings.Contains(got, "\n") || !strings.HasSuffix(got, "25 of 300 runs after 25s, about 4m35s left\r\x1b[K") {
		t.Errorf("%d lines: %q", n, got)
	}
	if got := told(true, true) + told(true, false); got != "" {
		t.Errorf("%q", got)
	}
}
