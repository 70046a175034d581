package chart

import (
	"maps"
	"slices"
	"strconv"

	"dualhome/metrics"
)

// HubClass is the class of a hub in all pictures and tables of a run: s1 to s7.
type HubClass struct{ Hub, Class string }

// noHub is the class of traffic that is delivered without a hub.
const noHub = "s8"

// HubClasses gives the classes of all hubs that carry traffic, in the order of their
// names. Beyond seven hubs classes come again.
func HubClasses(t *metrics.Tables) []HubClass {
	known := map[string]bool{}
	for i := range t.Traffic {
		if via := t.Traffic[i].Via; via != nil && !known[*via] {
			known[*via] = true
		}
	}
	var all []HubClass
	for i, hub := range slices.Sorted(maps.Keys(known)) {
		all = append(all, HubClass{hub, "s" + strconv.Itoa(i%7+1)})
	}
	return all
}

// classOf gives the class of a hub; "" is none.
func classOf(all []HubClass, hub string) string {
	for _, c := range all {
		if c.Hub == hub {
			return c.Class
		}
	}
	return noHub
}
