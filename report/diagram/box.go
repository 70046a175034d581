package diagram

import "math"

// rect is a rectangle, by its left upper corner.
type rect struct{ x, y, w, h float64 }

func (r rect) right() float64   { return r.x + r.w }
func (r rect) bottom() float64  { return r.y + r.h }
func (r rect) centerX() float64 { return r.x + r.w/2 }
func (r rect) centerY() float64 { return r.y + r.h/2 }

// node is an actor, or the Internet: what events are of, and what traffic passes.
type node struct {
	rect
	id, kind string
	lines    []string
	about    string // all that is known of it in one line
	box      *box

	turned float64 // where the name stands beside the node: the angle that it stands at, in degrees from 0 up
	beside bool
}

// box is a thing of the scenario: a node, or several, which are chips in it.
type box struct {
	rect
	name, kind string
	lines      []string // the first is its name
	about      string
	chips      []*node // one, which is as large as the box, where the thing is one node
	layout     layout
	title      rect // where its lines stand
	frame      *frame
	tier, row  int
	free       bool // in no tier: lines to it go straight to its middle
}

// layout says where the chips of a box stand.
type layout uint8

const (
	single layout = iota // there are none: the box is the node
	ends                 // one at each end, so that lines from above and from below come to them
	below                // below the title: of nodes that no line leads to
)

// Sizes, in CSS pixels.
const (
	nameSize, noteSize = 13.0, 11.0
	nameLine, noteLine = 17.0, 14.0
	margin             = 8.0 // inside boxes
	widest             = 186.0
)

// lead gives how much room lines of text take.
func lead(lines []string) (w, h float64) {
	for i, text := range lines {
		size, line := noteSize, noteLine
		if i == 0 {
			size, line = nameSize, nameLine
		}
		w, h = max(w, width(text, size, i == 0)), h+line
	}
	return math.Ceil(min(w, widest)), h
}

// measure sets the sizes of a box and of its chips.
func (b *box) measure() {
	w, h := lead(b.lines)
	switch b.layout {
	case single:
		b.w, b.h = max(w+2*margin, b.least()), h+2*margin
	case ends:
		b.measureEnds(w, h)
	case below:
		b.measureBelow(w, h)
	}
}

// least is how wide a box of one node is at least.
func (b *box) least() float64 {
	if b.kind == "router" {
		return 44
	}
	return 118
}

func (b *box) measureEnds(w, h float64) {
	cw, ch := b.chipSize()
	b.h = max(h, ch) + 2*margin
	for _, c := range b.chips {
		c.w, c.h = cw, b.h-2*margin
	}
	b.w = 2*cw + max(w, 60) + 4*margin
}

// chipSize gives the room that the largest of the chips needs.
func (b *box) chipSize() (w, h float64) {
	for _, c := range b.chips {
		for _, text := range c.lines {
			w = max(w, math.Ceil(min(width(text, noteSize, false), 100)))
		}
		h = max(h, noteLine*float64(len(c.lines)))
	}
	return w + 10, h + 8
}

// many is the number of chips from which on they are small, and in long rows.
const many = 6

func (b *box) perRow() int {
	if len(b.chips) > many {
		return 12
	}
	return 2
}

func (b *box) measureBelow(w, h float64) {
	cw, ch := b.chipSize()
	per := min(b.perRow(), len(b.chips))
	rows := (len(b.chips) + per - 1) / per
	for _, c := range b.chips {
		c.w, c.h = cw, ch
	}
	b.w = max(w, float64(per)*(cw+margin)-margin) + 2*margin
	b.h = h + float64(rows)*(ch+margin) + 2*margin
}

// move puts a box, and all that is in it, at a place.
func (b *box) move(x, y float64) {
	b.x, b.y = x, y
	b.title = rect{x + margin, y + margin, b.w - 2*margin, b.h - 2*margin}
	switch b.layout {
	case single:
		b.chips[0].rect = b.rect
	case ends:
		left, right := b.chips[0], b.chips[1]
		left.x, left.y = x+margin, y+margin
		right.x, right.y = b.right()-margin-right.w, y+margin
		b.title = rect{left.right(), y + margin, right.x - left.right(), b.h - 2*margin}
	case below:
		_, h := lead(b.lines)
		b.title.h = h
		b.moveBelow(y + margin + h + margin)
	}
}

func (b *box) moveBelow(y float64) {
	per := min(b.perRow(), len(b.chips))
	for i, c := range b.chips {
		left := b.centerX() - (float64(per)*(c.w+margin)-margin)/2
		c.x, c.y = left+float64(i%per)*(c.w+margin), y+float64(i/per)*(c.h+margin)
	}
}
