package metrics

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// texts makes the texts of rows, each once, however many rows have it.
type texts struct {
	known   map[string]*string
	nets    map[number]string
	lists   map[string][]string
	numbers map[int]*int64
	buffer  []byte
}

// manyTexts is after how many texts those of earlier runs are forgotten.
const manyTexts = 10_000

// reset begins another run, which likely has the same texts.
func (t *texts) reset() {
	if t.known == nil || len(t.known)+len(t.nets)+len(t.lists)+len(t.numbers) > manyTexts {
		*t = texts{known: map[string]*string{}, nets: map[number]string{}, lists: map[string][]string{}, numbers: map[int]*int64{}}
	}
}

// column gives a nullable column value: null where there is nothing.
func (t *texts) column(b []byte) *string {
	if len(b) == 0 {
		return nil
	}
	return t.of(b)
}

// text is column for what is a text already.
func (t *texts) text(s string) *string { return t.column(append(t.buffer[:0], s...)) }

// of gives the one text with some bytes, which may be in the buffer.
func (t *texts) of(b []byte) *string {
	t.buffer = b
	if s, known := t.known[string(b)]; known {
		return s
	}
	s := string(b)
	t.known[s] = &s
	return &s
}

func (t *texts) prefix(p netip.Prefix) string {
	n, ok := numberOf(p)
	if !ok {
		return *t.of(p.AppendTo(t.buffer[:0]))
	}
	s, known := t.nets[n]
	if !known {
		s = p.String()
		t.nets[n] = s
	}
	return s
}

func (t *texts) address(a netip.Addr) string { return *t.of(a.AppendTo(t.buffer[:0])) }

func (t *texts) path(p events.ASPath) *string { return t.of(p.AppendTo(t.buffer[:0])) }

// addresses gives next hops as text; nil for none, as the file gives them back.
func (t *texts) addresses(hops []netip.Addr) []string {
	if len(hops) == 0 {
		return nil
	}
	b := t.buffer[:0]
	for _, h := range hops {
		b = append(h.AppendTo(b), ' ')
	}
	t.buffer = b
	list, known := t.lists[string(b)]
	if !known {
		of := string(b)
		for _, h := range hops {
			list = append(list, t.address(h))
		}
		list = slices.Clip(list)
		t.lists[of] = list
	}
	return list
}

// number gives a nullable column value.
func (t *texts) number(n int) *int64 {
	known := t.numbers[n]
	if known == nil {
		made := int64(n)
		known, t.numbers[n] = &made, &made
	}
	return known
}
