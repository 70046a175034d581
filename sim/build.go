package sim

import (
	"fmt"
	"slices"

	"dualhome/events/eventlog"
)

// New builds a kernel over a log and a bus, both empty. It panics on a
// configuration that contradicts itself: two actors of one name, a wire to
// nobody.
func New(cfg Config, log eventlog.Log, bus eventlog.Bus) *Kernel {
	k := &Kernel{}
	k.Renew(cfg, log, bus)
	return k
}

// Renew makes k the kernel that New would build, in the room that the one it was
// has taken, and with the names and messages that its codec knows. That is for who
// makes many short runs one after the other: to find room for a run takes a good
// part of it.
func (k *Kernel) Renew(cfg Config, log eventlog.Log, bus eventlog.Bus) {
	cfg.Bounds = cfg.Bounds.orDefaults()
	was := *k
	*k = Kernel{
		cfg: cfg, log: log, bus: bus, codec: was.codec,
		seats: sized(was.seats, len(cfg.Actors)), slots: emptied(was.slots, len(cfg.Actors)), wires: sized(was.wires, len(cfg.Wires)),
		queue: was.queue.emptied(cfg.Ties), looked: was.looked, roots: append(was.roots[:0], 0), names: emptied(was.names, 0),
	}
	clear(was.turn.lines)
	k.turn = Turn{k: k, lines: slices.Grow(was.turn.lines[:0], len(cfg.Facts))}
	for i, a := range cfg.Actors {
		k.seat(&k.seats[i], a)
	}
	for i, w := range cfg.Wires {
		k.lay(&k.wires[i], w)
	}
	if cfg.Circles {
		k.recurrence = was.recurrence.renewed(k)
	}
}

// sized gives n places in the room of a slice, if there is enough. They hold what
// they held.
func sized[T any](was []T, n int) []T {
	if cap(was) < n {
		return make([]T, n)
	}
	clear(was[min(n, len(was)):])
	return was[:n]
}

// emptied gives an empty map in the room of one.
func emptied[K comparable, V any](was map[K]V, n int) map[K]V {
	if was == nil {
		return make(map[K]V, n)
	}
	clear(was)
	return was
}

func (k *Kernel) seat(s *slot, a Actor) {
	if k.slots[a.ID()] != nil {
		panic(fmt.Sprintf("sim: two actors named %s", a.ID()))
	}
	*s = slot{
		actor: a, timers: s.timers.emptied(), parked: s.parked[:0],
		wires: slices.Delete(s.wires, 0, len(s.wires)), out: emptied(s.out, 0),
	}
	s.end, _ = a.(Endpoint)
	k.slots[a.ID()] = s
}

func (k *Kernel) lay(laid *wire, w Wire) {
	from, to := k.slots[w.From], k.slots[w.To]
	if from == nil || to == nil || from.end == nil || to.end == nil {
		panic(fmt.Sprintf("sim: a wire from %s to %s, which are no speakers", w.From, w.To))
	}
	*laid = wire{Wire: w, from: from, to: to, streams: laid.streams[:0], flying: laid.flying[:0], held: laid.held[:0]}
	from.out[w.To] = laid
	if back := to.out[w.From]; back != nil {
		laid.back, back.back = back, laid
	}
	from.wires, to.wires = append(from.wires, laid), append(to.wires, laid)
}
