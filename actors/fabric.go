package actors

import (
	"net/netip"
	"slices"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// FabricConfig is the physical network, and what will happen to it.
type FabricConfig struct {
	Nodes     []events.ActorID
	Ways      []Way
	Faults    []Fault
	Instances []Instance
}

// Way is a direction between two speakers and the links it goes over.
type Way struct {
	From, To  events.ActorID
	Crossings []events.Crossing
	Probe     bool // only To looks at it, with a health probe; nothing is said on it
	Detected  bool // its ends notice at once when it fails in both directions
}

// Instance is an instance of a Route Server, or of a gateway that programs NICs,
// the one that stands in for it, and the NIC groups that it programs at the start.
type Instance struct {
	ID, Twin events.ActorID
	Serves   []events.ActorID
	Takeover time.Duration // until the twin serves the NICs of this one, if it is lost
	Flush    bool          // NICs forget learned routes when no instance is left
	Union    bool          // NICs use what either programmed: nobody takes over, what a lost one programmed goes
}

// Fault is a disturbance and, where it is repaired, its repair.
type Fault struct {
	Name, What, Target string
	At                 sim.Dist
	RepairAfter        *sim.Dist
	Effect             Effect
}

// Effect is what is not as it should be while a fault lasts.
type Effect struct {
	Condition map[events.ActorID]events.Condition // of nodes that are not alive
	Goodbye   bool                                // a halted process says goodbye
	Cut       []events.Crossing                   // links that lose packets, by direction
	SeenBy    *[]events.ActorID                   // the ends that notice at once that Cut failed; nil: those of Way.Detected
	Still     []events.ActorID                    // nodes that forward nothing
	Shut      [][2]events.ActorID                 // sessions that an operator shut down: where, and with whom
	Refresh   []events.ActorID                    // speakers that ask their peers for their routes again, when it begins
	Policies  []events.ActorID                    // routers whose operators change a policy, which is called as the fault is
	Originate []Origination                       // what routers begin, or cease, to originate, until a repair or another fault says otherwise
}

// Origination is a prefix that a router originates from then on, or no longer.
type Origination struct {
	Router events.ActorID
	Prefix netip.Prefix
	On     bool
}

// Fabric is the actor under all others. What is broken at any time is the union
// of the effects of the faults that last; a fault or a repair changes that union,
// and the fabric writes the difference and tells whom it concerns.
type Fabric struct {
	cfg     FabricConfig
	faults  map[string]*Fault
	lasting []string                          // faults, in the order in which they began
	serving map[events.ActorID]events.ActorID // NIC group -> instance
}

// NewFabric builds the fabric.
func NewFabric(cfg FabricConfig) *Fabric {
	f := &Fabric{cfg: cfg, faults: map[string]*Fault{}, serving: map[events.ActorID]events.ActorID{}}
	for i := range cfg.Faults {
		f.faults[cfg.Faults[i].Name] = &cfg.Faults[i]
	}
	for _, i := range cfg.Instances {
		for _, g := range i.Serves {
			f.serving[g] = i.ID
		}
	}
	return f
}

// ID names the fabric.
func (f *Fabric) ID() events.ActorID { return events.Fabric }

// Apply folds a line.
func (f *Fabric) Apply(l *events.Line) {
	switch e := l.Event.(type) {
	case events.Disturbance:
		name, isRepair := repaired(e)
		if isRepair {
			f.lasting = slices.DeleteFunc(f.lasting, func(n string) bool { return n == name })
		} else {
			f.lasting = append(f.lasting, name)
		}
	case events.Order:
		if l.Role == events.Out && e.Do == events.Serve {
			f.serving[e.Arg] = l.Peer
		}
	}
}

// Repair is the name of the disturbance that ends a fault.
func Repair(fault string) string { return fault + "-repair" }

func repaired(d events.Disturbance) (fault string, isRepair bool) {
	if d.Repair {
		return d.Name[:len(d.Name)-len(Repair(""))], true
	}
	return d.Name, false
}

// Step decides.
func (f *Fabric) Step(t *sim.Turn, in events.Line) {
	switch e := in.Event.(type) {
	case events.Start:
		for i := range f.cfg.Faults {
			fault := &f.cfg.Faults[i]
			at := t.Draw(fault.At, sim.KeyOf("fault").Str(fault.Name))
			t.After(at, events.Timer{Name: events.FaultTimer, Item: fault.Name})
		}
	case events.Timer:
		switch e.Name {
		case events.FaultTimer:
			f.disturb(t, e.Item)
		case events.TakeoverTimer:
			f.takeOver(t, events.ActorID(e.Item))
		}
	}
}

// disturb begins a fault, or ends one that lasts.
func (f *Fabric) disturb(t *sim.Turn, name string) {
	fault := f.faults[name]
	before := f.broken()
	d := events.Disturbance{Name: name, What: fault.What, Target: fault.Target}
	if slices.Contains(f.lasting, name) {
		d.Name, d.Repair = Repair(name), true
	}
	t.Begin(d)
	f.change(t, before, f.broken())
	for _, o := range fault.Effect.Originate {
		do := events.Withdraw
		if o.On != d.Repair {
			do = events.Announce
		}
		t.Send(o.Router, events.Order{Do: do, Prefix: o.Prefix})
	}
	for _, id := range fault.Effect.Policies {
		do := events.Reconfigure
		if d.Repair {
			do = events.Restore
		}
		t.Send(id, events.Order{Do: do, Arg: events.ActorID(name)})
	}
	if !d.Repair {
		for _, id := range fault.Effect.Refresh {
			t.Send(id, events.Order{Do: events.Refresh})
		}
	}
	if !d.Repair && fault.RepairAfter != nil {
		after := t.Draw(*fault.RepairAfter, sim.KeyOf("fault").Str(Repair(name)))
		t.After(after, events.Timer{Name: events.FaultTimer, Item: name})
	}
}

// broken is the union of the effects of all faults that last. Of two conditions
// of a node the worse counts: dead, then halted, then hung.
type broken struct {
	condition map[events.ActorID]events.Condition
	goodbye   map[events.ActorID]bool
	cut       map[events.Crossing]bool
	unsaid    map[events.Crossing]bool // of cut, where the fault does not say who notices
	noticed   map[notice]bool
	still     map[events.ActorID]bool
	shut      map[[2]events.ActorID]bool
}

func (f *Fabric) broken() broken {
	var b broken
	for _, name := range f.lasting {
		e := &f.faults[name].Effect
		for node, is := range e.Condition { // order-free: the worst
			if badness(is) > badness(b.condition[node]) {
				note(&b.condition, node, is)
				note(&b.goodbye, node, e.Goodbye)
			}
		}
		for _, c := range e.Cut {
			note(&b.cut, c, true)
			if e.SeenBy == nil {
				note(&b.unsaid, c, true)
				continue
			}
			for _, end := range *e.SeenBy {
				note(&b.noticed, notice{c.Link, end}, true)
			}
		}
		for _, n := range e.Still {
			note(&b.still, n, true)
		}
		for _, s := range e.Shut {
			note(&b.shut, s, true)
		}
	}
	return b
}

// note sets an entry of a map, which is made for its first.
func note[K comparable, V any](m *map[K]V, key K, v V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[key] = v
}

// notice is a link and an end of it that sees it fail.
type notice struct {
	link string
	end  events.ActorID
}

func (b broken) is(node events.ActorID) events.Condition {
	if c, ok := b.condition[node]; ok {
		return c
	}
	return events.Alive
}

func badness(c events.Condition) int {
	switch c {
	case events.Dead:
		return 3
	case events.Halted:
		return 2
	case events.Hung:
		return 1
	}
	return 0
}
