package simtest

import (
	"fmt"
	"strings"

	"dualhome/events"
)

// Transcript prints lines as tests keep them. A line whose cause is not the
// line printed before it, or the trigger of its own turn, says what it follows
// from: <- and the text of its cause.
func Transcript(l Lineage, lines []events.Line) string {
	var b strings.Builder
	for _, one := range lines {
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(l.annotated(one), " "))
	}
	return b.String()
}

func (l Lineage) annotated(one events.Line) string {
	s := one.String()
	if one.Role != events.Change || one.Cause == 0 {
		return s
	}
	why := l.Line(one.Cause)
	if why.At == one.At && why.Actor == one.Actor && why.Role != events.Change {
		return s
	}
	return fmt.Sprintf("%s <- %s %v", s, why.Actor, why.Event)
}

// Tables gives the changes of tables and sessions among lines: what two runs
// that differ only in how they keep their sessions alive have in common.
func Tables(lines []events.Line) []events.Line {
	var some []events.Line
	for _, l := range lines {
		switch l.Event.(type) {
		case *events.BestChanged, *events.FIBChanged, events.NICChanged, events.SessionChanged:
			if l.Role == events.Change {
				some = append(some, l)
			}
		}
	}
	return some
}
