package metrics

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The interval of a paired difference holds it in 95 % of all comparisons of two designs
// over 20 seeds, here of hold timers of 180 and 90 s. Their luck is partly one: the age
// of the last keepalive, as a part of the interval; and partly each one's own. An
// interval of the difference of two designs that had nothing to do with each other would
// be wider, and hold it too often.
func TestPairedDifferencesCover(t *testing.T) {
	const runs, intervals, truth = 20, 10_000, 75 - 150
	g, held := rand.New(rand.NewPCG(3, 0)), 0
	figure := Figure{Quantity: Quantity{Disturbance: "dies", Measure: "detection_ns"}}
	for range intervals {
		var designs [2]Record
		for range runs {
			age := g.Float64()
			for i, hold := range []float64{180, 90} {
				ns := int64(math.Round((hold*(1-age/3) + g.ExpFloat64()) * 1e9))
				if err := designs[i].Add([]Reading{{figure, &ns}}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if p := Pair(&designs[0], &designs[1], figure); p.N == runs && p.Difference.holds(truth) {
			held++
		}
	}
	covers(t, "paired difference", held, intervals, confidence)
}
