package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// progress tells on standard error how far many runs are: on a terminal a line
// that changes, else a line each ten seconds, and nothing with --quiet.
type progress struct {
	err   io.Writer
	quiet bool
	live  bool // a terminal
	all   int
	began time.Time
	told  time.Time
}

func (s *shell) newProgress(all int) *progress {
	f, ok := s.err.(*os.File)
	now := time.Now()
	return &progress{err: s.err, quiet: s.quiet, live: ok && term.IsTerminal(int(f.Fd())), all: all, began: now, told: now}
}

// tell hears that so many runs are done.
func (p *progress) tell(done int) {
	pause := 10 * time.Second
	if p.live {
		pause = 100 * time.Millisecond
	}
	now := time.Now()
	if p.quiet || now.Sub(p.told) < pause {
		return
	}
	p.told = now
	line := p.line(done, now.Sub(p.began))
	if p.live {
		fmt.Fprintf(p.err, "\r\x1b[K%s", line)
	} else {
		fmt.Fprintln(p.err, line)
	}
}

func (p *progress) line(done int, since time.Duration) string {
	left := time.Duration(float64(since) / float64(done) * float64(p.all-done))
	return fmt.Sprintf("%d of %d runs after %v, about %v left", done, p.all, since.Round(time.Second), left.Round(time.Second))
}

// end removes the line from a terminal.
func (p *progress) end() {
	if p.live && !p.quiet {
		fmt.Fprint(p.err, "\r\x1b[K")
	}
}
