package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"dualhome/events"
	"dualhome/events/eventlog"
)

// progress tells on standard error what a command is doing and how far it is: on a
// terminal a line that changes, else a line each ten seconds, and nothing with
// --quiet. Other messages go through it, so that they do not mix with that line.
// Nil tells nothing.
type progress struct {
	err   io.Writer
	quiet bool
	live  bool // a terminal
	began time.Time

	mu    sync.Mutex // of what follows
	phase func(since time.Duration) string
	shown string // on the terminal
	over  bool
	stop  chan struct{}
	tells sync.WaitGroup
}

// newProgress begins with the phase of loading. The messages of the shell go through it
// until its end.
func (s *shell) newProgress() *progress {
	f, ok := s.err.(*os.File)
	p := &progress{err: s.err, quiet: s.quiet, live: ok && term.IsTerminal(int(f.Fd())), began: time.Now(), stop: make(chan struct{})}
	p.enter("loading")
	s.err = p
	return p
}

// start lets time pass: from now on it tells by itself.
func (p *progress) start() *progress {
	pause := 10 * time.Second
	if p.live {
		pause = 100 * time.Millisecond
	}
	p.tells.Go(func() {
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.tell()
			case <-p.stop:
				return
			}
		}
	})
	return p
}

// enter begins a phase of which there is no more to tell than how long it takes.
func (p *progress) enter(phase string) {
	p.follow(func(since time.Duration) string { return fmt.Sprintf("%s, after %v", phase, since.Round(time.Second)) })
}

// follow begins a phase whose line is made anew each time. It may be called while
// the phase goes on.
func (p *progress) follow(phase func(since time.Duration) string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.phase = phase
}

func (p *progress) tell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := p.phase(time.Since(p.began))
	switch {
	case p.quiet || p.over || p.live && line == p.shown:
	case p.live:
		fmt.Fprintf(p.err, "\r\x1b[K%s", line)
		p.shown = line
	default:
		fmt.Fprintln(p.err, line)
	}
}

// Write writes a message in place of the line.
func (p *progress) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	return p.err.Write(text)
}

// say writes a message in place of the line, unless nothing is to be told.
func (p *progress) say(message string) {
	if !p.quiet {
		_, _ = p.Write([]byte(message + "\n")) // nobody could be told that it fails
	}
}

func (p *progress) clear() {
	if p.shown != "" {
		fmt.Fprint(p.err, "\r\x1b[K")
		p.shown = ""
	}
}

// onInterrupt says what is done about a Ctrl-C as soon as it comes. What is
// returned ends that.
func (p *progress) onInterrupt(ctx context.Context, what func() string) (end func() bool) {
	return context.AfterFunc(ctx, func() {
		line := what()
		p.mu.Lock()
		defer p.mu.Unlock()
		if !p.quiet && !p.over {
			p.clear()
			fmt.Fprintln(p.err, line)
		}
	})
}

// end removes the line from a terminal, and tells no more. It may come twice.
func (p *progress) end() {
	p.mu.Lock()
	first := !p.over
	p.over = true
	p.clear()
	p.mu.Unlock()
	if first {
		close(p.stop)
		p.tells.Wait()
	}
}

// took gives the time since the beginning, loading, measuring and writing
// included.
func (p *progress) took() time.Duration { return time.Since(p.began) }

// runs begins the phase of many runs, which is over when all are done; most: there
// may be fewer. What it gives hears how many are.
func (p *progress) runs(all int, most bool) (told func(int)) {
	var done atomic.Int64
	p.follow(func(since time.Duration) string { return runsLine(int(done.Load()), all, most, since) })
	return func(n int) {
		if done.Store(int64(n)); n == all {
			p.enter("writing")
		}
	}
}

// runsLine says how many runs are done, and how long the others may take.
func runsLine(done, all int, most bool, since time.Duration) string {
	of, about := "of", "about"
	if most {
		of, about = "of at most", "at most about"
	}
	line := fmt.Sprintf("%d %s %s after %v", done, of, runsText(all), since.Round(time.Second))
	if done > 0 {
		left := time.Duration(float64(since) / float64(done) * float64(all-done))
		line += fmt.Sprintf(", %s %v left", about, left.Round(time.Second))
	}
	return line
}

// followedLog is a log that progress can follow.
type followedLog struct {
	*eventlog.Memory
	horizon events.Time
	lines   atomic.Uint64
	now     atomic.Int64
}

// Append is that of the log in memory.
func (l *followedLog) Append(ctx context.Context, turn []events.Line) error {
	err := l.Memory.Append(ctx, turn)
	if len(turn) > 0 {
		l.lines.Store(l.Len())
		l.now.Store(int64(turn[len(turn)-1].At))
	}
	return err
}

// line says how far the run is. Its beginning, in which all is built and started,
// can take most of the time of a large network.
func (l *followedLog) line(since time.Duration) string {
	return fmt.Sprintf("running: %.1f s of %.1f s of virtual time, %d lines, after %v",
		time.Duration(l.now.Load()).Seconds(), time.Duration(l.horizon).Seconds(), l.lines.Load(), since.Round(time.Second))
}
