package metrics

import (
	"net/netip"

	"dualhome/events"
)

// texts makes the texts of rows, each once, however many rows have it.
type texts struct {
	known   map[string]*string
	buffer  []byte
	numbers []int64
	lists   []string
}

func newTexts() *texts { return &texts{known: map[string]*string{}} }

// column gives a nullable column value: null where s is empty.
func (t *texts) column(s string) *string {
	if s == "" {
		return nil
	}
	return t.of(append(t.buffer[:0], s...))
}

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

func (t *texts) prefix(p netip.Prefix) string { return *t.of(p.AppendTo(t.buffer[:0])) }

func (t *texts) address(a netip.Addr) string { return *t.of(a.AppendTo(t.buffer[:0])) }

func (t *texts) path(p events.ASPath) *string { return t.of(p.AppendTo(t.buffer[:0])) }

// addresses gives next hops as text; nil for none, as the file gives them back.
func (t *texts) addresses(hops []netip.Addr) []string {
	if len(hops) == 0 {
		return nil
	}
	from := len(t.lists)
	for _, h := range hops {
		t.lists = append(t.lists, t.address(h))
	}
	return t.lists[from:len(t.lists):len(t.lists)]
}

// number gives a nullable column value.
func (t *texts) number(n int) *int64 {
	t.numbers = append(t.numbers, int64(n))
	return &t.numbers[len(t.numbers)-1]
}
