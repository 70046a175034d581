//go:build unix

package cost

import (
	"runtime"
	"syscall"
	"time"
)

// Now gives what the process used so far; nothing where the system does not say.
func Now() Used {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return Used{}
	}
	peak := float64(u.Maxrss) / 1e6
	if runtime.GOOS != "darwin" {
		peak *= 1024 // it is in kilobytes
	}
	return Used{time.Duration(u.Utime.Nano() + u.Stime.Nano()), peak}
}
