package simtest

import (
	"errors"
	"fmt"
	"reflect"

	"dualhome/events"
)

// Laws checks everything that must hold for the lines of any run, and reports
// the first line that breaks each law.
func Laws(r *Recorder) error {
	return errors.Join(Order(r.Written), Codec(r), Wires(r.Written), Causes(r.Written), Absence(r.Written), Silence(r.Written))
}

// Order says that lines are numbered without gaps, time does not go back, and a line
// follows from an earlier one.
func Order(lines []events.Line) error {
	now := events.Time(0)
	for i, l := range lines {
		switch {
		case l.Seq != uint64(i)+1:
			return fmt.Errorf("line %d stands at place %d", l.Seq, i+1)
		case l.At < now:
			return fmt.Errorf("time goes back at line %d: %v", l.Seq, l)
		case l.Cause >= l.Seq:
			return fmt.Errorf("line %d follows from line %d: %v", l.Seq, l.Cause, l)
		case l.Due != 0 && l.Due < l.At:
			return fmt.Errorf("line %d is due before it was written: %v", l.Seq, l)
		}
		for _, c := range l.Causes {
			if c > l.Cause || c == 0 {
				return fmt.Errorf("line %d follows from line %d beside %d: %v", l.Seq, c, l.Cause, l)
			}
		}
		now = l.At
	}
	return nil
}

// Codec says that what the log gives back is what was written.
func Codec(r *Recorder) error {
	var codec events.Codec
	for _, want := range r.Written {
		b := codec.AppendLine(nil, &want)
		got, n, err := codec.DecodeLine(b)
		if err != nil || n != len(b) {
			return fmt.Errorf("line %d: %d of %d bytes read (%w): %v", want.Seq, n, len(b), err, want)
		}
		if !reflect.DeepEqual(normal(got), normal(want)) {
			return fmt.Errorf("line %d comes back as another:\n%#v\n%#v", want.Seq, got, want)
		}
	}
	return nil
}

// normal gives a line with the parts of UPDATEs side by side, so that only what
// they say is compared.
func normal(l events.Line) any {
	u, ok := l.Event.(*events.Update)
	if !ok {
		return l
	}
	l.Event = nil
	return []any{l, u.Wire, u.String()}
}

// conn is one direction of one connection; none for messages of the fabric.
type conn struct {
	from, to events.ActorID
	id       events.Conn
}

func connOf(from, to events.ActorID, e events.Event) conn {
	switch e := e.(type) {
	case events.Message:
		return conn{from, to, e.Connection()}
	case events.TCP:
		return conn{from, to, e.Conn}
	}
	return conn{from, to, events.Conn{}}
}

// Wires says that an Out arrives or is lost at most once, as what it was and not before
// it is due, unless something that its sender heard meanwhile on that connection
// acknowledged what it was stuck behind; and no message overtakes another of its
// connection.
func Wires(lines []events.Line) error {
	type arrival struct{ cause, at uint64 } // the lines of the message and of its arrival
	done, last := map[uint64]bool{}, map[conn]arrival{}
	for _, l := range lines {
		if l.Role != events.In && l.Role != events.Lost || l.Cause == 0 {
			continue
		}
		out := lines[l.Cause-1]
		c := connOf(out.Actor, out.Peer, out.Event)
		switch {
		case out.Role != events.Out || out.Peer != l.Actor || out.Actor != l.Peer || out.Event.String() != l.Event.String():
			return fmt.Errorf("line %d is no arrival of line %d: %v; %v", l.Seq, l.Cause, l, out)
		case done[l.Cause]:
			return fmt.Errorf("line %d arrives twice, also at %d: %v", l.Cause, l.Seq, l)
		case l.Role == events.In && l.At < out.Due && last[conn{out.Peer, out.Actor, c.id}].at < out.Seq:
			return fmt.Errorf("line %d arrives before %v: %v", l.Cause, out.Due, l)
		case l.Role == events.In && l.Cause < last[c].cause:
			return fmt.Errorf("line %d overtakes line %d: %v", last[c].cause, l.Cause, l)
		}
		done[l.Cause] = true
		if l.Role == events.In {
			last[c] = arrival{l.Cause, l.Seq}
		}
	}
	return nil
}
