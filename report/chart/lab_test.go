package chart

import (
	"context"
	"testing"

	"dualhome/metrics"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// played plays a scenario and measures it: one of the library where there is no text.
func played(t testing.TB, name string, text []byte, set ...string) *metrics.Result {
	t.Helper()
	if text == nil {
		e, err := scenarios.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		text = e.Text
	}
	s, _, err := scenarios.Load(name+".yaml", text, set...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := scenarios.Build(s, scenarios.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	log, err := simtest.Run(n.Config)
	if err != nil {
		t.Fatal(err)
	}
	r, err := metrics.Measure(log.Lines(context.Background(), 1))
	if err != nil {
		t.Fatal(err)
	}
	return r
}
