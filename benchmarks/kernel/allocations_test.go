package kernel_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/sim"
)

// TestUpdatesHardlyAllocate: an UPDATE of path exploration, with all that follows
// from it and the log, takes at most one allocation. (In a small clique it is more:
// fewer peers share an announcement.)
func TestUpdatesHardlyAllocate(t *testing.T) {
	log := &eventlog.Memory{}
	k := sim.New(clique(20), log, &eventlog.MemoryBus{})
	if err := k.RunUntil(context.Background(), events.Time(time.Minute)-1); err != nil {
		t.Fatal(err)
	}
	first := log.Len()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := k.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	updates, allocations := count(t, log, first+1), after.Mallocs-before.Mallocs
	if updates < 3000 || allocations > updates {
		t.Errorf("%d allocations for %d UPDATEs", allocations, updates)
	}
}
