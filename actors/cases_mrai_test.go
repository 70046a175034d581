package actors_test

import (
	"fmt"
	"math"
	"testing"
)

// UCURVE-S: where each UPDATE keeps a router busy, there is a best MRAI: below it
// stale UPDATEs queue, above it everybody waits (Griffin and Premore 2001). The
// levels are means over many runs, the shape holds over fewer as well.
func optimalMRAI(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	intervals := []float64{0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 60, 90}
	curve := func(mode string) (times, messages map[float64]float64) {
		times, messages = map[float64]float64{}, map[float64]float64{}
		for _, m := range intervals {
			seeds := 20
			switch {
			case m == 0:
				seeds = 40
			case mode == "ssld" && m >= 15:
				seeds = 80 // the tail is long
			}
			text := busyClique(mode, m)
			for seed := range uint64(seeds) {
				down := observe(t, text, seed+1).down()
				times[m] += down.tBest / float64(seeds)
				messages[m] += float64(down.ann+down.wd) / float64(seeds)
			}
		}
		return times, messages
	}
	lowest := func(times map[float64]float64) float64 {
		at := 0.0
		for _, m := range intervals {
			if times[m] < times[at] {
				at = m
			}
		}
		return at
	}

	times, messages := curve("all")
	for _, row := range [][3]float64{
		{0, 142.0, 2886},
		{2, 63.2, 1215},
		{3, 34.4, 601},
		{4, 24.5, 366},
		{5, 23.3, 280},
		{6, 25.3, 251},
		{8, 32.2, 250},
		{10, 39.3, 249},
		{20, 72.2, 242},
		{30, 106.0, 240},
		{60, 208.0, 236},
		{90, 302.0, 232},
	} {
		about(t, fmt.Sprintf("sb all, M %v: mean t_best", row[0]), times[row[0]], row[1], 0.25)
		about(t, fmt.Sprintf("sb all, M %v: mean messages", row[0]), messages[row[0]], row[2], 0.25)
	}
	best := lowest(times)
	if best < 4 || best > 6 {
		t.Errorf("sb all: the best M is %v, want 4 to 6", best)
	}
	if times[0] < 3*times[best] || times[90] < 10*times[best] {
		t.Errorf("sb all: t_best %v at M 0, %v at %v, %v at 90", times[0], times[best], best, times[90])
	}
	falling := func(mode string, messages map[float64]float64) {
		for i, m := range intervals[1:] {
			if before := messages[intervals[i]]; messages[m] > 1.05*before {
				t.Errorf("%s: %v messages at M %v, %v before", mode, messages[m], m, before)
			}
		}
	}
	falling("sb all", messages)
	flat := func(mode string, messages map[float64]float64, from, floor float64) {
		for _, m := range intervals {
			if m >= from && messages[m] > 1.1*floor {
				t.Errorf("%s: %v messages at M %v, more than a tenth over %v", mode, messages[m], m, floor)
			}
		}
	}
	flat("sb all", messages, 8, 232)
	about(t, "sb all: rounds", (times[90]-times[30])/60, 3.27, 0.15)

	times, messages = curve("ssld")
	for _, row := range [][3]float64{{0, 98.2, 843}, {5, 22.0, 232}, {8, 18.8, 170}, {10, 19.3, 156}, {30, 36.5, 129}, {90, 93.7, 123}} {
		about(t, fmt.Sprintf("ssld, M %v: mean t_best", row[0]), times[row[0]], row[1], 0.25)
		about(t, fmt.Sprintf("ssld, M %v: mean messages", row[0]), messages[row[0]], row[2], 0.25)
	}
	if best := lowest(times); best < 6 || best > 12 {
		t.Errorf("ssld: the best M is %v, want 6 to 12", best)
	} else if times[0] < 3*times[best] || times[90] < 4*times[best] {
		t.Errorf("ssld: t_best %v at M 0, %v at %v, %v at 90", times[0], times[best], best, times[90])
	}
	falling("ssld", messages)
	flat("ssld", messages, 15, 123)
	t.Run("twin", sameAsTwin)
}

// busyClique is the network of the case: eight routers, each of which an UPDATE keeps
// busy.
func busyClique(mode string, mrai float64) string {
	bgp := fmt.Sprintf("mrai: 'uniform(%vs, %vs)', mrai_per: prefix, processing: 'uniform(10ms, 1s)', %s", 0.75*mrai, mrai, sends(mode))
	return upDown("r0", generated("clique", 8, "10ms", bgp))
}

// about compares with a tolerance, as a part of what is wanted.
func about(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance*want {
		t.Errorf("%s: %.4g, want %v +-%v%%", what, got, want, 100*tolerance)
	}
}
