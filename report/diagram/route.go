package diagram

import (
	"math"
	"slices"
)

// band is a stretch of the picture, from one height to another, through which a line
// goes straight down: between what stands there.
type band struct {
	span
	closed []span  // where something stands
	room   span    // where the line may be
	used   float64 // which lines it has to keep apart from: those of bands with this number
	share  float64 // of the way to the side that is left, which a line makes up to there; less than 0: as much as of the way down
}

// clearance is how near a line comes to what it passes, and lane how near to another.
const (
	clearance = 7.0
	lane      = 6.0
)

func everywhere() span { return span{math.Inf(-1), math.Inf(1)} }

// route draws the lines. None passes behind what it does not lead to: it goes down
// between the boxes of each row, and from side to side between the rows only.
func (p *plan) route() {
	p.downwards()
	ports, lanes := p.ports(), map[float64][]float64{}
	for _, l := range p.lines {
		x := ports[l]
		switch {
		case l.a.box != nil && l.a.box.free:
			l.path.from(l.a.rect.centerX(), l.a.rect.centerY())
			l.path.to(l.b.rect.centerX(), l.b.rect.centerY())
		case l.level():
			p.hang(l, x)
		case l.beside():
			p.across(l, x)
		default:
			p.down(l, x, lanes)
		}
	}
}

// hang joins two boxes of one row by a line below it.
func (p *plan) hang(l *stroke, x [2]float64) {
	row := p.tiers[l.a.tier()].rows[l.a.box.row]
	l.path.from(x[0], l.a.rect.bottom())
	l.path.to(x[0], row.to)
	l.path.hang(x[1], row.to, min(36, 14+math.Abs(x[1]-x[0])/10))
	l.path.to(x[1], l.b.rect.bottom())
}

// across joins two VNets of one tier: straight where they are neighbours, or else by a
// line above the tier.
func (p *plan) across(l *stroke, x [2]float64) {
	if p.neighbours(l.a.frame, l.b.frame) {
		y := l.a.rect.y + headSize/2 + 5
		l.path.from(l.a.rect.right(), y)
		l.path.to(l.b.rect.x, y)
		return
	}
	l.path.from(x[0], l.a.rect.y)
	l.path.hang(x[1], l.b.rect.y, -40)
}

func (p *plan) neighbours(a, b *frame) bool {
	blocks := p.tiers[a.tier].blocks
	i := slices.IndexFunc(blocks, func(x *block) bool { return x.frame == a })
	return i+1 < len(blocks) && blocks[i+1].frame == b
}

// down joins what is above to what is below.
func (p *plan) down(l *stroke, x [2]float64, lanes map[float64][]float64) {
	l.path.from(x[0], l.a.rect.bottom())
	if l.a.box != nil {
		l.path.to(x[0], p.tiers[l.a.tier()].rows[l.a.box.row].to)
	}
	end := l.b.rect.y
	if l.b.box != nil {
		end = p.tiers[l.b.tier()].rows[l.b.box.row].from
	}
	for _, b := range p.bands(l) {
		at := b.free(b.want(l.path, x[1], end), l.path.x, lanes)
		l.path.bend(at, b.from)
		l.path.to(at, b.to)
	}
	l.path.bend(x[1], end)
	l.path.to(x[1], l.b.rect.y)
}

// want gives where a line that has come so far would pass a stretch best: where it is,
// in the frame that it leaves, where it ends, in the frame that it comes to, and else
// on the straight way.
func (b band) want(p path, x, y float64) float64 {
	share := b.share
	if share < 0 {
		share = min(1, max(0, ((b.from+b.to)/2-p.y)/max(1, y-p.y)))
	}
	return p.x + (x-p.x)*share
}

// free gives the place nearest to where a line wants to be at which nothing stands,
// and no other line, if there is room. A band in which nothing stands leaves the line
// where it is.
func (b band) free(want, is float64, lanes map[float64][]float64) float64 {
	if len(b.closed) == 0 {
		return min(max(is, b.room.from), b.room.to)
	}
	best, least := want, math.Inf(1)
	for _, x := range b.candidates(want, is) {
		if !b.open(x) {
			continue
		}
		cost := math.Abs(x - want)
		for _, taken := range lanes[b.used] {
			if math.Abs(taken-x) < lane-0.5 {
				cost += 60 * (1 - math.Abs(taken-x)/lane)
			}
		}
		if cost < least {
			best, least = x, cost
		}
	}
	lanes[b.used] = append(lanes[b.used], best)
	return best
}

// candidates gives where a line may pass: where it wants to, where it is, and at the
// borders of what stands there, with places for others beside.
func (b band) candidates(want, is float64) []float64 {
	all := []float64{want, is}
	near := func(x float64) {
		for i := range 8 {
			all = append(all, x+float64(i)*lane, x-float64(i)*lane)
		}
	}
	near(want)
	for _, c := range b.closed {
		near(c.from - clearance)
		near(c.to + clearance)
	}
	if !math.IsInf(b.room.from, 0) {
		near(b.room.from)
		near(b.room.to)
	}
	return all
}

func (b band) open(x float64) bool {
	return x >= b.room.from && x <= b.room.to &&
		!slices.ContainsFunc(b.closed, func(s span) bool { return x > s.from-clearance+0.01 && x < s.to+clearance-0.01 })
}

// bands gives the stretches that a line goes through.
func (p *plan) bands(l *stroke) []band {
	from, to := l.a.tier(), l.b.tier()
	if from == to {
		return p.rows(from, l.a.rowOf()+1, l.b.rowOf(), nil, -1)
	}
	var all []band
	if t := p.tiers[from]; l.a.frame != nil {
		if l.a.box != nil {
			all = p.rows(from, l.a.box.row+1, len(t.rows), l.a.frame, 0.05)
		}
		all = append(all, band{span: span{l.a.frame.bottom() - 2, t.bottom}, room: inside(l.a.frame)})
	}
	for i := from + 1; i < to; i++ {
		t := p.tiers[i]
		b := band{span: span{t.top, t.bottom}, room: everywhere(), used: t.top, share: -1}
		for _, x := range t.blocks {
			b.closed = append(b.closed, span{x.x, x.x + x.w})
		}
		all = append(all, b)
	}
	if f := l.b.frame; f != nil && l.b.box != nil {
		all = append(all, band{span{f.y, f.head.bottom()}, []span{{f.head.x, f.head.right()}}, inside(f), f.y + f.x/1e6, 1})
		all = append(all, p.rows(to, 0, l.b.box.row, f, 1)...)
	}
	return all
}

// inside gives where a line may be in a frame.
func inside(f *frame) span { return span{f.x + clearance, f.right() - clearance} }

// rows gives the rows of a tier between two others; of one frame alone, if there is
// one, and down to its last.
func (p *plan) rows(tier, from, to int, in *frame, share float64) []band {
	var all []band
	t := p.tiers[tier]
	for i := from; i < to; i++ {
		b := band{span: t.rows[i], room: everywhere(), used: t.rows[i].from, share: share}
		if in != nil {
			b.room = inside(in)
		}
		for _, x := range t.in(i) {
			if in == nil || x.frame == in {
				b.closed = append(b.closed, span{x.x, x.right()})
			}
		}
		if len(b.closed) > 0 {
			all = append(all, b)
		}
	}
	return all
}
