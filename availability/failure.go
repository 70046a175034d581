package availability

import (
	"time"

	"dualhome/sim"
)

// Year is that of all rates: 365.25 days.
const Year = 8766 * time.Hour

// Failure is something that breaks again and again, and is repaired each time.
type Failure struct {
	Name   string
	UpTime sim.Dist // from a repair to the next failure
	Repair sim.Dist
}

// Rate gives how often it breaks in a year, in the long run.
func (f *Failure) Rate() float64 {
	return float64(Year) / (float64(f.UpTime.Mean()) + float64(f.Repair.Mean()))
}

// Hit is a failure in a run.
type Hit struct {
	Failure int           // of the plan
	At      time.Duration // since the first instant at which anything may break
	Repair  time.Duration // how long it is broken
}

// Run is one that the estimate needs.
type Run struct {
	Seed uint64
	Hits []Hit // in the order of time
}

// Key names something that a run measures.
type Key struct{ Class, What string }

// What a run measures of each class; all in seconds of lost service, that is of
// packets lost in either direction.
const (
	AnyLoss    = "any"          // time with any loss
	Equivalent = "equivalent"   // lost share of the flows x time
	AtRepair   = "after-repair" // of Equivalent, what is lost after the last repair
	PastNVAs   = "past-nvas"    // not lost: the share of the flows that is delivered past every NVA x time
	Healthy    = "healthy"      // a share: what is lost of Equivalent with nothing broken
	HealthyAny = "healthy-any"  // a share: 1 where anything is
	healthyBy  = "healthy "     // a share, and a cause: see HealthyByCause
)

// ByCause is the part of Equivalent that is lost to a cause.
func ByCause(cause string) string { return "cause " + cause }

// HealthyByCause is the part of Healthy that is lost to a cause.
func HealthyByCause(cause string) string { return healthyBy + cause }

// Loss is what one run lost beyond what is lost with nothing broken.
type Loss map[Key]float64
