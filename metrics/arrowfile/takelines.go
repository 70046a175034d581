package arrowfile

import (
	"github.com/apache/arrow/go/v17/arrow/array"

	"dualhome/events"
)

// lineRows reads what lineCells wrote, into the columns of events.arrow.
type lineRows struct {
	runs, cause, causes, at, due, role, actor, peer, content cursor

	into     lineBuilders
	contents []lineContent
	roles    []rolePlace
	actors   []int32 // by number in the part: the place in the dictionary of the file
	peers    []int32
	// Of the line before:
	run  int64
	left uint64 // lines of the run that follow it
	seq  int64
	root []int64 // by line of the run
}

// rolePlace is a role of the part.
type rolePlace struct {
	place int32
	fault bool
}

// lineContent is a content of lineCells. A place that is negative is null.
type lineContent struct {
	kind, conn              int32
	hasPrefix               bool
	prefix, detail, payload []byte
}

// lineBuilders are the builders of events.arrow.
type lineBuilders struct {
	numbers        [5]*array.Int64Builder // run, seq, cause, root, t_ns
	due            *array.Int64Builder
	places         [5]*array.Int32Builder // role, actor, peer, kind, conn
	prefix, detail *array.BinaryBuilder
	causes         *array.ListBuilder
	each           *array.Int64Builder // of causes
	payload        *array.BinaryBuilder
}

func (t *table) lineBuilders() lineBuilders {
	at := map[string]array.Builder{}
	for i, c := range t.columns {
		at[c.name] = t.builders[i]
	}
	b := lineBuilders{
		due: at["due_ns"].(*array.Int64Builder), causes: at["causes"].(*array.ListBuilder), payload: at["payload"].(*array.BinaryBuilder),
		prefix: at["prefix"].(*array.StringBuilder).BinaryBuilder, detail: at["detail"].(*array.StringBuilder).BinaryBuilder,
	}
	b.each = b.causes.ValueBuilder().(*array.Int64Builder)
	for i, name := range []string{"run", "seq", "cause", "root", "t_ns"} {
		b.numbers[i] = at[name].(*array.Int64Builder)
	}
	for i, name := range []string{"role", "actor", "peer", "kind", "conn"} {
		b.places[i] = at[name].(*array.Int32Builder)
	}
	return b
}

// dictionaryColumns gives which columns have a dictionary.
func (t *table) dictionaryColumns() []int {
	var at []int
	for i, d := range t.dicts {
		if d != nil {
			at = append(at, i)
		}
	}
	return at
}

// linesOf begins to read the lines of a part. texts are those of its dictionaries, in
// the order of the columns, and places where they are in those of the file.
func (t *table) linesOf(rows []byte, texts [][][]byte, places [][]int32) *partRows {
	c := &cursor{b: rows}
	lines, contents := c.count(), c.count()
	prefixes := c.words()
	at := t.dictionaryColumns() // role, actor, peer, kind, conn
	l := &lineRows{into: t.lineBuilders(), actors: places[at[1]], peers: places[at[2]]}
	for i, role := range texts[at[0]] {
		l.roles = append(l.roles, rolePlace{places[at[0]][i], string(role) == events.Fault.String()})
	}
	l.runs = c.sub(0)
	cursors := []*cursor{&l.cause, &l.causes, &l.at, &l.due, &l.role, &l.actor, &l.peer, &l.content}
	for _, column := range cursors {
		*column = c.sub(lines)
	}
	l.readContents(c, contents, prefixes, places[at[3]], places[at[4]])
	return &partRows{rows: lines, take: []func(int){l.take}, cursors: append(cursors, c, &l.runs)}
}

func (l *lineRows) readContents(c *cursor, n int, prefixes [][]byte, kinds, conns []int32) {
	var columns [5]cursor
	for i := range columns {
		columns[i] = c.sub(n)
	}
	if c.bad {
		return
	}
	kind, conn, prefix, detail, payload := &columns[0], &columns[1], &columns[2], &columns[3], &columns[4]
	l.contents = make([]lineContent, n)
	for i := range l.contents {
		one := &l.contents[i]
		one.conn = -1
		if k := kind.below(len(kinds)); !kind.bad {
			one.kind = kinds[k]
		}
		if k := conn.below(len(conns) + 1); k > 0 {
			one.conn = conns[k-1]
		}
		if k := prefix.below(len(prefixes) + 1); k > 0 {
			one.hasPrefix, one.prefix = true, prefixes[k-1]
		}
		one.detail, one.payload = detail.bytes(), payload.bytes()
	}
	for _, column := range columns {
		if !column.done() {
			c.fail()
		}
	}
}

// take appends the next n lines.
func (l *lineRows) take(n int) {
	for _, b := range l.into.numbers {
		b.Reserve(n)
	}
	for _, b := range l.into.places {
		b.Reserve(n)
	}
	for range n {
		if l.left == 0 {
			l.next()
		}
		l.left--
		l.seq++
		if l.place(); l.content.bad {
			return
		}
	}
}

// next begins the next run.
func (l *lineRows) next() {
	l.run, l.left = l.runs.int(), l.runs.uint()
	l.seq, l.root = 0, l.root[:0]
	if l.left == 0 {
		l.content.fail()
	}
}

// place appends where a line stands, and then what it says.
func (l *lineRows) place() {
	cause := l.seq - int64(l.cause.uint())
	role, actor, content := l.role.below(len(l.roles)), l.actor.below(len(l.actors)), l.content.below(len(l.contents))
	if cause < 0 || cause >= l.seq || l.role.bad || l.actor.bad || l.content.bad {
		l.content.fail()
		return
	}
	at := l.at.int()
	for i, n := range [...]int64{l.run, l.seq, cause, l.rootOf(cause, l.roles[role].fault), at} {
		l.into.numbers[i].UnsafeAppend(n)
	}
	if due := l.into.due; l.due.bool() {
		due.Append(at + l.due.signed())
	} else {
		due.AppendNull()
	}
	l.into.places[0].UnsafeAppend(l.roles[role].place)
	l.into.places[1].UnsafeAppend(l.actors[actor])
	if peer := l.peer.below(len(l.peers) + 1); peer > 0 {
		l.into.places[2].UnsafeAppend(l.peers[peer-1])
	} else {
		l.into.places[2].UnsafeAppendBoolToBitmap(false)
	}
	l.follows()
	l.says(&l.contents[content])
}

// rootOf gives the root of a line (law of causes, R5), and notes it.
func (l *lineRows) rootOf(cause int64, fault bool) int64 {
	root := int64(0)
	switch {
	case fault:
		root = l.seq
	case cause > 0:
		root = l.root[cause-1]
	}
	l.root = append(l.root, root)
	return root
}

// follows appends the causes of a line that has one for each prefix.
func (l *lineRows) follows() {
	n := l.causes.count()
	if n == 0 {
		l.into.causes.AppendNull()
		return
	}
	l.into.causes.Append(true)
	for range n {
		l.into.each.Append(l.seq - int64(l.causes.uint()))
	}
}

// says appends the columns of a content.
func (l *lineRows) says(one *lineContent) {
	l.into.places[3].UnsafeAppend(one.kind)
	if one.conn >= 0 {
		l.into.places[4].UnsafeAppend(one.conn)
	} else {
		l.into.places[4].UnsafeAppendBoolToBitmap(false)
	}
	if one.hasPrefix {
		l.content.text(l.into.prefix, one.prefix)
	} else {
		l.into.prefix.AppendNull()
	}
	l.content.text(l.into.detail, one.detail)
	l.content.text(l.into.payload, one.payload)
}
