package capture_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"

	"dualhome/capture"
	"dualhome/events"
	"dualhome/metrics"
)

// traceEvent is an event as the Trace Event Format has it: its phases and their members
// are those that are used here, and no others.
type traceEvent struct {
	Ph, Name, Cat string
	TS, Dur       json.Number
	PID, TID      uint64
	ID            uint64
	BP, S         string
	Args          map[string]any
}

// ns reads microseconds with three digits behind the point.
func ns(t *testing.T, n json.Number) int64 {
	t.Helper()
	whole, rest, ok := strings.Cut(n.String(), ".")
	if !ok || len(rest) != 3 {
		t.Fatalf("%q has no three digits behind the point", n)
	}
	v, err := json.Number(whole + rest).Int64()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// traced gives the events of a trace.
func traced(t *testing.T, lines []capture.Line) []traceEvent {
	t.Helper()
	r, err := metrics.Measure(func(yield func(events.Line, error) bool) {
		for _, l := range lines {
			if !yield(l.Line, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := (capture.Trace{Log: logOf(lines), Routes: rows(r.Routes), Traffic: rows(r.Traffic)}).Write(&b); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(&b)
	d.DisallowUnknownFields()
	d.UseNumber()
	var file struct {
		DisplayTimeUnit string
		TraceEvents     []traceEvent
	}
	if err := d.Decode(&file); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Fatalf("something follows: %v", err)
	}
	checkCounters(t, r, file.TraceEvents)
	return file.TraceEvents
}

func rows[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// TestTrace holds the traces of networks to the format, and to their logs.
func TestTrace(t *testing.T) {
	networks(t, 12, func(t *testing.T, lines []capture.Line) {
		all := traced(t, lines)
		checkNames(t, all)
		checkFlows(t, lines, all)
		checkSlices(t, all)
		got, want := map[string]int{}, map[string]int{}
		for _, e := range all {
			switch {
			case e.Ph == "X" && e.Cat == "timer", e.Ph == "i":
				got[e.Cat]++
			case e.Ph == "X" && e.Cat == "session":
				got[e.Name]++
			}
		}
		for _, l := range lines {
			switch e := l.Event.(type) {
			case events.Timer:
				if l.Role == events.Set {
					want["timer"]++
				}
			case events.Disturbance:
				want["disturbance"]++
			case events.SessionChanged:
				want[e.Is.String()]++
			}
		}
		delete(got, "Idle") // a second connection of a session has none
		delete(want, "Idle")
		for what, n := range want {
			if got[what] != n {
				t.Errorf("%s: %d, not %d", what, got[what], n)
			}
		}
	})
}

// checkNames: each process and each thread has a name, and only one; a thread has a
// number that is of no other process.
func checkNames(t *testing.T, all []traceEvent) {
	t.Helper()
	processes, threads, names := map[uint64]bool{}, map[uint64]uint64{}, map[string]bool{}
	for _, e := range all {
		if e.Ph != "M" {
			if !processes[e.PID] {
				t.Errorf("process %d has no name", e.PID)
			}
			if pid, named := threads[e.TID]; e.TID != 0 && (!named || pid != e.PID) {
				t.Errorf("thread %d of process %d has no name", e.TID, e.PID)
			}
			continue
		}
		name, _ := e.Args["name"].(string)
		switch {
		case e.Name == "process_name" && !processes[e.PID]:
			processes[e.PID] = true
		case e.Name == "thread_name" && processes[e.PID] && threads[e.TID] == 0:
			threads[e.TID] = e.PID
		case e.Name == "process_labels":
			continue
		default:
			t.Errorf("%+v comes again, or too early", e)
		}
		if of := json.Number(e.Name).String() + name; e.Name == "process_name" && names[of] {
			t.Errorf("two processes are %s", name)
		} else {
			names[of] = true
		}
	}
}

// checkFlows: each message is a flow that begins once and ends once, no earlier than it
// begins, on slices of its own; and there are as many as messages.
func checkFlows(t *testing.T, lines []capture.Line, all []traceEvent) {
	t.Helper()
	begun, ended := map[uint64]traceEvent{}, map[uint64]bool{}
	for i, e := range all {
		if e.Ph != "s" && e.Ph != "f" {
			continue
		}
		if on := all[i-1]; on.Ph != "X" || on.TID != e.TID || on.TS != e.TS || on.Cat != e.Cat {
			t.Errorf("flow %d is on no slice: %+v", e.ID, on)
		}
		s, is := begun[e.ID]
		switch {
		case e.Ph == "s" && !is:
			begun[e.ID] = e
		case e.Ph == "f" && is && !ended[e.ID] && e.Name == s.Name && e.Cat == s.Cat && e.BP == "e" && ns(t, e.TS) >= ns(t, s.TS):
			ended[e.ID] = true
		default:
			t.Errorf("flow %d: %+v after %+v", e.ID, e, s)
		}
	}
	sent := 0
	for _, l := range lines {
		if l.Role == events.Out {
			sent++
		}
	}
	if len(begun) != sent || len(ended) != sent || sent == 0 {
		t.Errorf("%d flows begin and %d end, of %d messages", len(begun), len(ended), sent)
	}
}

// checkSlices: slices of one thread do not overlap.
func checkSlices(t *testing.T, all []traceEvent) {
	t.Helper()
	type slice struct {
		from, to int64
		name     string
	}
	threads := map[uint64][]slice{}
	for _, e := range all {
		if e.Ph == "X" {
			from := ns(t, e.TS)
			threads[e.TID] = append(threads[e.TID], slice{from, from + ns(t, e.Dur), e.Name})
		}
	}
	for id, list := range threads {
		slices.SortStableFunc(list, func(a, b slice) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
		end := slice{}
		for _, s := range list {
			if s.from < end.to {
				t.Errorf("thread %d: %+v overlaps %+v", id, s, end)
			}
			end = s
		}
	}
}

// checkCounters: at their last instant the counters of tables say how many routes there
// are, and the shares of a class add up to one.
func checkCounters(t *testing.T, r *metrics.Result, all []traceEvent) {
	t.Helper()
	process, last := map[uint64]string{}, map[string]json.Number{}
	at := map[string]int64{}
	shares := 0
	for _, e := range all {
		switch {
		case e.Ph == "M" && e.Name == "process_name":
			process[e.PID] = e.Args["name"].(string)
		case e.Ph == "C" && process[e.PID] == "traffic":
			sum := 0.0
			for _, v := range e.Args {
				f, err := v.(json.Number).Float64()
				if err != nil {
					t.Fatal(err)
				}
				sum += f
			}
			if sum < 0.999999 || sum > 1.000001 {
				t.Errorf("%s: shares of %v", e.Name, e.Args)
			}
			shares++
		case e.Ph == "C":
			of := process[e.PID] + " " + e.Name
			if now := ns(t, e.TS); now < at[of] {
				t.Errorf("%s goes back to %d", of, now)
			} else {
				at[of] = now
			}
			last[of] = e.Args["routes"].(json.Number)
		}
	}
	want := map[string]map[string]bool{}
	for _, row := range r.Routes {
		of := row.Actor + " " + row.Table
		if want[of] == nil {
			want[of] = map[string]bool{}
		}
		if want[of][row.Prefix] = true; len(row.NextHops) == 0 {
			delete(want[of], row.Prefix)
		}
	}
	for of, rib := range want {
		if n, err := last[of].Int64(); last[of] != "" && (err != nil || int(n) != len(rib)) || last[of] == "" && len(rib) > 0 {
			t.Errorf("%s ends with %v routes, not %d", of, last[of], len(rib))
		}
	}
	if (shares > 0) != (len(r.Traffic) > 0) {
		t.Errorf("%d shares of %d rows", shares, len(r.Traffic))
	}
}

// TestTraceOfMarkup: what a scenario names with markup, quotes or no UTF-8 stays text.
func TestTraceOfMarkup(t *testing.T) {
	lines := libraryRun(t, "active-passive")
	const bad = "</script><b>\"\\\x00\xff\u2028"
	for i, l := range lines {
		switch e := l.Event.(type) {
		case events.Disturbance:
			e.Name = bad
			lines[i].Event = e
		case events.SessionChanged:
			e.Why = bad
			lines[i].Event = e
		}
	}
	found := 0
	for _, e := range traced(t, lines) {
		if text, _ := e.Args["why"].(string); strings.Contains(e.Name+text, "</script><b>\"\\\x00") {
			found++
		}
	}
	if found < 10 {
		t.Errorf("%d texts are there", found)
	}
}
