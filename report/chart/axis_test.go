package chart

import (
	"math"
	"strings"
	"testing"
)

// TestTicksAreRound reads the values of axes as a person does.
func TestTicksAreRound(t *testing.T) {
	for _, test := range []struct {
		axis axis
		most int
		want string // the texts, then the unit
	}{
		{linear(nanoseconds, 0, 600e9, 0, 800), 10, "0 100 200 300 400 500 600 s"},
		{linear(nanoseconds, -2e9, 7e9, 0, 800), 10, "−2 −1 0 1 2 3 4 5 6 7 s"},
		{linear(nanoseconds, 0, 0.85e9, 0, 800), 10, "0 100 200 300 400 500 600 700 800 ms"},
		{linear(nanoseconds, 0, 7200e9, 0, 800), 10, "0 15 30 45 60 75 90 105 120 min"},
		{linear(nanoseconds, 0, 48*3600e9, 0, 800), 10, "0 6 12 18 24 30 36 42 48 h"},
		{linear(nanoseconds, 0, 2.5e9, 0, 800), 6, "0.0 0.5 1.0 1.5 2.0 2.5 s"},
		{linear(share, 0, 1, 60, 0), 3, "0 50 100 %"},
		{linear(bitsPerSecond, 0, 12e9, 60, 0), 3, "0 5 10 Gbit/s"},
		{linear(octets, 0, 1.5e6, 60, 0), 4, "0.0 0.5 1.0 1.5 MB"},
		{linear(number, 3, 3, 0, 10), 2, "3 4"},
		{logarithmic(nanoseconds, 0.01e9, 100e9, 0, 800), 8, "0.01 0.1 1 10 100 s"},
		{logarithmic(number, 1, 100, 0, 800), 8, "1 2 5 10 20 50 100"},
		{logarithmic(number, 1, 1e12, 0, 800), 5, "1 1000 1000000 1000000000 1000000000000"},
		{logarithmic(number, 4, 4.4, 0, 800), 5, "4.0 4.1 4.2 4.3 4.4"},
	} {
		var got []string
		for _, tick := range test.axis.ticks(test.most) {
			got = append(got, tick.text)
		}
		if all := strings.TrimSpace(strings.Join(got, " ") + " " + test.axis.shown.name); all != test.want {
			t.Errorf("%+v: %s, not %s", test.axis, all, test.want)
		}
	}
}

// TestTicksLieOnTheirAxis: whatever the ends are, ticks are few, stand between the
// ends in order, and stand where their value is.
func TestTicksLieOnTheirAxis(t *testing.T) {
	for e := -2.0; e < 18; e += 0.37 {
		for _, width := range []float64{1e-3, 0.9, 1, 7, 1e4} {
			low := math.Pow(10, e)
			for _, a := range []axis{
				linear(nanoseconds, low, low*(1+width), 10, 500), linear(share, -low, low*width, 500, 10),
				logarithmic(bitsPerSecond, low, low*(1+width), 10, 500), linear(octets, 0, low, 3, 4).widened(6),
			} {
				ticks := a.ticks(8)
				if len(ticks) > 8 || len(ticks) < 1 {
					t.Errorf("%+v has %d ticks", a, len(ticks))
				}
				for i, tick := range ticks {
					if tick.at < min(a.from, a.to) || tick.at > max(a.from, a.to) || math.Abs(tick.at-a.at(tick.value)) > 0.01 {
						t.Errorf("%+v: %+v", a, tick)
					}
					if i > 0 && (tick.value <= ticks[i-1].value || tick.text == ticks[i-1].text) {
						t.Errorf("%+v: %+v after %+v", a, tick, ticks[i-1])
					}
				}
			}
		}
	}
}

func TestAbout(t *testing.T) {
	for ns, want := range map[float64]string{0: "0 ns", 1.234e6: "1.2 ms", 182e9: "180 s", 5000e9: "5000 s", 1e9: "1 s"} {
		if got := about(ns); got != want {
			t.Errorf("%v ns is %s, not %s", ns, got, want)
		}
	}
}

func TestFitted(t *testing.T) {
	for width := range 200 {
		got := fitted("nva1-dies & <more>", small, float64(width))
		if w := textWidth(got, small); w > float64(width) {
			t.Errorf("%q is %v wide, not %d", got, w, width)
		}
	}
	if got := fitted("nva1", small, 100); got != "nva1" {
		t.Errorf("%q was cut", got)
	}
}
