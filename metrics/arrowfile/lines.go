package arrowfile

import (
	"reflect"

	"github.com/apache/arrow/go/v17/arrow/array"

	"dualhome/events"
	"dualhome/metrics"
)

// Lines is the log of a run of a sweep as columns, taken line by line while the run
// goes on: nothing has to be read again for it.
type Lines struct {
	home    *Parts
	run     int64
	roots   []int64
	tables  []*tableBuilder         // in the order of partTables
	numbers [5]*array.Int64Builder  // run, seq, cause, root, t_ns
	due     *array.Int64Builder     //
	words   [7]*array.StringBuilder // role, actor, peer, kind, prefix, detail, conn
	causes  *array.ListBuilder
	payload *array.BinaryBuilder
}

// newLines makes all builders of a run.
func newLines(home *Parts) *Lines {
	l := &Lines{home: home}
	for _, t := range partTables() {
		l.tables = append(l.tables, newTableBuilder(t.row))
	}
	at := map[string]array.Builder{}
	for i, c := range l.tables[0].columns {
		at[c.name] = l.tables[0].rows.Field(i)
	}
	for i, name := range []string{"run", "seq", "cause", "root", "t_ns"} {
		l.numbers[i] = at[name].(*array.Int64Builder)
	}
	for i, name := range []string{"role", "actor", "peer", "kind", "prefix", "detail", "conn"} {
		l.words[i] = at[name].(*array.StringBuilder)
	}
	l.due, l.causes, l.payload = at["due_ns"].(*array.Int64Builder), at["causes"].(*array.ListBuilder), at["payload"].(*array.BinaryBuilder)
	return l
}

// Add takes the next line. It keeps nothing of it. It fails where the line does not
// follow on those before it.
func (l *Lines) Add(line *events.Line) (err error) {
	if len(l.roots) == 0 {
		l.tables[0].reserve()
	}
	if l.roots, err = addRoot(l.roots, line); err != nil {
		return err
	}
	for i, n := range [...]int64{l.run, int64(line.Seq), int64(line.Cause), l.roots[line.Seq-1], int64(line.At)} {
		l.numbers[i].Append(n)
	}
	if line.Due != 0 {
		l.due.Append(int64(line.Due))
	} else {
		l.due.AppendNull()
	}
	conn, payload := events.Payload(line.Event)
	l.payload.Append(payload)
	l.follows(line.Causes)
	for i, word := range [...]string{
		line.Role.String(), string(line.Actor), string(line.Peer), line.Event.Kind().String(),
		firstPrefix(line.Event), line.Event.String(), named(conn),
	} {
		if word == "" && !alwaysThere[i] {
			l.words[i].AppendNull()
		} else {
			l.words[i].Append(word)
		}
	}
	return nil
}

// alwaysThere tells which of the words of a line are never null.
var alwaysThere = [...]bool{true, true, false, true, false, true, false}

func (l *Lines) follows(causes []uint64) {
	if len(causes) == 0 {
		l.causes.AppendNull()
		return
	}
	l.causes.Append(true)
	values := l.causes.ValueBuilder().(*array.Int64Builder)
	for _, c := range causes {
		values.Append(int64(c))
	}
}

// named writes a connection; the zero Conn, of what belongs to none, as nothing.
func named(c events.Conn) string {
	if c.N == 0 {
		return ""
	}
	return c.String()
}

// Part makes the part of the run, when its lines are all there: its row of
// runs.arrow, its tables and its log. It keeps none of them. The lines are used up.
func (l *Lines) Part(run metrics.Run, t *metrics.Tables) *Part {
	addRows(l.tables[1], l.run, t.Routes)
	addRows(l.tables[2], l.run, t.Programming)
	addRows(l.tables[3], l.run, t.Sessions)
	addRows(l.tables[4], l.run, t.Convergence)
	addRows(l.tables[5], l.run, t.Flapping)
	addRows(l.tables[6], l.run, t.Traffic)
	addRows(l.tables[7], l.run, t.Shift)
	addRows(l.tables[8], l.run, t.Outages)
	l.tables[9].append(reflect.ValueOf(&run).Elem())
	p := &Part{}
	for _, b := range l.tables {
		p.tables = append(p.tables, b.record())
	}
	l.roots = l.roots[:0]
	l.home.idle.Put(l)
	return p
}
