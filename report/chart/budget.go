package chart

import (
	"fmt"
	"strings"
	"time"

	"dualhome/metrics"
	"dualhome/report/svg"
)

// BudgetBar is where the time of the outage after one disturbance went, in ns.
type BudgetBar struct {
	Name  string   // of the disturbance
	Parts [5]int64 // detect, propagate, decide, program, flows
	Text  string   // why there is no bar; "": there is one
}

// BudgetOf gives the bar of a disturbance, or says why there is none: of an outage that
// is not over, only the beginning is known.
func BudgetOf(c *metrics.Convergence, why string) BudgetBar {
	if c.Detect == nil || c.Restored != nil && !*c.Restored {
		return BudgetBar{Name: c.Disturbance, Text: why}
	}
	return BudgetBar{Name: c.Disturbance, Parts: [5]int64{*c.Detect, *c.Propagate, *c.Decide, *c.Program, *c.Flows}}
}

// BudgetOptions says how budgets are drawn.
type BudgetOptions struct {
	ID    string  // begins the ids in the picture; "" is budget
	Width float64 // CSS pixels; 0 is 1000
}

// mostBudgets bounds the rows of the picture.
const mostBudgets = 40

// partNames gives what the parts are called, in their order.
func partNames() [5]string { return [5]string{"detect", "propagate", "decide", "program", "flows"} }

// Budget draws the outage budgets of disturbances on one axis: a bar for each, whose
// parts are written out below it, or the text that says why there is none.
func Budget(bars []BudgetBar, o BudgetOptions) svg.Picture {
	if o.ID == "" {
		o.ID = "budget"
	}
	if o.Width == 0 {
		o.Width = 1000
	}
	b := budgets{id: o.ID, gutter: 178, width: o.Width}
	if o.Width < 700 {
		b.gutter = 120
	}
	p := svg.Picture{Width: o.Width, Class: "chart budget", Title: "Outage budgets", Style: Style}
	p.Desc = b.draw(bars)
	p.Height, p.Body = b.height, b.String()
	return p
}

// budgets is the picture while it is drawn.
type budgets struct {
	svg.Writer
	id            string
	gutter, width float64
	height        float64
}

const (
	budgetRow = 42.0 // of a bar
	whyRow    = 26.0 // of a text in its place
	barHeight = 17.0
)

// draw draws all, and gives what is to be seen in words.
func (b *budgets) draw(bars []BudgetBar) string {
	more := len(bars) - mostBudgets
	bars = bars[:min(len(bars), mostBudgets)]
	longest, used := int64(0), [5]bool{}
	for i := range bars {
		longest = max(longest, bars[i].total())
		for k, ns := range bars[i].Parts {
			used[k] = used[k] || ns > 0
		}
	}
	b.Open("defs")
	hatches(&b.Writer, b.id, hatch{"detect", ""}, hatch{"propagate", "M0 3.5H7"}, hatch{"decide", "M0 7L7 0M-1 1L1 -1M6 8L8 6"}, hatch{"program", "M3.5 0V7"}, hatch{"flows", "M0 0L7 7M0 7L7 0"})
	b.Close()
	bottom := 8.0
	for i := range bars {
		bottom += bars[i].height()
	}
	x := linear(nanoseconds, 0, float64(longest), b.gutter, b.width-96)
	b.height = bottom
	if longest > 0 {
		x.across(&b.Writer, bottom, 4, "time since the disturbance")
		b.height += axisHeight
	}
	words, top := []string{}, 8.0
	for i := range bars {
		b.row(&bars[i], x, top)
		top += bars[i].height()
		words = append(words, bars[i].Name+": "+bars[i].words()+".")
	}
	if more > 0 {
		b.height += 16
		b.Text("text", fmt.Sprintf("and %d more disturbances", more), "class", "note", "x", b.gutter, "y", b.height-4)
		words = append(words, fmt.Sprintf("And %d more disturbances.", more))
	}
	if longest > 0 {
		b.legend(used)
	}
	if len(bars) == 0 {
		return "There was no disturbance."
	}
	return strings.Join(words, " ")
}

func (b *budgets) legend(used [5]bool) {
	var all []entry
	for k, name := range partNames() {
		if used[k] {
			all = append(all, entry{name, name})
		}
	}
	b.height = key(&b.Writer, all, b.gutter, b.width-24, b.height, func(kind string, x, y float64) {
		b.Leaf("rect", "class", "budget-part", "fill", b.pattern(kind), "x", x, "y", y, "width", 18, "height", 9)
	})
}

func (b *budgets) pattern(name string) string { return "url(#" + b.id + "-" + name + ")" }

// row draws one bar with its parts, or its text.
func (b *budgets) row(bar *BudgetBar, x axis, top float64) {
	b.Open("g", "class", "budget-row", "data-disturbance", bar.Name)
	name := fitted(bar.Name, small, b.gutter-16)
	b.Open("text", "class", "lane-name", "x", b.gutter-8, "y", top+13, "text-anchor", "end")
	b.Text("title", bar.Name)
	b.Text("tspan", name)
	b.Close()
	if bar.Text != "" {
		b.Text("text", fitted(bar.Text, small, b.width-b.gutter-24), "class", "note", "x", b.gutter+4, "y", top+13)
		b.Close()
		return
	}
	sum := int64(0)
	for k, ns := range bar.Parts {
		from, to := x.at(float64(sum)), x.at(float64(sum+ns))
		sum += ns
		if ns == 0 {
			continue
		}
		name := partNames()[k]
		b.Leaf("rect", "class", "budget-part", "fill", b.pattern(name), "data-part", name, "data-ns", nanos(ns), "x", from, "y", top, "width", to-from, "height", barHeight)
		if textWidth(name, small)+10 < to-from {
			b.Text("text", name, "class", "area-name", "x", (from+to)/2, "y", top+12.5, "text-anchor", "middle")
		}
	}
	b.Text("text", Seconds(sum), "class", "total", "x", x.at(float64(sum))+6, "y", top+13)
	b.Text("text", fitted(bar.parts(), small, b.width-b.gutter-24), "class", "note", "x", b.gutter+1, "y", top+barHeight+13)
	b.Close()
}

// height gives the room that a row needs.
func (bar *BudgetBar) height() float64 {
	if bar.Text != "" {
		return whyRow
	}
	return budgetRow
}

func (bar *BudgetBar) total() (sum int64) {
	for _, ns := range bar.Parts {
		sum += ns
	}
	return sum
}

// parts names the parts that took time. It is their ends that are rounded, and so what
// is shown of the parts sums to what is shown of the whole.
func (bar *BudgetBar) parts() string {
	var all []string
	sum := int64(0)
	for k, ns := range bar.Parts {
		from := rounded(sum)
		sum += ns
		if ns > 0 {
			all = append(all, partNames()[k]+" "+Seconds(rounded(sum)-from))
		}
	}
	return strings.Join(all, " + ")
}

// rounded rounds a time to milliseconds.
func rounded(ns int64) int64 {
	const ms = int64(time.Millisecond)
	return (ns + ms/2) / ms * ms
}

func (bar *BudgetBar) words() string {
	if bar.Text != "" {
		return bar.Text
	}
	return Seconds(rounded(bar.total())) + " = " + bar.parts()
}
