package chart

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"dualhome/metrics"
	"dualhome/report/svg"
)

// shown is one timeline of a run, as another parser reads it.
type shown struct {
	name     string
	run      *metrics.Result
	from, to int64
	picture  svg.Picture
	root     *node
	bin      float64 // the width of its bins
}

// bins gives both ends of all bins, in coordinates.
func (s *shown) bins() (all [][2]float64) {
	left, right := s.root.f("data-left"), s.root.f("data-right")
	for x := left; x < right-1e-9; x += s.bin {
		all = append(all, [2]float64{x, min(x+s.bin, right)})
	}
	return all
}

// x gives the coordinate of a time.
func (s *shown) x(t int64) float64 {
	left, right := s.root.f("data-left"), s.root.f("data-right")
	return left + float64(t-s.from)/float64(s.to-s.from)*(right-left)
}

// everyTimeline gives the whole of many runs, and each of their windows.
func everyTimeline(t *testing.T, use func(*shown)) {
	show := func(name string, r *metrics.Result, from, to int64, o TimelineOptions) {
		p := Timeline(r, from, to, o)
		s := &shown{name: fmt.Sprint(name, " ", o.About, " ", o.Brief), run: r, from: from, to: to, picture: p, root: tidy(t, name+" "+o.About, p), bin: 1}
		if to == 0 {
			s.to = int64(r.Horizon)
		}
		for body := ""; body != p.Body; s.bin *= 2 {
			body = newSheet(r, s.from, s.to, withDefaults(o, r), s.bin).draw()
			if body == p.Body {
				break
			}
		}
		use(s)
	}
	for name, r := range runs(t) {
		show(name, r, 0, 0, TimelineOptions{})
		show(name, r, 0, 0, TimelineOptions{Brief: true, Width: 640})
		for i, w := range Windows(r, int64(r.Horizon)) {
			if i < 6 {
				show(name, r, w.From, w.To, TimelineOptions{About: w.Name})
			}
		}
	}
}

// seen counts what was compared, so that no comparison is of nothing.
type seen struct{ flows, mixed, sessions, alone, changes int }

// TestTimelinesShowTheTables: what is drawn is what the tables say, in each bin of each
// lane, and nothing else is.
func TestTimelinesShowTheTables(t *testing.T) {
	var n seen
	everyTimeline(t, func(s *shown) {
		s.showsTraffic(t, &n)
		for _, lane := range s.root.all("session") {
			n.sessions++
			n.alone += s.sessionLane(t, lane)
		}
		s.showsChanges(t, &n)
	})
	if n.flows < 60 || n.mixed < 500 || n.sessions < 100 || n.alone < 20 || n.changes < 2000 {
		t.Errorf("only this was compared: %+v", n)
	}
}

// showsTraffic integrates the rows of traffic.arrow over each bin, and compares with
// the areas that are drawn there: of each hub, of each cause, and of both together,
// which is all that is offered.
func (s *shown) showsTraffic(t *testing.T, n *seen) {
	for _, one := range streams(s.run.Traffic) {
		lane := s.laneOf(one.class, one.direction)
		if lane == nil {
			continue
		}
		n.flows++
		height := lane.all("plot")[0].f("height")
		want := s.integrated(one.rows)
		areas := lane.all("area")
		for b, bin := range s.bins() {
			drawn := map[string]float64{}
			all := 0.0
			for _, area := range areas {
				key := "via " + area.attrs["data-hub"] + area.attrs["data-cause"]
				drawn[key] = area.filled(bin[0], bin[1]) / height
				all += drawn[key]
			}
			if len(want[b]) > 1 {
				n.mixed++
			}
			sum := 0.0
			for key, v := range want[b] {
				sum += v
				if math.Abs(drawn[key]-v) > 0.004*s.bin+0.01 {
					t.Fatalf("%s: %s %s, bin %d: %s has %v, not %v", s.name, one.class, one.direction, b, key, drawn[key], v)
				}
			}
			if math.Abs(all-sum) > 0.005*s.bin+0.01 {
				t.Fatalf("%s: %s %s, bin %d: %v is drawn, not %v", s.name, one.class, one.direction, b, all, sum)
			}
			strip := lane.all("strip")[0].filled(bin[0], bin[1]) > 0
			lost := 0.0
			for key, v := range want[b] {
				if lane.lane("data-cause", key[4:]) != nil {
					lost += v
				}
			}
			if lost > 1e-6 && !strip {
				t.Fatalf("%s: %s %s, bin %d: a loss of %v is not marked", s.name, one.class, one.direction, b, lost)
			}
		}
	}
}

