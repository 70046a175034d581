package diagram

import "math"

// roof gives where the first tier begins: lower where a line goes above it.
func (p *plan) roof() float64 {
	for _, l := range p.lines {
		if l.beside() && l.a.tier() == 0 {
			return 40
		}
	}
	return 0
}

// settle places what is in no tier: in the middle, below all tiers.
func (p *plan) settle(free []*box, below float64) {
	if len(free) == 0 {
		return
	}
	middle := 0.0
	for i, t := range p.tiers {
		for _, b := range t.blocks {
			if i == 0 {
				middle = b.x + b.w/2
			}
		}
	}
	high := 0.0
	for _, b := range free {
		high = min(high, b.y-b.reach())
	}
	for _, b := range free {
		b.move(b.x+middle, b.y-high+below)
	}
}

// around is the margin of the picture, and least how wide it is at least between them:
// the legend has to stand there.
const (
	around = 16
	least  = 220
)

// fit moves everything, so that it begins at the margin, and says how large it is.
func (p *plan) fit() {
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	cover := func(x, y, by float64) {
		low = [2]float64{min(low[0], x-by), min(low[1], y-by)}
		high = [2]float64{max(high[0], x+by), max(high[1], y+by)}
	}
	for _, f := range p.frames {
		cover(f.x, f.y, 0)
		cover(f.right(), f.bottom(), 0)
	}
	for _, b := range p.boxes {
		cover(b.x, b.y, b.reach())
		cover(b.right(), b.bottom(), b.reach())
	}
	for _, l := range p.lines {
		for _, part := range l.path.parts {
			for i := 0; i < len(part.points); i += 2 {
				cover(part.points[i], part.points[i+1], 3)
			}
		}
	}
	if len(p.boxes)+len(p.frames) == 0 {
		low, high = [2]float64{}, [2]float64{}
	}
	w := max(high[0]-low[0], least)
	p.move(around+(w-high[0]-low[0])/2, around-low[1])
	p.size = rect{0, 0, w + 2*around, high[1] - low[1] + 2*around}
}

func (p *plan) move(x, y float64) {
	for _, f := range p.frames {
		f.x, f.y, f.head.x, f.head.y = f.x+x, f.y+y, f.head.x+x, f.head.y+y
	}
	for _, b := range p.boxes {
		b.move(b.x+x, b.y+y)
	}
	for _, l := range p.lines {
		for _, part := range l.path.parts {
			for i := 0; i < len(part.points); i += 2 {
				part.points[i] += x
				part.points[i+1] += y
			}
		}
	}
}
