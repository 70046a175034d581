package metrics

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"dualhome/events"
)

// How a class is served is what its two-way outages of all windows add up to; after the
// last repair it is told apart.
func TestServiceOfAFailover(t *testing.T) {
	s := begin(design{active: hop1})
	s.fails(100 * sec)
	s.node(s.fault(200*sec, "dies-repair", "node-death", "nva1"), "nva1", events.Alive)
	again := s.fault(300*sec, "again", "node-death", "nva2")
	s.node(again, "nva2", events.Dead) // it returns with empty tables, and nobody fills them
	s.node(s.fault(330*sec, "again-repair", "node-death", "nva2"), "nva2", events.Alive)
	r := s.measure(t)
	i := slices.IndexFunc(r.Services, func(s Service) bool { return s.Class == "to-dc" })
	got := r.Services[i]
	sum, byCause := [2]int64{}, map[string]int64{}
	for _, m := range r.Impacts {
		if m.Class == "to-dc" && m.Direction == "two-way" {
			sum[0], sum[1] = sum[0]+m.Outage, sum[1]+m.Equivalent
		}
	}
	for _, o := range r.Outages {
		if o.Class == "to-dc" && o.Direction == "two-way" && o.Cause != nil {
			byCause[*o.Cause] += o.Equivalent
		}
	}
	if got.Outage != sum[0] || got.Equivalent != sum[1] || sum[1] != int64(12*sec)+got.Offered-int64(200*sec) || got.AtRepair != got.Settling || got.Restored {
		t.Errorf("%+v, not %v", got, sum)
	}
	if got.Offered != int64(r.Horizon)-int64(100*sec) || got.Settling != int64(r.Horizon)-int64(330*sec) || got.Before != nil {
		t.Errorf("%+v", got)
	}
	causes := map[string]int64{}
	for _, c := range got.ByCause {
		causes[c.Cause] = int64(c.Lost)
	}
	if !reflect.DeepEqual(causes, byCause) || len(causes) < 2 {
		t.Errorf("%v, not %v", causes, byCause)
	}
}

// What is lost with nothing broken is known of the time before the first disturbance; where
// nothing fails there is nothing to say.
func TestServiceBeforeAnythingFails(t *testing.T) {
	if r := begin(design{active: hop1}).measure(t); r.Services != nil {
		t.Errorf("%+v", r.Services)
	}
	s := begin(design{active: "10.9.9.9"}) // nobody is there
	s.node(s.fault(100*sec, "x", "node-death", "nva2"), "nva2", events.Dead)
	for _, c := range s.measure(t).Services {
		if c.Class == "to-dc" && (len(c.Before) == 0 || c.Before[0].Lost != 1 || !c.Restored || c.Outage != c.Offered || c.Settling != 0) {
			t.Errorf("%+v", c)
		}
	}
}

// Where one gateway of a hub sends what it has to the NVA, and the other one does
// not, half is delivered past it.
func TestUninspectedBesideInspected(t *testing.T) {
	s := expressRoute()
	s.place("gw1-1", events.GatewayNode, "hub1", "10.1.1.5")
	s.system("gw1-1", vmNet, events.VNetPeering)
	s.joined("hub1-spoke", "spoke-vms gw1-1")
	s.joined("hub1-circuit1", "gw1-1 circuit1-0")
	s.user("gw1-0", vmNet, hop1)
	d := s.fault(100*sec, "joins", "announce", "x")
	s.fib(d, "circuit1-0", vmNet, hopGateway+" 10.1.1.5", "bgp")
	r := s.measured(t)
	at := slices.IndexFunc(r.Episodes, func(e Episode) bool { return e.Direction == "return" && e.Cause == "" })
	if e := r.Episodes[at]; e.Uninspected != int64(r.Horizon)-int64(100*sec) {
		t.Errorf("%v of %v are uninspected", time.Duration(e.Uninspected), time.Duration(r.Horizon))
	}
	if f := r.Final[1]; f.Inspected < 0.4 || f.Inspected > 0.6 || f.Delivered != 1 {
		t.Errorf("%+v", f)
	}
}