func (s *shown) laneOf(class, direction string) *node {
	for _, lane := range s.root.all("flow") {
		if lane.attrs["data-class"] == class && lane.attrs["data-direction"] == direction {
			return lane
		}
	}
	return nil
}

// integrated gives what share each hub and cause has, times the width, in each bin:
// the slow way.
func (s *shown) integrated(rows []metrics.Traffic) []map[string]float64 {
	bins := s.bins()
	all := make([]map[string]float64, len(bins))
	for i := range all {
		all[i] = map[string]float64{}
	}
	for from := 0; from < len(rows); {
		to, offered := from, 0.0
		for ; to < len(rows) && rows[to].T == rows[from].T; to++ {
			offered += float64(rows[to].Offered)
		}
		until := s.to
		if to < len(rows) {
			until = rows[to].T
		}
		a, b := max(s.x(rows[from].T), bins[0][0]), min(s.x(until), bins[len(bins)-1][1])
		for i := max(int((a-bins[0][0])/s.bin), 0); i < len(bins) && bins[i][0] < b; i++ {
			bin := bins[i]
			width := min(b, bin[1]) - max(a, bin[0])
			if width <= 0 || offered == 0 {
				continue
			}
			for k := range rows[from:to] {
				row := &rows[from+k]
				if row.Delivered > 0 {
					all[i]["via "+hubName(text(row.Via))] += float64(row.Delivered) / offered * width
				}
				if row.Lost > 0 {
					all[i]["via "+text(row.Cause)] += float64(row.Lost) / offered * width
				}
			}
		}
		from = to
	}
	return all
}

// sessionLane checks one lane, and counts the bins with one end alone: where an end is
// drawn as established its last row says so, and its process runs; a bin that is drawn
// as coming and going has changes.
func (s *shown) sessionLane(t *testing.T, lane *node) (alone int) {
	top, names := lane.all("down")[0].f("y"), pairNames(lane.attrs["data-session"])
	ups := [2][]span{s.ups(names[0], names[1]), s.ups(names[1], names[0])}
	solid, striped := lane.all("end-up"), lane.all("end-mixed")
	for b, bin := range s.bins() {
		var up [2]float64
		for k := range up {
			want, changes := s.covered(ups[k], bin)
			mixed := filledAt(striped, bin, top+float64(k)*laneHeight/2)
			up[k] = filledAt(solid, bin, top+float64(k)*laneHeight/2)
			if mixed > 1e-6 {
				if changes == 0 {
					t.Fatalf("%s: %v, bin %d: nothing comes or goes", s.name, lane.attrs, b)
				}
				continue
			}
			if math.Abs(up[k]-want) > 0.011 {
				t.Fatalf("%s: %v, end %d, bin %d: up for %v, not %v", s.name, lane.attrs, k, b, up[k], want)
			}
		}
		if math.Abs(up[0]-up[1]) > 0.5 {
			alone++
		}
	}
	return alone
}

func pairNames(session string) [2]string {
	for i := range session {
		if session[i] == '~' {
			return [2]string{session[:i], session[i+1:]}
		}
	}
	return [2]string{}
}

// filledAt gives how much of a bin paths fill in the half of a lane that begins at top.
func filledAt(paths []*node, bin [2]float64, top float64) (sum float64) {
	for _, p := range paths {
		if p.top() == svg.Number(top) {
			sum += p.filled(bin[0], bin[1]) / (laneHeight / 2)
		}
	}
	return sum
}

// span is a stretch of time.
type span struct{ from, to int64 }

