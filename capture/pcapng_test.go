package capture_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"dualhome/capture"
	"dualhome/events"
)

// packet is a packet of a pcapng file, taken apart by the library.
type packet struct {
	at      time.Time
	face    string
	comment string
	gopacket.Packet
}

// read takes a pcapng file apart.
func read(t *testing.T, file []byte) []packet {
	t.Helper()
	r, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.DefaultNgReaderOptions)
	if err != nil {
		t.Fatal(err)
	}
	var all []packet
	for {
		data, info, options, err := r.ReadPacketDataWithOptions()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		face, err := r.Interface(info.InterfaceIndex)
		if err != nil || face.LinkType != layers.LinkTypeRaw || face.TimestampResolution != 9 {
			t.Fatalf("interface %d: %+v, %v", info.InterfaceIndex, face, err)
		}
		p := packet{info.Timestamp, face.Name, strings.Join(options.Comments, "\n"), gopacket.NewPacket(data, layers.LinkTypeRaw, gopacket.Default)}
		all = append(all, p)
	}
}

// pcapng gives the file of a log.
func pcapng(t *testing.T, lines []capture.Line) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := capture.Pcapng(&b, logOf(lines)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// isPacket tells whether a line is a packet that is sent.
func isPacket(l *capture.Line) bool {
	switch l.Event.(type) {
	case events.Message, events.TCP, events.BFD:
		return l.Role == events.Out
	}
	return false
}

// TestPcapng: every BGP message, TCP segment and BFD packet that is sent is there once,
// in order, with its bytes, its time and its line; whatever its connection, no byte is
// missing or there twice. With SIMULATE_CAPTURES the files are kept in that folder.
func TestPcapng(t *testing.T) {
	met := map[string]int{}
	networks(t, 16, func(t *testing.T, lines []capture.Line) {
		file := pcapng(t, lines)
		if dir := os.Getenv("SIMULATE_CAPTURES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(t.Name())+".pcapng"), file, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		packets := read(t, file)
		n := 0
		flows := map[string]*flow{}
		for i := range lines {
			l := &lines[i]
			if !isPacket(l) {
				continue
			}
			if n == len(packets) {
				t.Fatalf("there are only %d packets", n)
			}
			checkPacket(t, l, &packets[n])
			checkFlow(t, flows, l, &packets[n])
			count(met, l, packets[n].comment)
			n++
		}
		if n != len(packets) || n == 0 {
			t.Errorf("%d packets of %d lines", len(packets), n)
		}
	})
	for _, what := range []string{"tcp SYN", "tcp SYN-ACK", "tcp FIN", "tcp RST", "update", "open", "keepalive", "notification", "bfd", "lost", "under way"} {
		if met[what] == 0 {
			t.Errorf("no network has a packet like this: %s (%v)", what, met)
		}
	}
	t.Log(met)
}

func count(met map[string]int, l *capture.Line, comment string) {
	if e, ok := l.Event.(events.TCP); ok {
		met["tcp "+e.Flag.String()]++
	} else {
		met[l.Event.Kind().String()]++
	}
	if strings.Contains(comment, " lost=") {
		met["lost"]++
	}
	if strings.Contains(comment, " under-way") {
		met["under way"]++
	}
}

// checkPacket compares a packet with the line in which it is sent.
func checkPacket(t *testing.T, l *capture.Line, p *packet) {
	t.Helper()
	if want := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(l.At)); !p.at.Equal(want) {
		t.Errorf("line %d: at %v, not %v", l.Seq, p.at, want)
	}
	if p.face != string(l.Actor) {
		t.Errorf("line %d: captured at %s", l.Seq, p.face)
	}
	if want := fmt.Sprintf("seq=%d cause=%d root=%d ", l.Seq, l.Cause, l.Root); !strings.HasPrefix(p.comment, want) || !strings.HasSuffix(p.comment, l.Event.String()) {
		t.Errorf("line %d: its comment is %q", l.Seq, p.comment)
	}
	if e := p.ErrorLayer(); e != nil {
		t.Errorf("line %d: %v", l.Seq, e.Error())
	}
	_, want := events.Payload(l.Event)
	if _, is := l.Event.(events.TCP); is {
		want = nil
	}
	if got := p.TransportLayer().LayerPayload(); !bytes.Equal(got, want) {
		t.Errorf("line %d: it carries %x, not %x", l.Seq, got, want)
	}
	if ip, segment := p.Data()[:20], p.Data()[20:]; sum(ip) != 0xffff || sum(pseudo(ip, len(segment)), segment) != 0xffff {
		t.Errorf("line %d: a wrong checksum: %x", l.Seq, p.Data())
	}
}

// sum is the ones' complement sum of RFC 1071: of what has its checksum in it, 0xffff.
func sum(parts ...[]byte) uint16 {
	total := uint32(0)
	for _, part := range parts {
		for i, b := range part {
			total += uint32(b) << (8 * (1 - i%2))
		}
	}
	for total > 0xffff {
		total = total&0xffff + total>>16
	}
	return uint16(total)
}

// pseudo is what TCP and UDP sum up besides (RFC 9293 section 3.1).
func pseudo(ip []byte, size int) []byte {
	return append(bytes.Clone(ip[12:20]), 0, ip[9], byte(size>>8), byte(size))
}

// flow is one direction of a connection, as its packets show it.
type flow struct {
	next, most uint32 // the next number; the most that the other end acknowledged
	begun      bool
}

// checkFlow holds one direction of a connection to RFC 9293: it is there without a gap,
// and nothing is acknowledged that was not sent, nor less than before.
func checkFlow(t *testing.T, flows map[string]*flow, l *capture.Line, p *packet) {
	t.Helper()
	tcp, ok := p.TransportLayer().(*layers.TCP)
	if !ok {
		return
	}
	name := fmt.Sprint(p.NetworkLayer().NetworkFlow(), p.TransportLayer().TransportFlow())
	back := fmt.Sprint(p.NetworkLayer().NetworkFlow().Reverse(), p.TransportLayer().TransportFlow().Reverse())
	f, other := flows[name], flows[back]
	if f == nil {
		f = &flow{}
		flows[name] = f
	}
	if tcp.RST && tcp.Seq == 0 && !f.begun {
		return
	}
	if f.begun && tcp.Seq != f.next {
		t.Errorf("line %d: %s goes on at %d, not %d", l.Seq, name, tcp.Seq, f.next)
	}
	f.begun, f.next = true, tcp.Seq+uint32(len(tcp.Payload))
	if tcp.SYN || tcp.FIN {
		f.next++
	}
	if tcp.ACK && other != nil && other.begun {
		if ahead := int32(tcp.Ack - other.next); ahead > 0 {
			t.Errorf("line %d: %s acknowledges %d bytes that nobody sent", l.Seq, name, ahead)
		}
	}
	if tcp.ACK && f.most != 0 && int32(tcp.Ack-f.most) < 0 {
		t.Errorf("line %d: %s acknowledges less than before", l.Seq, name)
	}
	if tcp.ACK {
		f.most = tcp.Ack
	}
}

// TestPcapngIsTheSameAgain: equal logs make equal bytes.
func TestPcapngIsTheSameAgain(t *testing.T) {
	lines := libraryRun(t, "active-passive")
	if !bytes.Equal(pcapng(t, lines), pcapng(t, lines)) {
		t.Error("it is another file")
	}
}

// TestPcapngComments: a comment of any length, with any bytes, makes a file that can be
// read, and says what fits.
func TestPcapngComments(t *testing.T) {
	for _, size := range []int{0, 1, 59_000, 60_000, 70_000, 1 << 20} {
		lines := libraryRun(t, "active-passive")[:200]
		for i := range lines {
			if n, is := lines[i].Event.(events.Node); is {
				n.VNet = "<b>\x00\xff\"" + strings.Repeat("ü", size/2)
				lines[i].Event = n
			}
		}
		for i := range lines {
			if e, is := lines[i].Event.(*events.Update); is {
				faulty := *e.Routes
				faulty.Faults = []string{"\xff<b>" + strings.Repeat("é", size/2)}
				lines[i].Event = &events.Update{Wire: e.Wire, Routes: &faulty}
			}
		}
		for _, p := range read(t, pcapng(t, lines)) {
			if len(p.comment) > 1<<16 || !strings.HasPrefix(p.comment, "seq=") {
				t.Errorf("size %d: a comment of %d bytes", size, len(p.comment))
			}
		}
	}
}
