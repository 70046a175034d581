package arrowfile

import (
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"dualhome/events"
)

// Line is a line of a log (events.arrow).
type Line struct {
	Seq     int64   `arrow:"seq"`        // its number, from 1, without gaps
	Cause   int64   `arrow:"cause"`      // the line that it follows from, the newest if several; 0: the scenario
	Root    int64   `arrow:"root"`       // the disturbance at the beginning of that chain; 0: the start of the run
	T       int64   `arrow:"t_ns"`       // when
	Due     *int64  `arrow:"due_ns"`     // when a message arrives or a timer fires; null where nothing is due
	Role    string  `arrow:"role,dict"`  // fact, fault, in, change, out, lost, timer-set, timer-fired, timer-stopped
	Actor   string  `arrow:"actor,dict"` // whose line it is
	Peer    *string `arrow:"peer,dict"`  // the other end of a message; null where there is none
	Kind    string  `arrow:"kind,dict"`  // of event: update, session-changed, best-changed and so on
	Prefix  *string `arrow:"prefix"`     // the first that the event is about; null: about none
	Detail  string  `arrow:"detail"`     // the event as text
	Causes  []int64 `arrow:"causes"`     // one for each prefix in wire order; null where one serves all
	Payload []byte  `arrow:"payload"`    // enough to rebuild the event: of a BGP message its RFC 4271 bytes; see events.Payload
	Conn    *string `arrow:"conn,dict"`  // the connection of a BGP message: who opened it, and its number there: nva1#3
}

// EventsName is the name of the table of lines.
const EventsName = "events"

// WriteEvents writes the lines of a log as events.arrow. It reads them twice:
// lines must give the same both times.
func WriteEvents(file string, lines iter.Seq2[events.Line, error], m Meta) error {
	return writeSeq(file, EventsName, rowsOfLines(lines), m)
}

