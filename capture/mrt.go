package capture

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/osrg/gobgp/v4/pkg/packet/mrt"

	"dualhome/events"
)

// MRT writes what speakers received, and the states of their sessions, as records of
// type BGP4MP_ET (RFC 6396 section 4.4), subtypes BGP4MP_MESSAGE_AS4 and
// BGP4MP_STATE_CHANGE_AS4, with microseconds, rounded down. The local end of a record is
// the receiver. Only those speakers whom of selects are listened to; nil: all.
func MRT(w io.Writer, log Log, of func(events.ActorID) bool) error {
	out := bufio.NewWriterSize(w, 1<<16)
	nodes := &speakers{}
	for l, err := range log {
		if err != nil {
			return err
		}
		nodes.note(l.Event)
		if of != nil && !of(l.Actor) {
			continue
		}
		record, err := nodes.record(&l)
		if err != nil {
			return fmt.Errorf("line %d: %w", l.Seq, err)
		}
		if _, err := out.Write(record); err != nil {
			return err
		}
	}
	return out.Flush()
}

// record gives the record of a line; nil where there is none.
func (s *speakers) record(l *Line) ([]byte, error) {
	switch e := l.Event.(type) {
	case events.Message:
		if l.Role != events.In {
			return nil, nil
		}
		body, err := mrt.NewBGP4MPMessage(s.of(l.Peer).as, s.of(l.Actor).as, 0, s.of(l.Peer).address, s.of(l.Actor).address, true, nil)
		if err != nil {
			return nil, err
		}
		body.BGPMessagePayload = e.Bytes() // as they were sent, whatever they say
		return recordOf(date(l.At), mrt.MESSAGE_AS4, body)
	case events.SessionChanged:
		body, err := mrt.NewBGP4MPStateChange(s.of(e.Neighbor).as, s.of(l.Actor).as, 0, s.of(e.Neighbor).address, s.of(l.Actor).address, true,
			stateOf(e.Was), stateOf(e.Is))
		if err != nil {
			return nil, err
		}
		return recordOf(date(l.At), mrt.STATE_CHANGE_AS4, body)
	}
	return nil, nil
}

func recordOf(at time.Time, subtype mrt.MRTSubTypeBGP4MP, body mrt.Body) ([]byte, error) {
	if at.Unix() < 0 || at.Unix() > math.MaxUint32 {
		return nil, fmt.Errorf("MRT counts seconds up to the year 2106, and this is %v", at)
	}
	m, err := mrt.NewMRTMessage(at, mrt.BGP4MP_ET, subtype, body)
	if err != nil {
		return nil, err
	}
	b, err := m.Serialize()
	if err != nil {
		return nil, err
	}
	return counted(b), nil
}

// counted makes the length of a record count its microseconds too (RFC 6396 section 3).
// The library leaves them out, and other readers lose the next record.
func counted(record []byte) []byte {
	length := record[8:12]
	binary.BigEndian.PutUint32(length, binary.BigEndian.Uint32(length)+4)
	return record
}

// stateOf gives a state as MRT numbers it, from 1.
func stateOf(s events.State) mrt.BGPState { return mrt.BGPState(s) + mrt.IDLE }
