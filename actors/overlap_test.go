package actors_test

import (
	"testing"

	"dualhome/events"
	"dualhome/sim/simtest"
)

// TestFaultsOverlap: a machine is dead; meanwhile its operator shuts a session
// down, and its process is killed. It says nothing while it is dead. When the
// machine is back, the process is not, and has no connection to say goodbye on;
// once that is repaired too, all is as it was.
func TestFaultsOverlap(t *testing.T) {
	n, r := lose(t, "{name: a, kind: node-death, target: nva1, at: 300s, repair_after: 60s}, "+
		"{name: b, kind: session-shutdown, target: nva1, peer: rs0-0, at: 310s, repair_after: 20s}, "+
		"{name: c, kind: process-kill, target: nva1, at: 320s, repair_after: 100s}, "+
		"{name: d, kind: hang, target: nva1, at: 330s, repair_after: 200s}")
	if err := simtest.Laws(r); err != nil {
		t.Error(err)
	}
	for _, l := range r.Of("nva1", events.Out) {
		if e, ok := l.Event.(events.TCP); l.At > 300e9 && l.At < 420e9 && (!ok || e.Flag != events.RST) {
			t.Errorf("nva1 says %v", l)
		}
	}
	if got := nics(n); got != "[10.1.0.4] [10.1.0.4]" {
		t.Errorf("at the end the NICs go to %s", got)
	}
}

// TestEndOfAHungProcess: nva1 hangs; meanwhile dc says goodbye to it. When the
// process is killed, or told to stop, it does not first read that, and tells
// nobody of it.
func TestEndOfAHungProcess(t *testing.T) {
	for _, kind := range []string{"process-kill", "graceful-stop"} {
		_, r := lose(t, "{name: a, kind: hang, target: nva1, at: 300s}, {name: b, kind: process-kill, target: dc, at: 310s}, "+
			"{name: c, kind: "+kind+", target: nva1, at: 320s}")
		if err := simtest.Laws(r); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		for _, l := range r.Of("nva1", events.Out) {
			if l.At >= 320e9 && l.Event.Kind() == events.KindUpdate {
				t.Errorf("%s: nva1 says %v", kind, l)
			}
		}
	}
}
