package simtest

import "fmt"

// faults writes one to six faults, of any kind that has a target here. Some hit
// what was hit before, and some come soon after the one before.
func (a *azure) faults() {
	a.forwarders = append(a.forwarders, a.nvas...)
	a.routers = append(a.routers, a.nvas...)
	victim, at := draw(a, a.routers...), 0
	a.write("faults:\n")
	for i := range 1 + a.IntN(6) {
		if at += a.IntN(5000); i == 0 || !a.one(3) {
			at = 2000 + a.IntN(400_000)
		}
		kind, target := a.fault(victim)
		a.write("  - {name: f%d, kind: %s, target: %s, at: %dms", i, kind, target, at)
		if kind != "peering-created" && (a.Mend || !a.one(4)) {
			a.write(", repair_after: %dms", draw(a, 5000, 10_000, 30_000, 100_000, 500+a.IntN(5000), 1000+a.IntN(200_000)))
		}
		a.write("}\n")
	}
	if len(a.nvas) > 0 && a.one(3) {
		a.shift()
	}
	if a.one(3) {
		a.write("drills: [{name: drill, kind: node-death, target: %s, at: 10s, repair_after: 20s}]\n", victim) // that no run plays
	}
}

// shift has the operator of an NVA move traffic away from it, for a while.
func (a *azure) shift() {
	a.write("  - {name: shift, kind: policy-change, target: %s, prepend: %d, at: %dms, repair_after: %dms}\n",
		draw(a, a.nvas...), 1+a.IntN(4), 2000+a.IntN(400_000), draw(a, 1000, 30_000, 100_000))
}

// fault draws a kind of fault and a target; of routers, one in three is the
// victim.
func (a *azure) fault(victim string) (kind, target string) {
	var all [][2]string
	add := func(kind string, targets ...string) {
		if len(targets) > 0 {
			all = append(all, [2]string{kind, draw(a, targets...)})
		}
	}
	for _, kind := range []string{"node-death", "process-kill", "hang", "graceful-stop"} {
		add(kind, draw(a, a.routers...), draw(a, a.routers...), victim)
	}
	add("forwarding-dead", a.forwarders...)
	add("upstream-loss", a.nvas...)
	add("instance-loss", a.instances...)
	add("circuit-loss", a.circuitNames...)
	add("peering-created", a.hosts...)
	add("hub-loss", a.losable()...)
	link := draw(a, a.links...)
	add("link-down", link[0], link[0]+", from: "+link[1], link[0]+", from: "+link[2])
	if len(a.sessions) > 0 {
		s := draw(a, a.sessions...)
		add("session-shutdown", s[0]+", peer: "+s[1])
	}
	one := draw(a, all...)
	return one[0], one[1]
}

// losable gives the hubs without machines that have traffic.
func (a *azure) losable() []string {
	var all []string
	for i, h := range a.hubs {
		if i > 0 || !a.work {
			all = append(all, fmt.Sprintf("hub%d", h.i))
		}
	}
	return all
}
