package actors_test

import (
	"fmt"
	"testing"
)

// FAST-S: with ghost flushing the withdrawal of CLIQ-S takes three delays, however
// large the mesh (Bremler-Barr, Afek and Schwarz 2003).
func ghostFlushing(t *testing.T) {
	for _, row := range []struct {
		n, ann, wd int
		tBest      float64
	}{{4, 9, 12, 0.03}, {5, 16, 20, 0.03}, {6, 25, 30, 0.03}, {8, 49, 56, 0.03}, {10, 81, 90, 0.03}} {
		down := observe(t, upDown("r0", generated("clique", row.n, "10ms", "mrai: 30s, mrai_per: prefix, ghost_flushing: true")), 1).down()
		what := fmt.Sprintf("n %d", row.n)
		same(t, what+": ann, wd", [2]int{down.ann, down.wd}, [2]int{row.ann, row.wd})
		exactly(t, what+": t_best", down.tBest, row.tBest)
	}
	if !testing.Short() && shuffle(t) == 0 { // means over many runs are no matter of order
		t.Run("processing", flushingTakesTime)
	}
}

// flushingTakesTime: the same where each UPDATE keeps a router busy for up to 50 ms,
// with and without ghost flushing: means over many runs.
func flushingTakesTime(t *testing.T) {
	for _, row := range []struct {
		n, seeds          int
		on, off           float64 // mean t_best
		onCount, offCount float64 // mean messages
	}{
		{5, 100, 0.23, 33.8, 36, 46},
		{8, 50, 0.42, 98.5, 105, 234},
		{10, 30, 0.53, 142, 171, 498},
		{15, 15, 0.80, 276, 406, 2063},
	} {
		for flushing, want := range map[bool][2]float64{true: {row.on, row.onCount}, false: {row.off, row.offCount}} {
			bgp := fmt.Sprintf("mrai: 'uniform(22.5s, 30s)', mrai_per: prefix, send_back: true, processing: 'uniform(0s, 50ms)', ghost_flushing: %v", flushing)
			text, mean, messages := upDown("r0", generated("clique", row.n, "10ms", bgp)), 0.0, 0.0
			for seed := range uint64(row.seeds) {
				down := observe(t, text, seed+1).down()
				mean += down.tBest / float64(row.seeds)
				messages += float64(down.ann+down.wd) / float64(row.seeds)
				// One hop takes no longer than its delay and one UPDATE of each neighbour.
				if bound := float64(row.n) * (0.01 + 0.05*float64(row.n-1)); flushing && down.tBest > bound {
					t.Errorf("n %d, seed %d: t_best %v s, more than %v s", row.n, seed+1, down.tBest, bound)
				}
			}
			what := fmt.Sprintf("n %d, ghost flushing %v", row.n, flushing)
			about(t, what+": mean t_best", mean, want[0], 0.2)
			about(t, what+": mean messages", messages, want[1], 0.2)
		}
	}
}
