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
	Seq       int64    `arrow:"seq"`         // the line of the log
	Root      int64    `arrow:"root"`        // the disturbance that it follows from; 0: the start of the run
	T         int64    `arrow:"t_ns"`        // when
	Actor     string   `arrow:"actor,dict"`  // whose table it is; for NICs the group of NICs that share one
	Table     string   `arrow:"table,dict"`  // loc-rib, fib, nic; nic has active (effective) routes only
	Prefix    string   `arrow:"prefix"`      // of the route
	NextHops  []string `arrow:"next_hops"`   // addresses; empty when the entry is gone
	ASPath    *string  `arrow:"as_path"`     // of the best path; null but in loc-rib, and where none is left
	ASPathLen *int64   `arrow:"as_path_len"` // as the decision counts it, a set as one
	From      *string  `arrow:"from,dict"`   // the peer of the best path, the actor itself for an own route; for NICs the instance; null in fib
	Why       *string  `arrow:"why"`         // the step of the decision that chose the path, or what changed the entry; null for NICs
}

// Programming is a programming transaction that took effect
// (programming.arrow).
type Programming struct {
	Seq     int64  `arrow:"seq"`        // the line of the log
	Root    int64  `arrow:"root"`       // the disturbance that it follows from; 0: the start of the run
	T       int64  `arrow:"t_ns"`       // when it took effect
	Actor   string `arrow:"actor,dict"` // the instance of a Route Server, or of a gateway that stands alone
	Group   string `arrow:"group,dict"` // the NICs that share a table
	Changes int64  `arrow:"changes"`    // routes in it, hidden ones too
}

// Session is a session transition (sessions.arrow).
type Session struct {
	Seq    int64  `arrow:"seq"`         // the line of the log
	Root   int64  `arrow:"root"`        // the disturbance that it follows from; 0: the start of the run
	T      int64  `arrow:"t_ns"`        // when
	Actor  string `arrow:"actor,dict"`  // whose end of the session it is
	Peer   string `arrow:"peer,dict"`   // the other end
	State  string `arrow:"state,dict"`  // Idle, Connect, Active, OpenSent, OpenConfirm, Established (RFC 4271, section 8.2.2)
	Reason string `arrow:"reason,dict"` // why it went there
}

// Convergence is how the network answered one disturbance (convergence.arrow).
// All durations count from the disturbance.
type Convergence struct {
	Root          int64  `arrow:"root"`              // the line of the disturbance
	T             int64  `arrow:"t_ns"`              // when it began
	Disturbance   string `arrow:"disturbance,dict"`  // the name of the fault; of its repair NAME-repair
	Target        string `arrow:"target,dict"`       // what it hits
	Detection     *int64 `arrow:"detection_ns"`      // first change that follows from it, elsewhere than at its target
	DetectionLast *int64 `arrow:"detection_last_ns"` // last session that left Established, or probe that began to fail, because of it and elsewhere; null: none did
	Control       *int64 `arrow:"control_ns"`        // last change of a Loc-RIB; null: none, or not converged
	Forwarding    *int64 `arrow:"forwarding_ns"`     // last change of a FIB or an effective route of a NIC; null: none, or not converged
	Traffic       *int64 `arrow:"traffic_ns"`        // last change of a delivered share or a path in its window; null: none, or less is delivered than before
	Detect        *int64 `arrow:"detect_ns"`         // outage budget: until somebody noticed
	Propagate     *int64 `arrow:"propagate_ns"`      // outage budget: messages under way
	Decide        *int64 `arrow:"decide_ns"`         // outage budget: MRAI, queues, decisions
	Program       *int64 `arrow:"program_ns"`        // outage budget: FIBs and NICs
	Flows         *int64 `arrow:"flows_ns"`          // outage budget: connections and flows that are opened anew
	Restored      *bool  `arrow:"restored"`          // no class delivers less at the end of its window than before it; null: no traffic
	Overlaps      bool   `arrow:"overlaps"`          // another disturbance began during the reaction to it, or it during that to another
	Announcements int64  `arrow:"announcements"`     // prefixes announced because of it, per receiver
	Withdrawals   int64  `arrow:"withdrawals"`       // prefixes withdrawn because of it, per receiver
	BestChanges   int64  `arrow:"best_changes"`      // changes of best routes because of it
	Converged     bool   `arrow:"converged"`         // at the end of the run nothing that follows from it is under way or pending
}