// rowsOfLines makes a row of each line.
func rowsOfLines(lines iter.Seq2[events.Line, error]) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		var roots []int64
		for l, err := range lines {
			var row Line
			if err == nil {
				roots, err = addRoot(roots, &l)
			}
			if err == nil {
				row = rowOf(&l)
				row.Root = roots[l.Seq-1]
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// addRoot appends the root of a line (law of causes, R5).
func addRoot(roots []int64, l *events.Line) ([]int64, error) {
	if l.Seq != uint64(len(roots))+1 || l.Cause >= l.Seq {
		return roots, fmt.Errorf("line %d, which follows from line %d, stands after line %d", l.Seq, l.Cause, len(roots))
	}
	switch {
	case l.Role == events.Fault:
		return append(roots, int64(l.Seq)), nil
	case l.Cause == 0:
		return append(roots, 0), nil
	}
	return append(roots, roots[l.Cause-1]), nil
}

func rowOf(l *events.Line) Line {
	conn, payload := events.Payload(l.Event)
	row := Line{
		Seq: int64(l.Seq), Cause: int64(l.Cause), T: int64(l.At), Role: l.Role.String(), Actor: string(l.Actor),
		Peer: nullable(string(l.Peer)), Kind: l.Event.Kind().String(), Prefix: nullable(firstPrefix(l.Event)),
		Detail: l.Event.String(), Payload: payload,
	}
	if payload == nil {
		row.Payload = []byte{}
	}
	if l.Due != 0 {
		row.Due = new(int64(l.Due))
	}
	if conn.N != 0 {
		row.Conn = nullable(conn.String())
	}
	for _, c := range l.Causes {
		row.Causes = append(row.Causes, int64(c))
	}
	return row
}

func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// firstPrefix gives the first prefix that an event is about; none if it is about
// none.
func firstPrefix(e events.Event) string {
	switch e := e.(type) {
	case *events.BestChanged:
		return e.Prefix.String()
	case *events.FIBChanged:
		return e.Prefix.String()
	case events.SystemRoute:
		return e.Prefix.String()
	case events.UserRoute:
		return e.Prefix.String()
	case events.Timer:
		if e.Prefix.IsValid() {
			return e.Prefix.String()
		}
	case events.Program:
		return firstRoute(e.Routes)
	case events.NICChanged:
		return firstRoute(e.Routes)
	case *events.Update:
		switch {
		case len(e.Withdrawn) > 0:
			return e.Withdrawn[0].String()
		case len(e.NLRI) > 0:
			return e.NLRI[0].String()
		}
	}
	return ""
}

func firstRoute(routes []events.NICRoute) string {
	if len(routes) == 0 {
		return ""
	}
	return routes[0].Prefix.String()
}

// errStop ends reading when nobody wants more lines.
var errStop = errors.New("stop")

// ReadEvents gives the lines of events.arrow, until the first error. They are
// the lines that were written, to the byte of their encoding. Errors about what
// is in the file wrap ErrFile.
func ReadEvents(file string) iter.Seq2[events.Line, error] {
	return func(yield func(events.Line, error) bool) {
		for l, err := range ReadRooted(file) {
			if !yield(l.Line, err) {
				return
			}
		}
	}
}

// RootedLine is a line and the disturbance that it follows from.
type RootedLine struct {
	events.Line
	Root uint64 // its line; 0: the start of the run
}

// ReadRooted is ReadEvents with roots.
func ReadRooted(file string) iter.Seq2[RootedLine, error] {
	return func(yield func(RootedLine, error) bool) {
		r := &lineReader{yield: yield}
		_, err := readInto(file, EventsName, r.batch)
		if err != nil && !errors.Is(err, errStop) {
			yield(RootedLine{}, err)
		}
	}
}

// lineRow is what reading a line needs of a row of events.arrow: what the row says besides
// follows from its payload.
type lineRow struct {
	Seq     int64   `arrow:"seq"`
	Cause   int64   `arrow:"cause"`
	Root    int64   `arrow:"root"`
	T       int64   `arrow:"t_ns"`
	Due     *int64  `arrow:"due_ns"`
	Role    string  `arrow:"role,dict"`
	Actor   string  `arrow:"actor,dict"`
	Peer    *string `arrow:"peer,dict"`
	Kind    string  `arrow:"kind,dict"`
	Causes  []int64 `arrow:"causes"`
	Payload []byte  `arrow:"payload"`
	Conn    *string `arrow:"conn,dict"`
}

// lineReader makes lines of rows.
type lineReader struct {
	codec events.Codec
	seq   uint64
	yield func(RootedLine, error) bool
}

func (r *lineReader) batch(rows iter.Seq[lineRow]) error {
	for row := range rows {
		l, err := r.line(&row)
		if err != nil {
			return fmt.Errorf("%w: line %d: %w", ErrFile, r.seq+1, err)
		}
		r.seq = l.Seq
		if row.Root < 0 || row.Root > row.Seq {
			return fmt.Errorf("%w: line %d: its root is line %d", ErrFile, r.seq, row.Root)
		}
		if !r.yield(RootedLine{l, uint64(row.Root)}, nil) {
			return errStop
		}
	}
	return nil
}

func (r *lineReader) line(row *lineRow) (events.Line, error) {
	l := events.Line{Seq: uint64(row.Seq), Cause: uint64(row.Cause), At: events.Time(row.T), Actor: events.ActorID(row.Actor)}
	if l.Seq != r.seq+1 || row.Cause < 0 || l.Cause >= l.Seq || row.T < 0 {
		return l, fmt.Errorf("its place is damaged: seq %d, cause %d, time %d", row.Seq, row.Cause, row.T)
	}
	for _, c := range row.Causes {
		if c < 0 || c >= row.Seq {
			return l, fmt.Errorf("it follows from line %d", c)
		}
		l.Causes = append(l.Causes, uint64(c))
	}
	if row.Due != nil {
		l.Due = events.Time(*row.Due)
	}
	if row.Peer != nil {
		l.Peer = events.ActorID(*row.Peer)
	}
	var err error
	if l.Role, err = events.ParseRole(row.Role); err != nil {
		return l, err
	}
	l.Event, err = r.event(row)
	return l, err
}

func (r *lineReader) event(row *lineRow) (events.Event, error) {
	kind, err := events.ParseKind(row.Kind)
	if err != nil {
		return nil, err
	}
	conn, err := parseConn(row.Conn)
	if err != nil {
		return nil, err
	}
	return r.codec.Rebuild(kind, conn, row.Payload)
}

// parseConn reads what events.Conn.String writes.
func parseConn(s *string) (events.Conn, error) {
	if s == nil {
		return events.Conn{}, nil
	}
	i := strings.LastIndexByte(*s, '#')
	n, err := strconv.ParseUint((*s)[i+1:], 10, 32)
	if i < 0 || err != nil {
		return events.Conn{}, fmt.Errorf("%q is no connection", *s)
	}
	return events.Conn{Initiator: events.ActorID((*s)[:i]), N: uint32(n)}, nil
}