// ups gives when an actor is there and takes its session with a peer for established:
// the slow way.
func (s *shown) ups(actor, peer string) (ups []span) {
	since, up := int64(0), false
	for _, row := range s.run.Sessions {
		if row.Actor == actor && row.Peer == peer && up != (row.State == "Established") {
			if up {
				ups = append(ups, span{since, row.T})
			}
			since, up = row.T, !up
		}
	}
	if up {
		ups = append(ups, span{since, int64(s.run.Horizon)})
	}
	for _, a := range s.run.Absences {
		if a.Actor != actor {
			continue
		}
		var cut []span
		for _, u := range ups {
			cut = append(cut, span{u.from, min(u.to, a.From)}, span{max(u.from, a.To), u.to})
		}
		ups = slices.DeleteFunc(cut, func(u span) bool { return u.to <= u.from })
	}
	return ups
}

// covered gives how much of a bin spans cover, and how many of their ends are in it.
func (s *shown) covered(ups []span, bin [2]float64) (width float64, changes int) {
	for _, u := range ups {
		a, b := s.x(u.from), s.x(u.to)
		width += max(min(b, bin[1])-max(a, bin[0]), 0)
		for _, x := range []float64{a, b} {
			if x >= bin[0]-0.01 && x <= bin[1]+0.01 {
				changes++
			}
		}
	}
	return width, changes
}

// showsChanges: each row of routes.arrow has a mark where it is in the lane of its
// actor, and each mark has a row.
func (s *shown) showsChanges(t *testing.T, n *seen) {
	at := map[*node][]float64{}
	for i := range s.run.Routes {
		r := &s.run.Routes[i]
		if r.T < s.from || r.T > s.to {
			continue
		}
		class := map[string]string{"loc-rib": "tick-best", "fib": "tick-fib", "nic": "tick-nic"}[r.Table]
		for _, lane := range s.root.all("lane") {
			if marks := lane.all(class); lane.attrs["data-actor"] == r.Actor && len(marks) == 1 {
				at[marks[0]] = append(at[marks[0]], s.x(r.T))
				n.changes++
			}
		}
	}
	for _, class := range []string{"tick-best", "tick-fib", "tick-nic"} {
		for _, marks := range s.root.all(class) {
			if _, known := at[marks]; !known && len(s.root.all("density")) == 0 {
				t.Errorf("%s: marks of nothing", s.name)
			}
		}
	}
	for marks, xs := range at {
		s.marked(t, marks, xs)
	}
}

// marked tests that marks are where something happens, and only there.
func (s *shown) marked(t *testing.T, marks *node, xs []float64) {
	for _, x := range xs {
		if marks.filled(x-tickWidth, x+tickWidth) == 0 {
			t.Fatalf("%s: nothing is marked at %v", s.name, x)
		}
	}
	slices.Sort(xs)
	for _, bin := range s.bins() {
		if marks.filled(bin[0], bin[1]) == 0 {
			continue
		}
		i, _ := slices.BinarySearch(xs, bin[0]-s.bin-tickWidth)
		if i == len(xs) || xs[i] > bin[1]+s.bin+tickWidth {
			t.Fatalf("%s: there is a mark at %v, but no change", s.name, bin)
		}
	}
}

// TestRootTellsItsScale: the page moves the cursor by what the root element says.
func TestRootTellsItsScale(t *testing.T) {
	r := played(t, "active-passive", nil)
	root := read(t, Timeline(r, 300e9, 500e9, TimelineOptions{ID: "x"}))
	if root.attrs["data-from"] != "300000000000" || root.attrs["data-to"] != "500000000000" {
		t.Errorf("the root is %v", root.attrs)
	}
	if partial := read(t, Timeline(r, 0, 0, TimelineOptions{Reached: 400e9})); partial.attrs["data-to"] != "400000000000" {
		t.Errorf("a run that came to 400 s ends at %s", partial.attrs["data-to"])
	}
	cursor := root.all("cursor")[0].kids[0]
	if cursor.f("x1") != root.f("data-left") || cursor.f("y2")-cursor.f("y1") < 300 {
		t.Errorf("the cursor is %v", cursor.attrs)
	}
	for _, area := range root.all("plot") {
		if area.f("x") != root.f("data-left") || math.Abs(area.f("x")+area.f("width")-root.f("data-right")) > 0.01 {
			t.Errorf("a plot is %v", area.attrs)
		}
	}
	for _, p := range root.all("lost") {
		if p.attrs["fill"] != "url(#x-loss)" {
			t.Errorf("a hatch is not of this picture: %v", p.attrs)
		}
	}
}
