package workqueue

import (
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// NATS does not check where a user has an answer sent, and JetStream answers nearly all that a
// worker may publish: to one that could have answers sent to the subjects of the coordinator, it
// would offer jobs, and to those of JetStream itself, it would delete streams.
func TestAnswersGoToWorkersOnly(t *testing.T) {
	t.Parallel()
	k, o := group(t)
	s := listenOn(t, o)
	c := dialAs(t, s.URL(), Access{Seed: k.Coordinator, CA: k.CA})
	forgeries(t, c, dialAs(t, s.URL(), Access{Seed: k.Worker, CA: k.CA}))
}

// The same where the answers come from other servers.
func TestAnswersOfAClusterGoToWorkersOnly(t *testing.T) {
	t.Parallel()
	servers, urls, k := cluster(t)
	c := dialAs(t, urls, Access{Seed: k.Coordinator, CA: k.CA})
	offer(t, c, Offer{Name: "first", Jobs: 1})
	for _, one := range servers {
		forgeries(t, c, dialAs(t, (&Server{nats: one}).URL(), Access{Seed: k.Worker, CA: k.CA}))
	}
}

// forgeries tries as worker w all that it may ask with all places to which an answer should not go.
func forgeries(t *testing.T, c, w *Conn) {
	t.Helper()
	set := offer(t, c, Offer{Name: "mine", Manifest: []byte("m"), Jobs: 2})
	// An answer whose payload the worker chooses: how it would like the stream of jobs to be.
	mine, err := json.Marshal(jetstream.StreamConfig{Name: jobsStream, Subjects: []string{jobsPrefix + "*.*.*", resultsPrefix + "*.*.*.*"}, Retention: jetstream.WorkQueuePolicy})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.js.Publish(bounded(t), metaPrefix+"mine", mine); err != nil {
		t.Fatal(err)
	}
	ask := []struct{ subject, payload string }{
		{resultsPrefix + "x.y.1", ""},
		{triesPrefix + "x.y.1", ""},
		{chunksPrefix + "x", ""},
		{metaPrefix + "x", ""},
		{"$JS.API.STREAM.MSG.GET." + setsStream, `{"last_by_subj":"` + setsPrefix + `mine"}`},
		{"$JS.API.STREAM.MSG.GET." + triesStream, `{"seq":1}`},
		{"$JS.API.STREAM.INFO." + setsStream, ""},
		{"$JS.API.CONSUMER.INFO." + jobsStream + "." + consumer, ""},
		{"$JS.API.CONSUMER.MSG.NEXT." + jobsStream + "." + consumer, `{"batch":1,"expires":100000000}`},
		{"$JS.API.CONSUMER.MSG.NEXT." + jobsStream + "." + consumer, "{nonsense"},
		{"$JS.API.DIRECT.GET." + bucketStream + "." + metaPrefix + "mine", ""},
		{"$JS.API.DIRECT.GET." + bucketStream + "." + metaPrefix + "none", ""},
	}
	for _, a := range ask {
		if _, err := w.nats.Request(a.subject, []byte(a.payload), patience); err != nil {
			t.Fatalf("%s has no answer, so nothing is shown: %v", a.subject, err)
		}
	}
	before := state(t, c)
	for _, a := range ask {
		for _, reply := range []string{
			set.key.job(77), setsPrefix + "forged", "$JS.API.STREAM.UPDATE." + jobsStream,
			"$JS.API.STREAM.PURGE." + jobsStream, "$JS.API.STREAM.DELETE." + setsStream, "$JS.API.STREAM.DELETE." + jobsStream,
			"$JS.API.CONSUMER.DELETE." + jobsStream + "." + consumer,
		} {
			if err := w.nats.PublishRequest(a.subject, reply, []byte(a.payload)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.nats.Flush(); err != nil {
		t.Fatal(err)
	}
	if denied := w.denied.Load(); denied != nil {
		t.Fatalf("the server refuses a question that workers need: %v", *denied)
	}
	// Each was answered before this is, but for the question that waits 100 ms for a job.
	if _, err := w.nats.Request(resultsPrefix+"x.y.1", nil, patience); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	if after := state(t, c); !maps.Equal(before, after) {
		t.Errorf("a worker made\n%v\nof\n%v", after, before)
	}
}

// state returns what there is of jobs and sets.
func state(t *testing.T, c *Conn) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range []string{setsStream, jobsStream} {
		s, err := c.js.Stream(bounded(t), name)
		if err != nil {
			all[name] = err.Error()
			continue
		}
		info, err := s.Info(bounded(t), jetstream.WithSubjectFilter(">"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal([]any{info.Config, info.State.Subjects, info.State.LastSeq, info.State.Consumers})
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(text)
	}
	return all
}
