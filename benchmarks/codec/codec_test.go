// Package codec_test measures the encoding of lines and messages.
package codec_test

import (
	"fmt"
	"net/netip"
	"testing"

	"dualhome/events"
)

var conn = events.Conn{Initiator: "nva1", N: 1}

// update is a common UPDATE: one prefix, the n-th, behind a path of three.
func update(n int) *events.Update {
	return events.NewUpdate(conn, &events.Routes{
		Attrs: &events.Attrs{
			Path:    events.ASPath{{AS: []uint32{65001, 65100, 65200}}},
			NextHop: netip.MustParseAddr("10.11.0.4"),
		},
		NLRI: []netip.Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n >> 8), byte(n)}), 24)},
	})
}

// lines are one of each of the commonest lines of a run.
func lines() []events.Line {
	e := update(1)
	p := e.NLRI[0]
	best := &events.BestChanged{
		Prefix: p, Was: []events.ActorID{"nva2"}, Is: []events.ActorID{"nva1"},
		NextHops: []netip.Addr{e.Attrs.NextHop}, Path: e.Attrs.Path, Why: "shorter AS path",
	}
	timer := events.Timer{Name: events.MRAITimer, Peer: "nva2"}
	at := func(seq uint64, role events.Role, peer events.ActorID, e events.Event) events.Line {
		return events.Line{Seq: seq, Cause: seq - 3, At: 223_412_907_000, Role: role, Actor: "rs0-0", Peer: peer, Event: e}
	}
	all := []events.Line{
		at(100_001, events.In, "nva1", e), at(100_002, events.Change, "", best),
		at(100_003, events.Out, "nva2", e), at(100_004, events.Set, "", timer),
	}
	all[2].Due, all[3].Due = all[2].At+1_500_000, all[3].At+30e9
	return all
}

func BenchmarkAppendLine(b *testing.B) {
	for _, l := range lines() {
		b.Run(fmt.Sprintf("%v-%v", l.Role, l.Event.Kind()), func(b *testing.B) {
			var codec events.Codec
			var buf []byte
			b.ReportAllocs()
			for b.Loop() {
				buf = codec.AppendLine(buf[:0], &l)
			}
			b.ReportMetric(float64(len(buf)), "bytes/line")
		})
	}
}

func BenchmarkDecodeLine(b *testing.B) {
	for _, l := range lines() {
		b.Run(fmt.Sprintf("%v-%v", l.Role, l.Event.Kind()), func(b *testing.B) {
			var codec events.Codec
			buf := codec.AppendLine(nil, &l)
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := codec.DecodeLine(buf); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRebuildUpdate: a hit was parsed before, by the same codec; a miss is
// the first of its kind.
func BenchmarkRebuildUpdate(b *testing.B) {
	const different = 1 << 16
	payloads := make([][]byte, different)
	for n := range payloads {
		payloads[n] = update(n).Raw
	}
	rebuild := func(b *testing.B, codec *events.Codec, payload []byte) {
		if _, err := codec.Rebuild(events.KindUpdate, conn, payload); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("hit", func(b *testing.B) {
		var codec events.Codec
		b.ReportAllocs()
		for b.Loop() {
			rebuild(b, &codec, payloads[0])
		}
	})
	b.Run("miss", func(b *testing.B) {
		var codec events.Codec
		n := 0
		b.ReportAllocs()
		for b.Loop() {
			if n%different == 0 {
				codec = events.Codec{}
			}
			rebuild(b, &codec, payloads[n%different])
			n++
		}
	})
}

func BenchmarkEncodeUpdate(b *testing.B) {
	e := update(1)
	b.ReportAllocs()
	for b.Loop() {
		events.EncodeUpdate(e.Routes)
	}
}
