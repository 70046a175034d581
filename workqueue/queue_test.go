package workqueue

import (
	"errors"
	"testing"
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
