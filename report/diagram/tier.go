package diagram

import (
	"cmp"
	"math"
	"slices"
)

// frame is a VNet: rows of boxes.
type frame struct {
	rect
	name, note string // what stands in its head
	head       rect   // where that stands
	rows       [][]*box
	tier       int
}

// block is what stands in a tier: a frame, or a box outside of all frames.
type block struct {
	frame *frame
	box   *box
	x, w  float64
}

// tier is a row of blocks. What stands in it has rows of its own, which the frames
// have in common.
type tier struct {
	blocks      []*block
	gap         float64 // between blocks
	top, bottom float64
	rows        []span // from where to where they reach down
}

type span struct{ from, to float64 }

// Distances, in CSS pixels.
const (
	pad       = 26.0   // between a frame and what is in it: room for lines
	headSize  = 24.0   // of a frame
	rowGap    = 46.0   // between rows in a frame
	boxGap    = 26.0   // between boxes in a row
	blockGap  = 34.0   // between blocks
	wideGap   = 84.0   // where lines to another tier of them pass
	tierGap   = 66.0   // between tiers
	mostWidth = 1220.0 // of what stands in a tier
)

func (b *block) boxes() []*box {
	if b.frame == nil {
		return []*box{b.box}
	}
	return slices.Concat(b.frame.rows...)
}

func (b *block) width() float64 {
	if b.frame == nil {
		return b.box.w
	}
	head := headWidth(b.frame)
	w := max(head+2*margin+36, min(2*head+54, 300)) // lines pass beside the head
	for _, row := range b.frame.rows {
		w = max(w, rowWidth(row)+2*pad)
	}
	return max(w, 150)
}

func headWidth(f *frame) float64 {
	return min(width(f.name, nameSize, true), widest) + 8 + width(f.note, noteSize, false)
}

func rowWidth(row []*box) float64 {
	w := -boxGap
	for _, b := range row {
		w += b.w + boxGap
	}
	return w
}

// inRows divides boxes into rows that are not too wide.
func inRows(boxes []*box) [][]*box {
	var all [][]*box
	for _, b := range boxes {
		last := len(all) - 1
		if last < 0 || rowWidth(all[last])+boxGap+b.w > mostWidth-2*pad {
			all = append(all, []*box{b})
			continue
		}
		all[last] = append(all[last], b)
	}
	return all
}

// inTiers divides blocks into tiers that are not too wide, and about equally full.
func inTiers(blocks []*block) []*tier {
	total := -blockGap
	for _, b := range blocks {
		b.w = b.width()
		total += b.w + blockGap
	}
	if len(blocks) == 0 {
		return nil
	}
	number, gap := int(total/mostWidth)+1, blockGap
	if number > 1 {
		gap = wideGap
		total += float64(len(blocks)) * (wideGap - blockGap)
		number = int(total/mostWidth) + 1
	}
	var all []*tier
	filled := 0.0
	for i, b := range blocks {
		if i == 0 || filled+b.w/2 > total/float64(number) || filled+b.w > mostWidth {
			all, filled = append(all, &tier{gap: gap}), 0
		}
		last := all[len(all)-1]
		last.blocks = append(last.blocks, b)
		filled += b.w + gap
	}
	return all
}

// stack sets where the tiers stand, from a height down, and gives where one more would.
// The places of their blocks from left to right are known.
func stack(tiers []*tier, y float64) float64 {
	for i, t := range tiers {
		t.stack(i, y)
		y = t.bottom + tierGap
	}
	return y
}

func (t *tier) stack(number int, y float64) {
	t.top, t.bottom = y, y
	if slices.ContainsFunc(t.blocks, func(b *block) bool { return b.frame != nil }) {
		y += headSize + 16
	}
	for row := range t.height() {
		h := 0.0
		for _, b := range t.in(row) {
			h = max(h, b.h)
		}
		if h == 0 {
			h = -rowGap // nobody has a box in this row
		}
		t.rows = append(t.rows, span{y, y + max(h, 0)})
		y += h + rowGap
	}
	for _, b := range t.blocks {
		b.settle(t, number)
	}
}

func (t *tier) height() int {
	n := 1
	for _, b := range t.blocks {
		if b.frame != nil {
			n = max(n, len(b.frame.rows))
		}
	}
	return n
}

// in gives the boxes of a row.
func (t *tier) in(row int) []*box {
	var all []*box
	for _, b := range t.blocks {
		switch {
		case b.frame == nil && row == 0:
			all = append(all, b.box)
		case b.frame != nil && row < len(b.frame.rows):
			all = append(all, b.frame.rows[row]...)
		}
	}
	return all
}

// settle places what is in a block.
func (b *block) settle(t *tier, number int) {
	if b.frame == nil {
		r := t.rows[0]
		b.box.tier, b.box.row = number, 0
		b.box.move(b.x, (r.from+r.to-b.box.h)/2)
		t.bottom = max(t.bottom, r.to)
		return
	}
	f := b.frame
	f.rect, f.tier = rect{b.x, t.top, b.w, headSize + 22}, number
	f.head = rect{b.x + margin, t.top + 5, headWidth(f), headSize - 5}
	for i, row := range f.rows {
		r, x := t.rows[i], f.centerX()-rowWidth(row)/2
		for _, box := range row {
			box.tier, box.row, box.frame = number, i, f
			box.move(x, (r.from+r.to-box.h)/2)
			x += box.w + boxGap
			f.h = r.to + 16 - f.y
		}
	}
	t.bottom = max(t.bottom, f.bottom())
}

// spread places the blocks of a tier as near as it can be to where they want to be, in
// that order, and apart from each other.
func (t *tier) spread(want func(*block) float64) {
	at := map[*block]float64{}
	for _, b := range t.blocks {
		at[b] = math.Round(want(b))
	}
	slices.SortStableFunc(t.blocks, func(x, y *block) int { return cmp.Compare(at[x], at[y]) })
	// Pool adjacent violators: those that are in each other's way move together, by
	// their mean.
	type pool struct {
		sum, n float64
		first  int
	}
	var pools []pool
	offsets, offset := make([]float64, len(t.blocks)), 0.0
	for i, b := range t.blocks {
		if i > 0 {
			offset += t.blocks[i-1].w/2 + t.gap + b.w/2
		}
		offsets[i] = offset
		pools = append(pools, pool{at[b] - offset, 1, i})
		for n := len(pools) - 1; n > 0 && pools[n-1].sum/pools[n-1].n > pools[n].sum/pools[n].n; n-- {
			pools[n-1].sum += pools[n].sum
			pools[n-1].n += pools[n].n
			pools = pools[:n]
		}
	}
	for p, q := range pools {
		end := len(t.blocks)
		if p+1 < len(pools) {
			end = pools[p+1].first
		}
		for i := q.first; i < end; i++ {
			t.blocks[i].x = q.sum/q.n + offsets[i] - t.blocks[i].w/2
		}
	}
}
