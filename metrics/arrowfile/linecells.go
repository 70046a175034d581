package arrowfile

import (
	"encoding/binary"
	"fmt"

	"dualhome/events"
)

// lineCells are the logs of the runs of a block. What a line says stands there once
// for all lines that say the same: runs of one scenario are much alike.
type lineCells struct {
	seq      uint64 // of the line before
	lines    int
	block    uint64
	known    contents
	contents uint64 // of this block
	runs     cells  // by run: its number, and how many lines it has
	// By line. The roots follow from causes and roles.
	cause, causes, at, due, role, actor, peer, content cells
	// By content.
	kind, conn, prefix, detail, payload cells
}

func newLineCells() *lineCells { return &lineCells{block: 1} }

// columns lists what a part has of lines, in its order.
func (l *lineCells) columns() []*cells {
	return []*cells{
		&l.runs, &l.cause, &l.causes, &l.at, &l.due, &l.role, &l.actor, &l.peer, &l.content,
		&l.kind, &l.conn, &l.prefix, &l.detail, &l.payload,
	}
}

// dictionaries lists the columns of events.arrow that have one, in its order.
func (l *lineCells) dictionaries() []*cells {
	return []*cells{&l.role, &l.actor, &l.peer, &l.kind, &l.conn}
}

// add takes the next line of a run.
func (l *lineCells) add(line *events.Line) error {
	if line.Seq != l.seq+1 || line.Cause >= line.Seq {
		return fmt.Errorf("line %d, which follows from line %d, stands after line %d", line.Seq, line.Cause, l.seq)
	}
	content := l.contentOf(line.Event) // before the rest: if an event has no text, the line was not here
	l.seq++
	l.lines++
	l.cause.uint(line.Seq - line.Cause)
	l.causes.uint(uint64(len(line.Causes)))
	for _, c := range line.Causes {
		l.causes.uint(line.Seq - c)
	}
	l.at.int(int64(line.At))
	if l.due.bool(line.Due != 0) {
		l.due.b = binary.AppendVarint(l.due.b, int64(line.Due-line.At))
	}
	l.role.text(line.Role.String())
	l.actor.text(string(line.Actor))
	l.peer.nullableText(string(line.Peer), line.Peer != "")
	l.content.uint(content)
	return nil
}

// contentOf gives the number of what an event says.
func (l *lineCells) contentOf(e events.Event) uint64 {
	c := l.known.of(e)
	if c.block == l.block {
		return c.number
	}
	c.block, c.number = l.block, l.contents
	l.contents++
	l.kind.text(c.kind)
	l.conn.nullableText(c.conn, c.conn != "")
	l.prefix.nullableText(c.prefix, c.prefix != "")
	l.detail.b = appendText(l.detail.b, c.detail)
	l.payload.b = appendText(l.payload.b, c.payload)
	return c.number
}

// end ends a run.
func (l *lineCells) end(run int64) {
	if l.seq > 0 {
		l.runs.int(run)
		l.runs.uint(l.seq)
	}
	l.seq = 0
}

func (l *lineCells) appendWords(b []byte) []byte {
	for _, c := range l.dictionaries() {
		b = c.words.append(b)
	}
	return b
}

func (l *lineCells) appendRows(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(l.lines))
	b = binary.AppendUvarint(b, l.contents)
	b = l.prefix.words.append(b)
	for _, c := range l.columns() {
		b = appendText(b, c.b)
	}
	return b
}

func (l *lineCells) reset() {
	for _, c := range l.columns() {
		c.reset()
	}
	l.seq, l.lines, l.contents = 0, 0, 0
	l.block++
}

// content is what a line says: all columns of events.arrow that depend on the event
// alone. Its encoding, with its kind, makes the event, so it makes its text.
type content struct {
	key                        string // kind and encoding
	kind, conn, prefix, detail string
	payload                    []byte
	block, number              uint64   // where it was written last
	next                       *content // what was said after it, the last time
}

// contents remembers what events say, from one block to the next: to look an event up
// takes a small part of what it takes to write its text. What has not been said for
// long is forgotten, so that it stays small enough to be fast.
type contents struct {
	known, before map[string]*content
	size          int // of known, in bytes
	key           []byte
	last          *content // of the run; nil at its begin
}

// contentsKept bounds what is known, and what was before.
const contentsKept = 1 << 20

// of gives what an event says. Mostly it is what followed on the one before in another
// run, too.
func (m *contents) of(e events.Event) *content {
	kind := e.Kind()
	m.key = events.AppendEvent(append(m.key[:0], byte(kind)), e)
	if m.last != nil && m.last.next != nil && m.last.next.key == string(m.key) {
		m.last = m.last.next
		return m.last
	}
	c := m.lookUp(kind, e)
	if m.last != nil {
		m.last.next = c
	}
	if m.last = c; kind == events.KindRunStarted {
		m.last = nil // so that no run holds on to the next
	}
	return c
}

// lookUp gives what the event with that key says.
func (m *contents) lookUp(kind events.Kind, e events.Event) *content {
	c, known := m.known[string(m.key)]
	if known {
		return c
	}
	if c, known = m.before[string(m.key)]; !known {
		conn, payload := events.Payload(e)
		c = &content{key: string(m.key), kind: kind.String(), conn: named(conn), prefix: firstPrefix(e), detail: e.String(), payload: payload}
	}
	if kind != events.KindRunStarted { // that is long, and of one run
		m.keep(c)
	}
	return c
}

func (m *contents) keep(c *content) {
	m.size += 2*len(c.key) + len(c.detail) + contentOverhead
	if m.known == nil || m.size > contentsKept {
		m.known, m.before, m.size = map[string]*content{}, m.known, 0
	}
	m.known[c.key] = c
}

// contentOverhead is about what a content takes beside its texts.
const contentOverhead = 256

// named writes a connection; the zero Conn, of what belongs to none, as nothing.
func named(c events.Conn) string {
	if c.N == 0 {
		return ""
	}
	return c.String()
}
