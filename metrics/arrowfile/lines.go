package arrowfile

import (
	"reflect"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"dualhome/events"
	"dualhome/metrics"
)

// Lines is the log of a run of a sweep as columns, taken line by line while the run
// goes on: nothing has to be read again for it.
type Lines struct {
	run     int64
	roots   []int64
	rows    *array.RecordBuilder
	numbers [5]*array.Int64Builder  // run, seq, cause, root, t_ns
	due     *array.Int64Builder     //
	words   [7]*array.StringBuilder // role, actor, peer, kind, prefix, detail, conn
	causes  *array.ListBuilder
	payload *array.BinaryBuilder
}

// NewLines begins the log of the run of that number.
func NewLines(run int64) *Lines {
	columns := plain(columnsOf(reflect.TypeFor[InRun[Line]]()))
	l := &Lines{run: run, rows: array.NewRecordBuilder(memory.DefaultAllocator, schemaOf("", columns, Meta{}))}
	at := map[string]array.Builder{}
	for i, c := range columns {
		at[c.name] = l.rows.Field(i)
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
// runs.arrow, its tables and its log. It keeps none of them, and the lines are used
// up.
func (l *Lines) Part(run metrics.Run, t *metrics.Tables) (*Part, error) {
	p := &Part{tables: append(make([]arrow.Record, 0, len(partTables())), l.rows.NewRecord())}
	l.rows.Release()
	return p, p.add(run, t)
}
