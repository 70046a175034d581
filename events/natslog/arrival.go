package natslog

import (
	"bytes"
	"errors"
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

// few is how many messages under way are waited for one by one. Where there are
// more, one answer of the server behind them all costs less than to be woken by
// each; it costs as much as some messages do.
const few = 8

// wait sends what is gathered, and takes what arrives until enough did. If that
// is not so in time, message seq is lost.
func (b *Bus) wait(seq uint64, enough func() bool) {
	if b.err == nil {
		b.err = b.out.publish(b.conn)
	}
	b.timer.Reset(b.timeout)
	defer b.timer.Stop()
	if b.err == nil && b.flights.wire > few {
		if err := b.settle(); b.err == nil && !errors.Is(err, nats.ErrTimeout) {
			b.err = err
		}
	}
	for b.err == nil && !enough() {
		select {
		case m := <-b.arrivals:
			b.take(m)
			b.poll() // seldom it comes alone
		case b.err = <-b.failed:
		case <-b.timer.C:
			b.err = fmt.Errorf("message %d on %s, after %v: %w", seq, b.flights.get(seq).subject, b.timeout, eventlog.ErrLost)
		}
	}
}

// settle waits until the server has answered behind all that it had to deliver,
// and takes that.
func (b *Bus) settle() error {
	err := b.conn.FlushTimeout(b.timeout)
	b.poll()
	if err != nil {
		return fmt.Errorf("the bus: %w", err)
	}
	return nil
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
	switch sent := b.flights.get(e.Seq); {
	case sent != nil && !sent.arrived && sent.subject == m.Subject:
		b.flights.land(sent, e)
	case sent != nil && !sent.arrived || e.Seq > b.flights.highest:
		b.err = fmt.Errorf("message %d on %s: %w", e.Seq, m.Subject, eventlog.ErrStray)
	default:
		b.err = fmt.Errorf("message %d on %s: %w", e.Seq, m.Subject, eventlog.ErrDuplicate)
	}
}
