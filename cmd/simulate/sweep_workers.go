package main

import (
	"context"
	"time"

	"dualhome/workqueue"
)

// lookForWorkers is how often somebody looks whether there are workers.
const lookForWorkers = 2 * time.Second

// missWorkers says how to start a worker when none is there while runs wait, once each time
// that it is so. Between two questions of a worker for more none may seem there, so it
// looks twice.
func missWorkers(ctx context.Context, conn *workqueue.Conn, hint string, tell func(string)) {
	t := time.NewTicker(lookForWorkers)
	defer t.Stop()
	for looks := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		load, err := conn.Load(ctx)
		switch {
		case err != nil: // others say it
		case load.UnderWay > 0 || load.Idle > 0 || load.Queued == 0:
			looks = 0
		default:
			if looks++; looks == 2 {
				tell("no worker is there, so nothing is done; this starts one: " + hint)
			}
		}
	}
}
