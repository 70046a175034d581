package metrics

import (
	"reflect"
	"slices"
	"testing"

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
