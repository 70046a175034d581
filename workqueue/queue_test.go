package workqueue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
)

func TestAllJobsGetTheirResult(t *testing.T) {
	t.Parallel()
	s := listen(t)
	set := offer(t, dial(t, s), Offer{Name: "all", Manifest: []byte("m"), Jobs: 100})
	start(t, dial(t, s), Worker{Identity: "one", AtOnce: 2, Do: do})
	start(t, dial(t, s), Worker{Identity: "two", Do: do})
	all := collect(t, set, "m")
	if len(all) != 100 {
		t.Errorf("%d results", len(all))
	}
}

// A coordinator that comes again finds its set, with another it is told.
func TestOfferIsFoundAgain(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	first := offer(t, c, Offer{Name: "again", Manifest: []byte("m"), Jobs: 10})
	second := offer(t, dial(t, s), Offer{Name: "again", Manifest: []byte("m"), Jobs: 10})
	if first.key != second.key {
		t.Errorf("%v, then %v", first.key, second.key)
	}
	for _, o := range []Offer{{Name: "again", Manifest: []byte("other"), Jobs: 10}, {Name: "again", Manifest: []byte("m"), Jobs: 11}} {
		_, err := c.Offer(t.Context(), o)
		var other *ManifestError
		if !errors.As(err, &other) || string(other.There) != "m" || other.JobsThere != 10 || string(other.Ours) != string(o.Manifest) || other.JobsOffers != o.Jobs {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestOfferRefuses(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	offer(t, c, Offer{Name: "first", Jobs: 1})
	for _, test := range []struct {
		o    Offer
		want string
	}{
		{Offer{}, `"" cannot name a set of jobs`},
		{Offer{Name: "a.b"}, `"a.b" cannot name a set of jobs`},
		{Offer{Name: strings.Repeat("x", 65)}, "cannot name a set of jobs"},
		{Offer{Name: "x", Jobs: -1}, "-1 jobs"},
		{Offer{Name: "x", Replicas: 3}, "1 servers keep the stream WORKQUEUE_SETS, not 3"},
		{Offer{Name: "x", Manifest: noise(MaxPayload + 1)}, "(max_payload)"},
	} {
		if _, err := c.Offer(bounded(t), test.o); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.40q: %v", fmt.Sprintf("%+v", test.o), err)
		}
	}
	for _, w := range []Worker{{}, {Identity: "two\nlines"}, {Identity: strings.Repeat("x", 129)}} {
		if err := c.Work(bounded(t), w); err == nil || !strings.Contains(err.Error(), "does not identify a worker") {
			t.Errorf("%q: %v", w.Identity, err)
		}
	}
}

// noise does not become smaller when it is compressed.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b)
	return b
}

// A stream of that name that is somebody else's is left alone.
func TestOfferFindsAStranger(t *testing.T) {
	t.Parallel()
	c := dial(t, listen(t))
	if _, err := c.js.CreateStream(bounded(t), jetstream.StreamConfig{Name: resultsStream, Subjects: []string{"any"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Offer(bounded(t), Offer{Name: "x", Jobs: 1}); err == nil || !strings.Contains(err.Error(), "it is not ours") {
		t.Error(err)
	}
}

// A manifest may be as large as its compressed form fits into a message.
func TestLargeManifest(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c := dial(t, s)
	manifest := bytes.Repeat(noise(1<<10), 32<<10) // 32 MiB
	set := offer(t, c, Offer{Name: "large", Manifest: manifest, Jobs: 1})
	start(t, dial(t, s), Worker{Identity: "w", Do: func(_ context.Context, m []byte, _ int) ([]byte, error) {
		if !bytes.Equal(m, manifest) {
			return nil, errors.New("another manifest")
		}
		return nil, nil
	}})
	for r, err := range set.Results(bounded(t)) {
		if err != nil || r.Parked != nil || len(r.Bytes) != 0 {
			t.Errorf("%v, %d bytes (%v)", r.Parked, len(r.Bytes), err)
		}
	}
}