// Flapping is how often one route of one actor changed after a disturbance
// (flapping.arrow).
type Flapping struct {
	Root          int64  `arrow:"root"`           // the line of the disturbance
	Actor         string `arrow:"actor,dict"`     // the speaker
	Prefix        string `arrow:"prefix"`         // of the route
	BestChanges   int64  `arrow:"best_changes"`   // changes of its best route, multipath sets included
	Returns       int64  `arrow:"returns"`        // to a best route that it had left after the same disturbance
	DistinctPaths int64  `arrow:"distinct_paths"` // different best routes that it chose
	First         int64  `arrow:"first_ns"`       // first change, since the disturbance
	Last          int64  `arrow:"last_ns"`        // last change, since the disturbance
	Suppressed    int64  `arrow:"suppressed_ns"`  // time for which damping kept routes to it from use, of all peers together
}

// Traffic is a step of one class, direction, hub and cause of loss
// (traffic.arrow); it holds until the next step of that class and direction.
type Traffic struct {
	T         int64   `arrow:"t_ns"`           // when the step begins
	Root      int64   `arrow:"root"`           // of the change that made the step; 0: the start of the run
	Class     string  `arrow:"class,dict"`     // of traffic
	Direction string  `arrow:"direction,dict"` // forward, return
	Via       *string `arrow:"via,dict"`       // the hub; null where none was reached
	Path      *string `arrow:"path"`           // the actors that packets walked, as a > b > c; several with ; between; null in a row of zeros
	Inspected bool    `arrow:"inspected"`      // some of it passes an NVA
	Offered   int64   `arrow:"offered_bps"`    // by flows that are sent this way
	Delivered int64   `arrow:"delivered_bps"`  // of what is offered
	Lost      int64   `arrow:"lost_bps"`       // offered less delivered
	Cause     *string `arrow:"cause,dict"`     // of the loss; null where nothing is lost
}

// Shift is how traffic moved between the hubs after a disturbance
// (shift.arrow).
type Shift struct {
	Root        int64   `arrow:"root"`           // the line of the disturbance
	Class       string  `arrow:"class,dict"`     // of traffic
	Direction   string  `arrow:"direction,dict"` // forward, return
	Via         string  `arrow:"via,dict"`       // the hub
	ShareBefore float64 `arrow:"share_before"`   // of the flows of the class, offered via the hub just before the disturbance
	ShareAfter  float64 `arrow:"share_after"`    // the same, at the end of its window
	T50         *int64  `arrow:"t50_ns"`         // from when on the share stays at 50 % or more of its way; null: it is as before
	T90         *int64  `arrow:"t90_ns"`         // the same, 90 %
	T99         *int64  `arrow:"t99_ns"`         // the same, 99 %
	T100        *int64  `arrow:"t100_ns"`        // the same, all of it
	FlowsMoved  int64   `arrow:"flows_moved"`    // flows whose hub is another one at the end; of the class and direction, the same on each row
	FlowsBroken int64   `arrow:"flows_broken"`   // flows that broke at least once, in whatever direction; the same on each row
}

// Outage is what one class lost in one direction to one cause after a
// disturbance (outages.arrow).
type Outage struct {
	Root        int64   `arrow:"root"`           // the line of the disturbance
	Class       string  `arrow:"class,dict"`     // of traffic
	Direction   string  `arrow:"direction,dict"` // forward, return, two-way
	Cause       *string `arrow:"cause,dict"`     // of the loss; null in the one row of a class that lost nothing
	Outage      int64   `arrow:"outage_ns"`      // time with any such loss
	LostBytes   int64   `arrow:"lost_bytes"`     // rounded down
	LostPackets int64   `arrow:"lost_packets"`   // of the class's size, the same volume; rounded down
	Equivalent  int64   `arrow:"equivalent_ns"`  // lost share of the flows × time: seconds of full outage that lose as much
	Restored    bool    `arrow:"restored"`       // no less is delivered at the end of the window than before it
}

// Nanos gives d as a nullable column value.
func Nanos(d time.Duration) *int64 {
	n := int64(d)
	return &n
}
