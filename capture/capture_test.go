package capture_test

import (
	"fmt"
	"testing"

	"dualhome/capture"
	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// played gives the log of a scenario.
func played(t testing.TB, text string, seed uint64) []capture.Line {
	t.Helper()
	s, _, err := scenarios.Load("scenario.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	network, err := scenarios.Build(s, scenarios.Options{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	r, err := simtest.Run(network.Config)
	if err != nil {
		t.Logf("it ended: %v", err) // a random network may hit a bound
	}
	return rooted(r.Written)
}

// rooted gives lines their roots (law of causes, R5).
func rooted(lines []events.Line) []capture.Line {
	all := make([]capture.Line, len(lines))
	for i, l := range lines {
		all[i].Line = l
		switch {
		case l.Role == events.Fault:
			all[i].Root = l.Seq
		case l.Cause > 0:
			all[i].Root = all[l.Cause-1].Root
		}
	}
	return all
}

// logOf gives lines as a log does.
func logOf(lines []capture.Line) capture.Log {
	return func(yield func(capture.Line, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// libraryRun gives the log of a scenario of the library.
func libraryRun(t testing.TB, name string) []capture.Line {
	t.Helper()
	for _, e := range scenarios.Library() {
		if e.Name == name {
			return played(t, string(e.Text), 1)
		}
	}
	t.Fatalf("the library has no %s", name)
	return nil
}

// networks gives logs to hold laws against: some of the library, and so many random
// networks.
// Those that start with sessions up, and those whose UPDATEs are malformed, are among
// them.
func networks(t *testing.T, random uint64, use func(t *testing.T, lines []capture.Line)) {
	t.Helper()
	for _, name := range []string{"active-passive", "expressroute-active-active", "mrai-clique"} {
		t.Run(name, func(t *testing.T) { use(t, libraryRun(t, name)) })
	}
	for seed := range random {
		t.Run(fmt.Sprintf("azure-%d", seed), func(t *testing.T) {
			use(t, played(t, simtest.Azure(seed, simtest.AzureOptions{Vary: seed%4 == 0}), seed))
		})
	}
	t.Run("malformed", func(t *testing.T) { use(t, malformedRun(t)) })
}

// malformedRun gives the log of active-passive as if one UPDATE had been damaged on its
// way: an attribute with wrong flags, and what cannot be read at all. Nobody answers to it
// here; captures are of bytes.
func malformedRun(t *testing.T) []capture.Line {
	t.Helper()
	lines := libraryRun(t, "active-passive")
	damaged := 0
	for i, l := range lines {
		u, is := l.Event.(*events.Update)
		if !is || len(u.NLRI) == 0 || l.Role != events.Out {
			continue
		}
		raw := append([]byte(nil), u.Raw...)
		if raw[23] ^= 0x80; damaged%2 == 1 { // the flags of the first attribute
			raw[22] = 0xff // the length of all attributes
		}
		var codec events.Codec
		e, err := codec.Rebuild(events.KindUpdate, u.Conn, raw)
		if err != nil {
			t.Fatal(err)
		}
		damaged++
		lines[i].Event = e
		for k := range lines {
			if lines[k].Cause == l.Seq && lines[k].Role == events.In {
				lines[k].Event = e
			}
		}
	}
	if damaged < 10 {
		t.Fatalf("only %d UPDATEs are damaged", damaged)
	}
	return lines
}
