package capture

import "dualhome/events"

// fates is what becomes of packets. A packet is written when it is sent, and says when
// it arrives: so the log is read once before. Of packets that arrive when they are due,
// nearly all, nothing is kept.
type fates struct {
	under map[uint64]events.Time // by line: when a packet that is under way is due
	late  map[uint64]events.Time // when one arrives that was held
	lost  map[uint64]events.Time // when it was known that one never arrives
}

func newFates() *fates {
	return &fates{under: map[uint64]events.Time{}, late: map[uint64]events.Time{}, lost: map[uint64]events.Time{}}
}

// note takes a line.
func (f *fates) note(l *Line) {
	if !isPacket(l.Event) {
		return
	}
	switch l.Role {
	case events.Out:
		f.under[l.Seq] = l.Due
	case events.In:
		if due, is := f.under[l.Cause]; is && due != l.At {
			f.late[l.Cause] = l.At
		}
		delete(f.under, l.Cause)
	case events.Lost:
		f.lost[l.Cause] = l.At
		delete(f.under, l.Cause)
	}
}

// of says what becomes of a packet, when all lines were noted.
func (f *fates) of(sent *Line) string {
	if at, is := f.lost[sent.Seq]; is {
		return "lost=" + at.String()
	}
	if at, is := f.late[sent.Seq]; is {
		return "arrives=" + at.String()
	}
	if _, is := f.under[sent.Seq]; is {
		return "under-way-at-end"
	}
	return "arrives=" + sent.Due.String()
}
