package metrics

import "time"

// Tables are all tables of a run, one slice of rows per Arrow file. The tags
// name the columns: `arrow:"name"`, with `,dict` where the column is dictionary
// encoded. A *T column is null where the pointer is nil. Times and durations
// are nanoseconds; times count from the start of the run.
type Tables struct {
	Routes      []Route
	Programming []Programming
	Sessions    []Session
	Convergence []Convergence
	Flapping    []Flapping
	Traffic     []Traffic
	Shift       []Shift
	Outages     []Outage
}

// Route is a change of a Loc-RIB, FIB or NIC entry (routes.arrow).
type Route struct {
	Seq       int64    `arrow:"seq"`
	Root      int64    `arrow:"root"`
	T         int64    `arrow:"t_ns"`
	Actor     string   `arrow:"actor,dict"` // for NICs the group
	Table     string   `arrow:"table,dict"` // loc-rib, fib, nic
	Prefix    string   `arrow:"prefix"`
	NextHops  []string `arrow:"next_hops"` // empty when the entry is gone
	ASPath    *string  `arrow:"as_path"`
	ASPathLen *int64   `arrow:"as_path_len"`
	From      *string  `arrow:"from,dict"` // the peer of the best, for NICs the instance
	Why       *string  `arrow:"why"`
}

// Programming is a programming transaction that took effect
// (programming.arrow).
type Programming struct {
	Seq     int64  `arrow:"seq"`
	Root    int64  `arrow:"root"`
	T       int64  `arrow:"t_ns"`
	Actor   string `arrow:"actor,dict"` // the Route Server instance
	Group   string `arrow:"group,dict"`
	Changes int64  `arrow:"changes"`
}

// Session is a session transition (sessions.arrow).
type Session struct {
	Seq    int64  `arrow:"seq"`
	Root   int64  `arrow:"root"`
	T      int64  `arrow:"t_ns"`
	Actor  string `arrow:"actor,dict"`
	Peer   string `arrow:"peer,dict"`
	State  string `arrow:"state,dict"`
	Reason string `arrow:"reason,dict"`
}

// Convergence is how the network answered one disturbance (convergence.arrow).
// All durations count from the disturbance.
type Convergence struct {
	Root          int64  `arrow:"root"`
	T             int64  `arrow:"t_ns"`
	Disturbance   string `arrow:"disturbance,dict"`
	Target        string `arrow:"target,dict"`
	Detection     *int64 `arrow:"detection_ns"`
	DetectionLast *int64 `arrow:"detection_last_ns"`
	Control       *int64 `arrow:"control_ns"`
	Forwarding    *int64 `arrow:"forwarding_ns"`
	Traffic       *int64 `arrow:"traffic_ns"`
	Detect        *int64 `arrow:"detect_ns"` // the outage budget from here
	Propagate     *int64 `arrow:"propagate_ns"`
	Decide        *int64 `arrow:"decide_ns"`
	Program       *int64 `arrow:"program_ns"`
	Flows         *int64 `arrow:"flows_ns"` // to here
	Restored      *bool  `arrow:"restored"`
	Overlaps      bool   `arrow:"overlaps"`
	Announcements int64  `arrow:"announcements"`
	Withdrawals   int64  `arrow:"withdrawals"`
	BestChanges   int64  `arrow:"best_changes"`
	Converged     bool   `arrow:"converged"`
}

// Flapping is how often one route of one actor changed after a disturbance
// (flapping.arrow).
type Flapping struct {
	Root          int64  `arrow:"root"`
	Actor         string `arrow:"actor,dict"`
	Prefix        string `arrow:"prefix"`
	BestChanges   int64  `arrow:"best_changes"`
	Returns       int64  `arrow:"returns"`
	DistinctPaths int64  `arrow:"distinct_paths"`
	First         int64  `arrow:"first_ns"` // since the disturbance
	Last          int64  `arrow:"last_ns"`
	Suppressed    int64  `arrow:"suppressed_ns"`
}

// Traffic is a step of one class, direction, hub and cause of loss
// (traffic.arrow); it holds until the next step of that class and direction.
type Traffic struct {
	T         int64   `arrow:"t_ns"`
	Root      int64   `arrow:"root"`
	Class     string  `arrow:"class,dict"`
	Direction string  `arrow:"direction,dict"` // forward, return
	Via       *string `arrow:"via,dict"`       // the hub; null where no hub was reached
	Path      *string `arrow:"path"`
	Inspected bool    `arrow:"inspected"`
	Offered   int64   `arrow:"offered_bps"`
	Delivered int64   `arrow:"delivered_bps"`
	Lost      int64   `arrow:"lost_bps"`
	Cause     *string `arrow:"cause,dict"`
}

// Shift is how traffic moved between the hubs after a disturbance
// (shift.arrow).
type Shift struct {
	Root        int64   `arrow:"root"`
	Class       string  `arrow:"class,dict"`
	Direction   string  `arrow:"direction,dict"`
	Via         string  `arrow:"via,dict"`
	ShareBefore float64 `arrow:"share_before"`
	ShareAfter  float64 `arrow:"share_after"`
	T50         *int64  `arrow:"t50_ns"`
	T90         *int64  `arrow:"t90_ns"`
	T99         *int64  `arrow:"t99_ns"`
	T100        *int64  `arrow:"t100_ns"`
	FlowsMoved  int64   `arrow:"flows_moved"`
	FlowsBroken int64   `arrow:"flows_broken"` // at least once, in whatever direction
}

// Outage is what one class lost in one direction to one cause after a
// disturbance (outages.arrow).
type Outage struct {
	Root        int64   `arrow:"root"`
	Class       string  `arrow:"class,dict"`
	Direction   string  `arrow:"direction,dict"` // forward, return, two-way
	Cause       *string `arrow:"cause,dict"`     // null in the one row of a class that lost nothing
	Outage      int64   `arrow:"outage_ns"`      // time with any such loss
	LostBytes   int64   `arrow:"lost_bytes"`
	LostPackets int64   `arrow:"lost_packets"`  // of the class's size, the same volume; both rounded down
	Equivalent  int64   `arrow:"equivalent_ns"` // lost share of the flows × time
	Restored    bool    `arrow:"restored"`
}

// Nanos gives d as a nullable column value.
func Nanos(d time.Duration) *int64 {
	n := int64(d)
	return &n
}
