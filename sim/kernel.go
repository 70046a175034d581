package sim

import (
	"context"
	"fmt"

	"dualhome/events"
	"dualhome/events/eventlog"
)

// Config is what a kernel runs.
type Config struct {
	Seed    uint64
	Horizon events.Time    // the run ends after this instant
	Facts   []events.Event // the first lines: RunStarted, then the topology
	Actors  []Actor        // started in this order; one of them is the fabric
	Wires   []Wire         // every direction that TCP connections use
	Bounds  Bounds         // the zero value means the defaults
	Circles bool           // look for states that were there before; see Kernel.Recurrence
	// Ties, where it is not 0, orders what is due at one instant by draws of this
	// seed, not by when it was sent or set: a test of what depends on ties. Messages
	// of one connection keep their order, and so do those of one actor to another
	// that belong to none.
	Ties uint64
}

// Kernel runs actors on a virtual clock. It serves one goroutine.
type Kernel struct {
	cfg   Config
	log   eventlog.Log
	bus   eventlog.Bus
	codec events.Codec
	turn  Turn

	// All below derives from the lines.
	seats   []slot // in the order of the actors
	slots   map[events.ActorID]*slot
	wires   []wire
	asked   *wire                       // the one that was asked for last: who sends asks twice
	links   map[events.Crossing][]*wire // nil until one of them changes
	queue   queue
	now     events.Time
	seq     uint64
	looked  []int32  // of drop
	roots   []uint64 // by seq: the disturbance it follows from; 0: the start
	names   map[uint64]string
	instant uint64 // lines at now
	turns   uint64

	recurrence *recurrence // nil: it is not looked for
}

// slot is an actor's place in the kernel.
type slot struct {
	actor   Actor
	end     Endpoint // the actor, if it has connections
	timers  timers
	parked  []int32                  // timers that came due while it hung
	wires   []*wire                  // from it and to it
	out     map[events.ActorID]*wire // from it
	uneasy  bool                     // something waits on one of them, or did
	started bool
	hung    bool
	dead    bool
	mark
}

// Now gives the virtual time of the last line.
func (k *Kernel) Now() events.Time { return k.now }

// Turns gives the number of turns so far.
func (k *Kernel) Turns() uint64 { return k.turns }

// Run goes on from where the log stands until nothing is due up to the horizon.
// It stops early, between two turns, with the error of ctx, of the log, of the
// bus, or with a *BoundError.
func (k *Kernel) Run(ctx context.Context) error { return k.RunUntil(ctx, k.cfg.Horizon) }

// RunUntil is Run with another horizon. Calls with growing horizons make the
// same log as one call with the last.
func (k *Kernel) RunUntil(ctx context.Context, horizon events.Time) error {
	if k.seq == 0 {
		if err := k.begin(ctx); err != nil {
			return err
		}
	}
	for i := range k.seats {
		s := &k.seats[i]
		if s.started {
			continue
		}
		start := events.Line{Role: events.In, At: 0, Actor: s.actor.ID(), Event: events.Start{}}
		if err := k.take(ctx, s, start); err != nil {
			return err
		}
	}
	for {
		it, ok := k.head()
		if !ok || it.due > horizon {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := k.next(ctx, it); err != nil {
			return err
		}
	}
}

// begin writes the facts.
func (k *Kernel) begin(ctx context.Context) error {
	if n := len(k.seats); n > k.cfg.Bounds.Actors {
		return &BoundError{"actors", uint64(k.cfg.Bounds.Actors), 0}
	}
	k.turn.reset(k.slots[events.Fabric], events.Line{})
	for _, f := range k.cfg.Facts {
		k.turn.write(k.turn.slot, events.Line{Role: events.Fact, Actor: events.Fabric, Event: f})
	}
	return k.end(ctx)
}

// next makes a turn of the earliest thing due.
func (k *Kernel) next(ctx context.Context, it item) error {
	p := k.queue.slab[it.at] // a copy: folding frees the place
	l := events.Line{Cause: p.seq, At: p.due, Actor: p.owner.actor.ID()}
	if p.kind == 0 {
		l.Role, l.Event = events.Fired, p.owner.timers.all[p.timer].event
		return k.take(ctx, p.owner, l)
	}
	var err error
	if l.Event, l.Causes, err = k.fetch(p.seq); err != nil {
		return err
	}
	l.Role, l.Peer = events.In, p.from
	if p.lost || p.wire != nil && !p.udp && !p.syn && !p.owner.end.Open(p.from, p.conn) {
		l.Role = events.Lost
	}
	return k.take(ctx, p.owner, l)
}

// take makes one turn: the line that triggers it, then what the actor decides.
func (k *Kernel) take(ctx context.Context, s *slot, trigger events.Line) error {
	if trigger.At > k.now {
		k.instant = 0
	}
	if k.recurrence != nil {
		k.recurrence.note(s, &trigger)
	}
	t := &k.turn
	t.reset(s, trigger)
	k.now = trigger.At
	t.trigger.Seq = t.write(s, trigger)
	t.cause = t.trigger.Seq
	s.actor.Step(t, t.trigger)
	return k.end(ctx)
}

// end closes a turn: its Outs go to the bus, its lines to the log.
func (k *Kernel) end(ctx context.Context) error {
	if err := k.bus.Publish(k.turn.lines); err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	if err := k.drop(k.turn.slot); err != nil {
		return err
	}
	lines := k.turn.lines
	k.turns++
	if err := k.log.Append(ctx, lines); err != nil {
		return fmt.Errorf("log: %w", err)
	}
	k.instant += uint64(len(lines))
	return k.cfg.Bounds.check(k)
}

// drop writes Lost for what waits on a wire of s and whose end there is closed.
func (k *Kernel) drop(s *slot) error {
	if !s.uneasy {
		return nil
	}
	s.uneasy = false
	for _, w := range s.wires {
		if len(w.held) == 0 && w.resent <= k.now {
			continue
		}
		s.uneasy = true
		k.looked = append(append(k.looked[:0], w.held...), w.flying...)
		for _, at := range k.looked {
			p := k.queue.slab[at]
			if !k.gone(w, s, p) {
				continue
			}
			e, _, err := k.fetch(p.seq)
			if err != nil {
				return err
			}
			lost := events.Line{Cause: p.seq, At: k.now, Role: events.Lost, Actor: w.To, Peer: w.From, Event: e}
			if k.recurrence != nil {
				k.recurrence.note(w.to, &lost)
			}
			k.turn.write(w.to, lost)
		}
	}
	return nil
}

// gone tells whether a message has no end to arrive at any more: its sender died
// or closed the connection, so that nobody sends it again, or it is held and its
// receiver closed it and lives. (A dead receiver answers with RST once it is
// back; what is in a hung one's socket stays.)
func (k *Kernel) gone(w *wire, s *slot, p pending) bool {
	held := p.due == waiting
	if p.udp {
		return false
	}
	if s == w.from {
		unsent := held && p.ready == waiting || p.resent > k.now
		return unsent && !s.end.Open(w.To, p.conn)
	}
	return held && !p.syn && !s.dead && !s.hung && !s.end.Open(w.From, p.conn)
}

// fetch takes a message from the bus and reads it from its bytes.
func (k *Kernel) fetch(seq uint64) (events.Event, []uint64, error) {
	m, err := k.bus.Await(seq)
	if err != nil {
		return nil, nil, fmt.Errorf("bus: %w", err)
	}
	e, err := k.codec.Rebuild(m.Kind, m.Conn, m.Payload)
	if err != nil {
		return nil, nil, fmt.Errorf("bus: message %d: %w", seq, err)
	}
	return e, m.Causes, nil
}
