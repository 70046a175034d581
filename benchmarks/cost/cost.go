// Package cost tells what a process used so far, for benchmarks: on a machine that
// others use too, the time on a clock says little.
package cost

import "time"

// Used is what a process used so far.
type Used struct {
	CPU  time.Duration // of all threads, in user and system mode
	Peak float64       // the most memory that was resident, in MB
}
