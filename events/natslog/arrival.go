package natslog

import (
	"bytes"
	"fmt"

	"github.com/nats-io/nats.go"

	"dualhome/events/eventlog"
)

// nonceSize is the length of what tells the messages of a bus from all others.
const nonceSize = 8

// poll takes what has arrived, and does not wait.
func (b *Bus) poll() {
	for b.err == nil {
		select {
		case m := <-b.arrivals:
			b.take(m)
			continue
		default:
		}
		select {
		case b.err = <-b.failed:
		default:
		}
		return
	}
}

// wait takes what arrives until enough did. If that is not so in time, message
// seq is lost.
func (b *Bus) wait(seq uint64, enough func() bool) {
	b.timer.Reset(b.timeout)
	defer b.timer.Stop()
	for b.err == nil && !enough() {
		select {
		case m := <-b.arrivals:
			b.take(m)
			b.poll() // seldom it comes alone
		case b.err = <-b.failed:
		case <-b.timer.C:
			b.err = fmt.Errorf("message %d on %s, after %v: %w", seq, b.wire[seq], b.timeout, eventlog.ErrLost)
		}
	}
}

// take matches an arrival with what was sent. nats.go has copied its bytes for
// it, so that it may keep them.
func (b *Bus) take(m *nats.Msg) {
	bytesOf, ours := bytes.CutPrefix(m.Data, b.nonce[:])
	if !ours {
		b.err = fmt.Errorf("on %s, not of this run: %w", m.Subject, eventlog.ErrStray)
		return
	}
	e, err := eventlog.Open(bytesOf, &b.codec)
	if err != nil {
		b.err = fmt.Errorf("on %s: %w: %w", m.Subject, eventlog.ErrStray, err)
		return
	}
	subject, sent := b.wire[e.Seq]
	switch {
	case sent && subject == m.Subject:
		delete(b.wire, e.Seq)
		b.arrived[e.Seq] = e
	case sent || e.Seq > b.last:
		b.err = fmt.Errorf("message %d on %s: %w", e.Seq, m.Subject, eventlog.ErrStray)
	default:
		b.err = fmt.Errorf("message %d on %s: %w", e.Seq, m.Subject, eventlog.ErrDuplicate)
	}
}

// oldest gives the lowest seq on the wire.
func (b *Bus) oldest() uint64 {
	low := b.last
	for seq := range b.wire {
		low = min(low, seq)
	}
	return low
}
