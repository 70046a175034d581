package bgp_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dualhome/actors/bgp"
)

// stateFields are the fields of a speaker that its fingerprint tells, and those that it
// leaves out, with the reason.
var stateFields = map[string]string{
	"Speaker.cfg": "", "Speaker.peers": "", "Speaker.order": "", "Speaker.rib": "", "Speaker.absent": "", "Speaker.dead": "",
	"Speaker.deferral": "", "Speaker.desk": "",
	"Speaker.backlog": "", "backlog.due": "that of the timers of those that wait", "backlog.waiting": "whose timers run",

	"peer.table": "when its timer fires", "peer.unsent": "", "peer.told": "",
	"unsent.med": "", "unsent.localPref": "", "unsent.hasLocalPref": "",
	"conn.upSeq":        "names a line, which is cited",
	"Speaker.fast":      "as configured",
	"Speaker.damps":     "as configured",
	"Speaker.lossy":     "follows from hearing",
	"Speaker.restarted": "names a line, which matters only in its turn",
	"Speaker.scratch":   "does not outlive a turn",
	"scratch.dirty":     "does not outlive a turn", "scratch.usable": "does not outlive a turn",
	"scratch.announced": "a memory", "scratch.encoded": "a memory", "scratch.asked": "a memory", "scratch.bests": "a memory", "scratch.made": "a memory",
	"scratch.lacking": "does not outlive a turn", "scratch.governed": "does not outlive a turn", "scratch.withdrawn": "does not outlive a turn", "scratch.batches": "does not outlive a turn", "scratch.one": "does not outlive a turn",
	"deferral.deferring": "", "deferral.died": "",
	"deferral.pending": "names lines, which are cited",
	"desk.queue":       "", "desk.jobs": "counts draws", "desk.done": "does not outlive a turn",
	"table.rows": "", "table.list": "the same rows", "table.sorted": "their order",
	"table.s": "as configured", "table.last": "a memory", "table.held": "counts rows", "table.updates": "numbers arrivals, of which the order is told",
	"row.loc": "", "row.received": "", "row.sent": "", "row.arrivals": "",
	"row.own": "", "row.odd": "follows from usable",
	"row.prefix": "its key", "row.usable": "follows from received", "row.pace": "counts draws, and whether a timer runs",
	"row.running": "counts the timers that run", "Speaker.plainPeers": "as configured", "Speaker.self": "as configured",
	"pace.set": "counts draws", "pace.runs": "whether a timer runs",
	"entry.from": "", "entry.hops": "", "entry.attrs": "",
	"entry.path": "that of attrs", "entry.seq": "names a line, which is cited",
	"peer.Peer": "as configured, and as changing has it", "peer.place": "as configured", "peer.internal": "as configured", "peer.rib": "of all peers", "peer.ids": "a memory", "peer.hops": "a memory", "peer.pace": "counts draws, and whether a timer runs",
	"peer.conns": "", "peer.listening": "", "peer.failures": "", "peer.shut": "", "peer.unlinked": "", "peer.burst": "", "peer.stale": "", "peer.hearing": "",
	"peer.flaps":    "",
	"peer.attempts": "numbers connections, which are told by their age",
	"peer.ended":    "names a line, which is cited", "peer.repaired": "names a line, which is cited",
	"peer.silences": "counts draws", "peer.waits": "counts draws", "peer.beats": "counts draws",
	"conn.id": "", "conn.state": "", "conn.peerHold": "", "conn.peerID": "", "conn.restart": "", "conn.hold": "", "conn.sentFirst": "", "conn.timed": "", "conn.expires": "that of a timer",
	"conn.heardFirst": "only whether it is set: when it was matters to the next disturbance",
	"conn.up":         "only NICs depend on it",
	"burst.held":      "", "burst.incoming": "", "burst.last": "",
	"stale.routes": "", "stale.id": "", "stale.awaited": "", "stale.complete": "",
	"stale.by": "names a line, which is cited", "stale.swept": "decided already: again changes nothing",
	"hearing.cut": "", "hearing.cutTo": "", "hearing.gone": "", "hearing.hung": "", "hearing.still": "",
	"hearing.since": "names a line, which is cited", "hearing.last": "matters to the next disturbance", "hearing.well": "matters to the next disturbance",
	"flaps.penalty": "", "flaps.at": "", "flaps.suppressed": "", "flaps.lost": "",
	"peer.changing": "", "changing.changes": "",
	"changing.retold": "names lines, which are cited",
	"flaps.changed":   "names a line, which matters only in its turn", "flaps.pending": "names a line, which is cited",
	"peer.bfd": "", "bfdSession.is": "", "bfdSession.diag": "", "bfdSession.begun": "", "bfdSession.remote": "", "bfdSession.your": "", "bfdSession.said": "",
	"bfdSession.heard": "matters to the next disturbance", "bfdSession.timers": "counts draws",
}

// derived are the types of what a speaker is told at first, of what follows from
// other state, and of what does not outlive a turn.
var derived = []string{"Config", "Peer", "Change", "usable", "candidate", "announced", "encoded", "itself", "dirt", "batch"}

// TestFingerprintTellsAllState: whoever gives a speaker a new field decides whether
// two states that differ in it are equal.
func TestFingerprintTellsAllState(t *testing.T) {
	seen := map[string]bool{}
	var walk func(reflect.Type)
	walk = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(of.Elem())
		case reflect.Map:
			walk(of.Elem())
		case reflect.Struct:
			if of.PkgPath() != reflect.TypeFor[bgp.Speaker]().PkgPath() || slices.Contains(derived, of.Name()) {
				return
			}
			for field := range of.Fields() {
				name := of.Name() + "." + field.Name
				if seen[name] {
					continue
				}
				seen[name] = true
				if _, known := stateFields[name]; !known {
					t.Errorf("%s: is it part of the state? Tell it in fingerprint.go, and name it here", name)
				}
				walk(field.Type)
			}
		default:
		}
	}
	walk(reflect.TypeFor[bgp.Speaker]())
	for name := range stateFields {
		if !seen[name] {
			t.Errorf("there is no field %s", name)
		}
	}
}

// counted are the streams of draws that Fingerprint tells, or that are drawn only
// where a disturbance begins; and those for NICs, on which no route depends.
var counted = []string{"mrai", "hesitate", "processing", "liveness", "bfd", "keepalive", "connect-retry", "probe", "phase", "fault", "program"}

// TestEveryDrawIsCounted: a circle is strict only if nothing was drawn in it, and
// that shows only if every draw is told.
func TestEveryDrawIsCounted(t *testing.T) {
	stream := regexp.MustCompile(`KeyOf\("([^"]*)"\)`)
	found := 0
	for _, dir := range []string{".", ".."} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, m := range stream.FindAllStringSubmatch(string(text), -1) {
				found++
				if !slices.Contains(counted, m[1]) {
					t.Errorf("%s draws %s: tell in Fingerprint how often (Draws), and name it here", file, m[1])
				}
			}
		}
	}
	if found < len(counted) {
		t.Errorf("only %d streams found", found)
	}
}
