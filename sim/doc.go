// Package sim is the kernel: virtual time, the queue, turns, random draws, and
// the wires between actors.
//
// A run is a log of lines. The kernel takes the earliest thing that is due, a
// message or a timer, writes it as a line, lets its actor fold that line (Apply)
// and then decide (Step). Whatever the actor decides is again a line, written
// and folded before the actor's next statement. State changes nowhere else:
// queue, timers, wires, clock and actors all derive from the lines, so a run can
// be cut after any turn and goes on from its lines alone (see [Kernel.Replay]).
//
// Everything is ordered by (due, seq), or where ties are shuffled by a draw among
// what is due at one instant (see [Config]), and every random value is a function of
// the seed and of what it is for (see [Key]), so one scenario and one seed give
// one log, on any bus and any number of cores.
//
// A network may go in a circle for ever. The kernel finds that: see
// [Kernel.Recurrence].
//
// Wires carry messages between speakers as TCP does: in order, and never lost
// while both ends live; bytes that meet a cut wait for it to heal (see wire.go), and
// where acknowledgements meet one, what follows waits (see ack.go). Congestion,
// packet sizes and windows before that are not modelled. The packets of BFD are
// datagrams: what meets a cut is lost.
package sim
