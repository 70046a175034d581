package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"dualhome/metrics"
)

// TestNoBarWhereTheOutageIsNotOver: that some came back says nothing of what did not.
func TestNoBarWhereTheOutageIsNotOver(t *testing.T) {
	part := new(int64(1e9))
	c := &metrics.Convergence{Disturbance: "d", Detect: part, Propagate: part, Decide: part, Program: part, Flows: part, Restored: new(true)}
	if b := BudgetOf(c, "lost"); b.Text != "" || b.total() != 5e9 {
		t.Errorf("restored: %+v", b)
	}
	c.Restored = new(false)
	if b := BudgetOf(c, "lost"); b.Text != "lost" || b.total() != 0 {
		t.Errorf("not restored: %+v", b)
	}
}

// TestBudgetsAreThoseOfTheTables: the parts of a bar stand one after the other from the
// disturbance on, each as long as it lasts on the axis that all bars share.
func TestBudgetsAreThoseOfTheTables(t *testing.T) {
	r := played(t, "expressroute-active-active", nil)
	var bars []BudgetBar
	for i := range r.Convergence {
		bars = append(bars, BudgetOf(&r.Convergence[i], "no outage"))
	}
	p := Budget(bars, BudgetOptions{})
	root := tidy(t, "budget", p)
	scale, drawn := 0.0, 0
	for i := range r.Convergence {
		c := &r.Convergence[i]
		row := root.lane("data-disturbance", c.Disturbance)
		parts := row.all("budget-part")
		if c.Detect == nil {
			if len(parts) > 0 || !strings.Contains(p.Desc, c.Disturbance+": no outage.") {
				t.Errorf("%s has no budget, but %d parts", c.Disturbance, len(parts))
			}
			continue
		}
		drawn++
		at, sum := 178.0, int64(0)
		for _, part := range parts {
			if math.Abs(part.f("x")-at) > 0.02 {
				t.Errorf("%s: %s begins at %v, not %v", c.Disturbance, part.attrs["data-part"], part.f("x"), at)
			}
			at += part.f("width")
			sum += int64(part.f("data-ns"))
		}
		if want := *c.Detect + *c.Propagate + *c.Decide + *c.Program + *c.Flows; sum != want {
			t.Errorf("%s: %d ns, not %d", c.Disturbance, sum, want)
		}
		if s := (at - 178) / float64(sum); scale == 0 {
			scale = s
		} else if math.Abs(s/scale-1) > 0.001 {
			t.Errorf("%s: another scale, %v", c.Disturbance, s/scale)
		}
	}
	if drawn != 3 {
		t.Errorf("%d bars", drawn)
	}
	for _, want := range []string{
		"circuit1-lost: 36.077 s = detect 0.839 s + propagate 0.004 s + decide 29.634 s + program 5.600 s.", // as the summary says it
		"nva1-dies: 181.998 s = detect 177.798 s + program 4.200 s.",
	} {
		if !strings.Contains(p.Desc, want) {
			t.Errorf("%s is missing in %s", want, p.Desc)
		}
	}
}

// TestManyBudgets: there is a bound, and it is told.
func TestManyBudgets(t *testing.T) {
	var bars []BudgetBar
	for i := range 1000 {
		bars = append(bars, BudgetBar{Name: fmt.Sprint("a disturbance with a long name ", i), Parts: [5]int64{int64(i) * 1e9, 1e6, 5e9, int64(i), 1e9}})
	}
	p := Budget(bars, BudgetOptions{Width: 640})
	tidy(t, "many", p)
	if !strings.Contains(p.Desc, "And 960 more disturbances.") {
		t.Errorf("it says %s", p.Desc)
	}
}

// TestWindows: a window holds its disturbance and all that follows from it, and stays
// within the run.
func TestWindows(t *testing.T) {
	for name, r := range runs(t) {
		end := int64(r.Horizon)
		all := Windows(r, end)
		if len(all) != len(r.Convergence) {
			t.Errorf("%s: %d windows", name, len(all))
		}
		for i, w := range all {
			c := &r.Convergence[i]
			if w.Name != c.Disturbance || w.At != c.T || w.From < 0 || w.From > w.At || w.To <= w.At || w.To > end {
				t.Errorf("%s: %+v", name, w)
			}
			for _, effect := range []*int64{c.Detection, c.Control, c.Forwarding, c.Traffic} {
				if effect != nil && c.Converged && c.T+*effect > w.To {
					t.Errorf("%s: %+v ends before an effect at %d", name, w, c.T+*effect)
				}
			}
		}
	}
}

// TestHubClasses: hubs have classes of their own, in the order of their names, whatever
// the order of the rows is.
func TestHubClasses(t *testing.T) {
	var tables metrics.Tables
	for _, hub := range []string{"west", "east", "west", "north"} {
		tables.Traffic = append(tables.Traffic, metrics.Traffic{Via: new(hub)}, metrics.Traffic{})
	}
	if got := fmt.Sprint(HubClasses(&tables)); got != "[{east s1} {north s2} {west s3}]" {
		t.Errorf("the classes are %s", got)
	}
}
