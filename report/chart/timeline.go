package chart

import (
	"dualhome/metrics"
	"dualhome/report/svg"
)

// TimelineOptions says how a timeline is drawn.
type TimelineOptions struct {
	ID      string  // begins the ids in the picture: another one for each picture of a page; "" is timeline
	Width   float64 // CSS pixels; 0 is 1000
	About   string  // the disturbance that time is counted from; "" is the start of the run
	Reached int64   // how far the run came, ns; 0 is to its horizon
	Brief   bool    // only faults and traffic, in little height: for a gallery
}

// Timeline draws a run between two times, in nanoseconds; to of 0 is the run's end.
// From the top: what failed and was repaired, BGP sessions, changes of routes and of
// NICs, and the share of each class and direction that was delivered, by hub, and
// lost, by cause. The picture of a part leaves out what did not change in it, and says
// so.
//
// The root element has data-from and data-to, the times in nanoseconds, and data-left
// and data-right, the coordinates of these; a group of class cursor holds a line
// over all lanes at data-left, which is hidden unless it has the class on too.
func Timeline(r *metrics.Result, from, to int64, o TimelineOptions) svg.Picture {
	o = withDefaults(o, r)
	if to == 0 || to > o.Reached {
		to = o.Reached
	}
	to = max(to, from+1)
	for bin := 1.0; ; bin *= 2 {
		s := newSheet(r, from, to, o, bin)
		body := s.draw()
		if len(body) <= mostBytes || bin >= 64 {
			return s.picture(body)
		}
	}
}

func withDefaults(o TimelineOptions, r *metrics.Result) TimelineOptions {
	if o.ID == "" {
		o.ID = "timeline"
	}
	if o.Width == 0 {
		o.Width = 1000
	}
	if o.Reached == 0 {
		o.Reached = int64(r.Horizon)
	}
	return o
}

// mostBytes bounds the body of a picture: one that has more is drawn in wider bins.
const mostBytes = 85_000

// sheet is a timeline while it is drawn.
type sheet struct {
	svg.Writer
	grid     // of time
	run      *metrics.Result
	opts     TimelineOptions
	start    int64 // the time at the left end, ns
	stop     int64 // at the right end
	hubs     []HubClass
	failures []failure
	legend   []entry
	height   float64
	words    []string // what the description says of the lanes
}

func newSheet(r *metrics.Result, from, to int64, o TimelineOptions, bin float64) *sheet {
	gutter := 178.0
	if o.Width < 700 {
		gutter = 120
	}
	return &sheet{
		grid: grid{linear(nanoseconds, float64(from), float64(to), gutter, o.Width-24), bin},
		run:  r, opts: o, start: from, stop: to, hubs: HubClasses(&r.Tables), failures: failures(r, o.Reached),
	}
}

// whole tells whether all of the run is shown.
func (s *sheet) whole() bool { return s.start <= 0 && s.stop >= s.opts.Reached }

// band is a group of lanes with a title.
type band struct {
	title, note string
	height      float64 // below the title
	draw        func(top float64)
}

const (
	titleHeight = 22.0 // of a band with a title
	bandGap     = 10.0 // below a band
	axisHeight  = 42.0
)

// draw gives the body of the picture.
func (s *sheet) draw() string {
	flags := s.flags()
	all := []band{flags}
	if !s.opts.Brief {
		all = append(all, s.sessions()...)
		all = append(all, s.routes()...)
	}
	all = append(all, s.traffic()...)
	bottom := 4.0
	for _, b := range all {
		bottom += b.room()
	}
	s.patterns()
	s.timeAxis(bottom, flags.height+4)
	s.shade(flags.height+4, bottom)
	y := 4.0
	for i, b := range all {
		if i > 0 && b.height > 0 {
			s.marks(y+b.room()-bandGap-b.height-4, y+b.room()-4)
		}
		s.band(b, y)
		y += b.room()
	}
	s.cursor(bottom)
	s.height = key(&s.Writer, s.legend, s.axis.from, s.axis.to, bottom+axisHeight, s.symbol)
	return s.String()
}

// room gives the height of a band with its title and the gap below.
func (b band) room() float64 {
	if b.title == "" {
		return b.height + bandGap
	}
	return titleHeight + b.height + bandGap
}

func (s *sheet) band(b band, y float64) {
	if b.title != "" {
		s.Open("text", "class", "band-title", "x", s.axis.from, "y", y+14)
		s.Text("tspan", b.title)
		if b.note != "" {
			s.Text("tspan", fitted(b.note, small, s.axis.to-s.axis.from-textWidth(b.title, normal)*1.1-12), "class", "note", "dx", 10)
		}
		s.Close()
		y += titleHeight
	}
	if b.draw != nil {
		b.draw(y)
	}
}

// timeAxis draws the axis at the bottom, and its grid behind all bands.
func (s *sheet) timeAxis(bottom, top float64) {
	title, zero := "", 0.0
	for _, f := range s.failures {
		for _, d := range []disturbance{f.fault, f.repair} {
			if s.opts.About != "" && d.name == s.opts.About {
				title, zero = " after "+fitted(d.name, normal, 300)+", which is at "+Seconds(d.at), float64(d.at)
			}
		}
	}
	a := linear(nanoseconds, s.low-zero, s.high-zero, s.axis.from, s.axis.to)
	if title == "" {
		a.across(&s.Writer, bottom, top, "time")
		return
	}
	a.titled(&s.Writer, bottom, top, a.shown.name+title)
}

func (s *sheet) cursor(bottom float64) {
	s.Open("g", "class", "cursor")
	s.Leaf("line", "x1", s.axis.from, "y1", 0, "x2", s.axis.from, "y2", bottom)
	s.Close()
}

// picture puts words around the body.
func (s *sheet) picture(body string) svg.Picture {
	class := "chart timeline"
	if s.opts.Brief {
		class += " brief"
	}
	return svg.Picture{
		Width: s.opts.Width, Height: s.height, Class: class, Title: s.titleText(), Desc: s.descText(), Style: Style, Body: body,
		Data: []any{
			"data-from", nanos(s.start), "data-to", nanos(s.stop), "data-left", s.axis.from, "data-right", s.axis.to,
		},
	}
}
