package capture

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"dualhome/events"
)

// Pcapng writes the packets of a run as a pcapng file (draft-ietf-opsawg-pcapng): BGP
// messages and the segments that open and close their connections, and BFD. Each is
// captured where and when it is sent: the interface is its sender. Its comment says
// which line it is, what that follows from, what becomes of it, and what it says:
//
//	seq=423 cause=387 root=387 lost=480.540316703s NOTIFICATION 4/0 Hold Timer Expired
//
// An acknowledgement number says what had arrived at the sender. Segments that only
// acknowledge are not in the log, and not here.
func Pcapng(w io.Writer, log Log) error {
	c := &pcapng{packets: packets{speakers: &speakers{}, streams: streams{}, buffer: gopacket.NewSerializeBuffer()}, fates: newFates()}
	for l, err := range log {
		if err != nil {
			return err
		}
		c.look(&l)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if err := c.begin(out); err != nil {
		return err
	}
	for l, err := range log {
		if err == nil {
			err = c.line(&l)
		}
		if err != nil {
			return err
		}
	}
	if err := c.file.Flush(); err != nil {
		return err
	}
	return out.Flush()
}

// pcapng is a file that is being written.
type pcapng struct {
	packets
	started events.RunStarted
	fates   *fates
	file    *pcapgo.NgWriter
}

// look takes a line before anything is written.
func (c *pcapng) look(l *Line) {
	switch e := l.Event.(type) {
	case events.RunStarted:
		c.started = e
	case events.Node:
		c.speakers.note(e)
	}
	if isPacket(l.Event) {
		c.speakers.of(l.Actor)
		c.speakers.of(l.Peer)
		c.fates.note(l)
	}
}

// begin writes what stands before the packets.
func (c *pcapng) begin(w io.Writer) (err error) {
	info := pcapgo.NgSectionInfo{
		Application: bounded("simulate " + c.started.Version),
		Comment:     bounded(c.started.String() + "; it begins at " + Epoch().Format("2006-01-02T15:04:05Z") + "; packets are captured at their sender"),
	}
	list := c.speakers.list
	if len(list) == 0 {
		list = []*speaker{{id: events.Fabric, text: "nobody sends anything"}} // a section has an interface
	}
	for i, s := range list {
		face := pcapgo.NgInterface{
			Name: bounded(string(s.id)), Description: bounded(s.text), LinkType: layers.LinkTypeRaw, TimestampResolution: 9,
		}
		if i == 0 {
			c.file, err = pcapgo.NewNgWriterInterface(w, face, pcapgo.NgWriterOptions{SectionInfo: info})
		} else {
			_, err = c.file.AddInterface(face)
		}
		if err != nil {
			return err
		}
	}
	if err := c.file.Flush(); err != nil {
		return err
	}
	_, err = w.Write(namesBlock(c.speakers.list))
	return err
}

// line writes the packet of a line, if it is one that is sent.
func (c *pcapng) line(l *Line) error {
	switch {
	case !isPacket(l.Event):
		return nil
	case l.Role == events.In:
		c.receive(l)
		return nil
	case l.Role != events.Out:
		return nil
	}
	data, err := c.packet(l)
	if err != nil {
		return err
	}
	info := gopacket.CaptureInfo{
		Timestamp: date(l.At), CaptureLength: len(data), Length: len(data), InterfaceIndex: c.speakers.of(l.Actor).index,
	}
	text := fmt.Sprintf("seq=%d cause=%d root=%d %s %s", l.Seq, l.Cause, l.Root, c.fates.of(l), l.Event)
	return c.file.WritePacketWithOptions(info, data, pcapgo.NgPacketOptions{Comments: []string{bounded(text)}})
}

// mostText bounds a text of a pcapng file, whose length has 16 bits.
const mostText = 60_000

// bounded gives a text that fits, in UTF-8 as the format asks.
func bounded(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	if len(text) <= mostText {
		return text
	}
	end := mostText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
