package metrics

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"dualhome/events"
)

// end is where traffic begins or ends: a set of VMs, one machine of it, or a
// subnet.
type end struct {
	name   string
	set    string // of the machine
	number int    // of the machine; -1: it is not one
}

func endOf(name string) end {
	set, rest, _ := strings.Cut(name, "[")
	if number, err := strconv.Atoi(strings.TrimSuffix(rest, "]")); err == nil {
		return end{name, set, number}
	}
	return end{name: name, number: -1}
}

// machines gives which machines of a group are at the place.
func (p end) machines(g *events.NICGroup) []int {
	switch {
	case p.number < 0 && (g.Set == p.name || g.Subnet == p.name):
		return g.NICs
	case p.number >= 0 && g.Set == p.set:
		if i, found := slices.BinarySearch(g.NICs, p.number); found {
			return g.NICs[i : i+1]
		}
	}
	return nil
}

// machine is a VM: a number of a set, the sets in the order of their facts, and
// the group it belongs to.
type machine struct {
	set, number int
	group       int
}

// division is which flows of so many belong to which group of a place. Many classes
// have the same.
type division struct {
	place string
	flows int
}

// groupsOf gives the groups of VMs of a place, and the flows of each; none, if no VM
// is there. Flow i belongs to machine i mod the number of machines of the place.
func (n *network) groupsOf(name string, flows int) []group {
	if groups, known := n.places[division{name, flows}]; known {
		return groups
	}
	groups := n.divide(endOf(name), flows)
	n.places[division{name, flows}] = groups
	return groups
}

func (n *network) divide(p end, flows int) []group {
	var machines []machine
	var groups []group
	sets := map[string]int{}
	for i := range n.groups {
		g := &n.groups[i]
		if _, known := sets[g.Set]; !known {
			sets[g.Set] = i
		}
		at, here := n.node(g.Group), p.machines(g)
		if len(here) == 0 || n.nodes[at].Type != events.VMNode {
			continue
		}
		for _, number := range here {
			machines = append(machines, machine{sets[g.Set], number, len(groups)})
		}
		groups = append(groups, group{at, n.ground.noFlows(flows)})
	}
	if len(groups) == 1 {
		groups[0].flows = n.allFlows(flows)
		return groups
	}
	slices.SortFunc(machines, func(a, b machine) int { return cmp.Or(a.set-b.set, a.number-b.number) })
	for at, m := range machines {
		for i := at; i < flows; i += len(machines) {
			groups[m.group].flows.add(i)
		}
	}
	return groups
}

// allFlows gives the set of the flows 0 to flows-1.
func (n *network) allFlows(flows int) flowSet {
	all, known := n.whole[flows]
	if !known {
		all = allFlows(flows)
		n.whole[flows] = all
	}
	return all
}
