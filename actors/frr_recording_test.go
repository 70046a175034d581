package actors_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// recording is a run of real daemons, FRR 8.4.4: a network, and after each step
// what its routers were seen to have and to have done.
type recording struct {
	Name     string
	Defaults sessionOptions
	Routers  map[string]recordedRouter
	Links    map[string]map[string]string // name -> router -> address
	Sessions []recordedSession
	Expect   []recordedStep
	slept    map[int]time.Duration // before the fault of a step, where its time is random
}

type recordedRouter struct {
	ASN        uint32
	RouterID   string `json:"router_id"`
	Prefixes   []string
	MaxPaths   int   `json:"max_paths"`
	IBGPPaths  int   `json:"max_paths_ibgp"`
	Relax      bool  `json:"multipath_relax"`
	CompareID  bool  `json:"compare_routerid"`
	AlwaysMED  bool  `json:"always_compare_med"`
	SortedMED  bool  `json:"deterministic_med"`
	FastLosing *bool `json:"fast_external_failover"`
}

type recordedSession struct {
	Link  string
	A, B  string
	Both  sessionOptions `json:"opts"`
	AOpts sessionOptions `json:"a_opts"`
	BOpts sessionOptions `json:"b_opts"`
}

// sessionOptions is what an end of a session is told, and as defaults also what all
// routers are.
type sessionOptions struct {
	Hold, Keepalive, MRAI, Connect int
	BFD                            bool
	CompareID                      bool  `json:"compare_routerid"`
	FastLosing                     *bool `json:"fast_external_failover"`
	ASOverride                     bool  `json:"as_override"`
	AllowASIn                      int   `json:"allowas_in"`
	PrependIn                      int   `json:"prepend_in"`
	PrependOut                     int   `json:"prepend_out"`
	MEDOut                         *int  `json:"med_out"`
	LocalPref                      *int  `json:"local_pref"`
	NextHopSelf                    bool  `json:"next_hop_self"`
}

// outward tells whether an end has an outbound route map.
func (o sessionOptions) outward() bool { return o.PrependOut > 0 || o.MEDOut != nil }

// inward tells whether an end has an inbound route map.
func (o sessionOptions) inward() bool { return o.PrependIn > 0 || o.LocalPref != nil }

type recordedStep struct {
	Step string
	Do   []struct {
		Op                               string
		Router, Peer, Prefix, Link, Side string
		From                             string
		Uniform                          [2]float64
	}
	RIB         map[string]map[string]recordedRoute
	FIB         map[string]map[string][]string
	Count       counts
	Downs       []recordedDown                 `json:"sessions_down"`
	Exploration map[string]map[string][]string // router -> prefix -> bests
	Timing      map[string]float64             `json:"frr_timing_ms"`
	Differs     json.RawMessage                `json:"differs_between_repetitions"`
}

type recordedRoute struct {
	Best       string
	MP, Others []string
}

// counts is of prefixes: announced, and withdrawn, and of the first those that the
// receiver refused because its own AS was in the path.
type counts struct {
	Announce int
	Dropped  int `json:"announce_loop_dropped"`
	Withdraw int
}

// recordedDown is that an end lost a session, in ms after the beginning of a step.
type recordedDown struct {
	router, peer string
	ms           float64
}

func (d *recordedDown) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[3]any{&d.router, &d.peer, &d.ms})
}

// readRecording reads a file. Keys that nothing here knows fail.
func readRecording(t *testing.T, path string) recording {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for i := range r.Sessions {
		s := &r.Sessions[i]
		if s.A == "" {
			ends := sortedKeys(r.Links[s.Link])
			s.A, s.B = ends[0], ends[1]
		}
	}
	return r
}

// session gives the session on a link.
func (r *recording) session(link string) recordedSession {
	return r.Sessions[slices.IndexFunc(r.Sessions, func(s recordedSession) bool { return s.Link == link })]
}

// recordings gives the files.
func recordings(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join("testdata", "frr", "*.json"))
	if err != nil || len(all) != 33 {
		t.Fatalf("%d recordings, want 33: %v", len(all), err)
	}
	return all
}

func recordingName(path string) string { return strings.TrimSuffix(filepath.Base(path), ".json") }
