package chart

import (
	"cmp"
	"slices"
)

// place is room for a name in an area: between two coordinates, around a height.
type place struct{ from, to, y float64 }

// leastHeight is what a line of small text needs.
const leastHeight = 12.0

// places gives the room in the area of a figure that is as wide as asked for, the
// widest first: in single pieces, or else, where these are short, across several.
func (f *flow) places(y axis, figure int, width float64) (all []place) {
	low, high := f.level(figure), f.level(figure+1)
	for _, p := range f.pieces {
		if top, bottom := y.at(high(p)), y.at(low(p)); p.to-p.from >= width && bottom-top >= leastHeight {
			all = append(all, place{p.from, p.to, (top + bottom) / 2})
		}
	}
	if len(all) == 0 {
		all = f.across(y, low, high, width)
	}
	slices.SortStableFunc(all, func(a, b place) int { return cmp.Compare(b.to-b.from, a.to-a.from) })
	return all
}

// across gives places that go on as long as there is height in common.
func (f *flow) across(y axis, low, high func(piece) float64, width float64) (all []place) {
	for i := 0; i < len(f.pieces); i++ {
		top, bottom := y.to, y.from
		p := place{from: f.pieces[i].from, to: f.pieces[i].from}
		for ; i < len(f.pieces); i++ {
			t, b := max(top, y.at(high(f.pieces[i]))), min(bottom, y.at(low(f.pieces[i])))
			if b-t < leastHeight {
				break
			}
			top, bottom, p.to = t, b, f.pieces[i].to
		}
		if p.to > p.from {
			i-- // the piece that ended it may begin another
		}
		if p.y = (top + bottom) / 2; p.to-p.from >= width {
			all = append(all, p)
		}
	}
	return all
}
