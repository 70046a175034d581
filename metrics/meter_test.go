package metrics

import (
	"reflect"
	"testing"

	"dualhome/events"
)

// A Meter that measured other runs, or a part of one, measures as a new one does, and
// the results that it gave before stay as they are.
func TestMeterIsUsedAgain(t *testing.T) {
	var used Meter
	var results, want []*Result
	measure := func(lines []events.Line) {
		t.Helper()
		used.Reset()
		for i := range lines {
			if err := used.Add(&lines[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	for seed := range uint64(30) {
		lively, narrow := random(seed), random(seed)
		lively.livelier(seed)
		narrow.livelier(seed)
		narrow.narrow(seed)
		for _, s := range []*story{random(seed), lively, randomCircuit(seed, true), newLab(), narrow} {
			measure(s.lines[:len(s.lines)/2]) // it ended early
			measure(s.lines)
			r, err := used.Finish()
			if err != nil {
				t.Fatal(err)
			}
			fresh, err := Measure(s.seq())
			if err != nil {
				t.Fatal(err)
			}
			results, want = append(results, r), append(want, fresh)
		}
	}
	for i, r := range results {
		if !reflect.DeepEqual(r, want[i]) {
			t.Errorf("run %d measures differently", i)
		}
	}
}

// A brief Meter measures all but the rows that it leaves out.
func TestBriefMeterMeasuresTheSame(t *testing.T) {
	brief, left := Meter{Brief: true}, 0
	for seed := range uint64(60) {
		s := random(seed)
		s.livelier(seed)
		want, err := Measure(s.seq())
		if err != nil {
			t.Fatal(err)
		}
		brief.Reset()
		got, err := brief.measure(s.seq())
		if err != nil {
			t.Fatal(err)
		}
		left += len(want.Programming) * len(want.Traffic) * len(want.Shift)
		want.Programming, want.Traffic, want.Shift = nil, nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("run %d measures differently", seed)
		}
	}
	if left == 0 {
		t.Error("there was nothing to leave out")
	}
}

// A Meter without lines, whether it is new or reset, has no result.
func TestMeterNeedsLines(t *testing.T) {
	var m Meter
	for range 2 {
		if _, err := m.Finish(); err == nil {
			t.Error("nothing is measured")
		}
		if _, err := m.measure(random(1).seq()); err != nil {
			t.Fatal(err)
		}
		m.Reset()
	}
}

// A Meter with traffic of its own measures that of each run.
func TestMeterWithOtherTrafficIsUsedAgain(t *testing.T) {
	one := random(1)
	other := &Matrix{Classes: []events.FlowClass{{
		Name: "other", From: "spoke-vms", To: "dc", Source: addr("10.0.1.4"), Destination: addr("10.100.0.1"), BitsPerSec: 1e9, Flows: 10, PacketBytes: 1500,
	}}}
	want, err := MeasureWith(one.seq(), other)
	if err != nil {
		t.Fatal(err)
	}
	used := Meter{Other: other}
	for range 3 {
		used.Reset()
		if got, err := used.measure(one.seq()); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("it measures differently, or not at all: %v", err)
		}
	}
}
