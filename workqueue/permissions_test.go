package workqueue

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// group makes keys for a small group, and options of a server with them.
func group(t *testing.T) (KeyFiles, ListenOptions) {
	t.Helper()
	k, err := MakeKeys(t.TempDir(), []string{"queue.example", "192.0.2.7"})
	if err != nil {
		t.Fatal(err)
	}
	return k, ListenOptions{
		Addr: "0.0.0.0:0", StoreDir: t.TempDir(), Cert: k.ServerCert, Key: k.ServerKey,
		Coordinator: k.Coordinator, Workers: []string{k.WorkerName},
	}
}

func dialAs(t *testing.T, url string, a Access) *Conn {
	t.Helper()
	a.Tell = func(m string) { t.Log(m) }
	c, err := Dial(bounded(t), url, a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// With the keys, all that this package does works: small and large results,
// failures, leaving, going on, removing.
func TestKeysSuffice(t *testing.T) {
	t.Parallel()
	k, o := group(t)
	s := listenOn(t, o)
	everything(t, s.URL(), k)
}

// everything does all that this package does, once, with the keys.
func everything(t *testing.T, url string, k KeyFiles) {
	t.Helper()
	const jobs = 8 // of which job 5 has a large result
	c := dialAs(t, url, Access{Seed: k.Coordinator, CA: k.CA})
	o := Offer{Name: "keys", Manifest: []byte("m"), Jobs: jobs, AckWait: 400 * time.Millisecond}
	offer(t, c, o)
	began := make(chan bool)
	stop := start(t, dialAs(t, url, Access{Seed: k.Worker, CA: k.CA}), Worker{Identity: "leaver", Do: func(ctx context.Context, _ []byte, _ int) ([]byte, error) {
		close(began)
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	<-began
	_ = stop()
	stop = start(t, dialAs(t, url, Access{Seed: k.Worker, CA: k.CA}), Worker{Identity: "stayer", Do: func(ctx context.Context, m []byte, n int) ([]byte, error) {
		switch n {
		case 2:
			return nil, errors.New("bad")
		case 3:
			time.Sleep(300 * time.Millisecond) // signs of life
		}
		return do(ctx, m, n)
	}})
	set := offer(t, c, o)
	if all := collect(t, set, "m"); len(all) != jobs || all[2].Parked == nil || all[5].Bytes == nil {
		t.Errorf("%d results, job 2: %v", len(all), all[2].Parked)
	}
	if err := set.Remove(bounded(t)); err != nil {
		t.Error(err)
	}
	_ = stop()
	large := offer(t, c, Offer{Name: "large", Jobs: 1})
	start(t, dialAs(t, url, Access{Seed: k.Worker, CA: k.CA}), Worker{Identity: "large", Do: func(context.Context, []byte, int) ([]byte, error) {
		return make([]byte, 3<<20), nil
	}})
	for r, err := range large.Results(bounded(t)) {
		if err != nil || len(r.Bytes) != 3<<20 {
			t.Errorf("%d bytes (%v)", len(r.Bytes), err)
		}
	}
	// What a worker left that died while it stored an object.
	if _, err := c.js.Publish(bounded(t), chunksPrefix+"rest", []byte("x")); err != nil {
		t.Error(err)
	}
	c.uploading = 0
	if err := large.Remove(bounded(t)); err != nil {
		t.Error(err)
	}
}

// Each thing that a worker might try beyond its own is refused by the server.
func TestWorkersMayNotMore(t *testing.T) {
	t.Parallel()
	k, o := group(t)
	s := listenOn(t, o)
	c := dialAs(t, s.URL(), Access{Seed: k.Coordinator, CA: k.CA})
	set := offer(t, c, Offer{Name: "mine", Manifest: []byte("m"), Jobs: 1})
	w := dialAs(t, s.URL(), Access{Seed: k.Worker, CA: k.CA})
	name, err := publicKey(k.Worker)
	if err != nil {
		t.Fatal(err)
	}
	coordinator, err := publicKey(k.Coordinator)
	if err != nil {
		t.Fatal(err)
	}
	publish := []string{
		set.key.job(0), setsPrefix + "mine", "workqueue.other", "any.subject", "$SYS.REQ.SERVER.PING",
		"$JS.API.INFO", "$JS.API.STREAM.LIST", "$JS.API.STREAM.NAMES", "$JS.API.CONSUMER.NAMES." + jobsStream,
		"$JS.API.STREAM.INFO." + jobsStream, "$JS.API.STREAM.INFO." + resultsStream,
		"$JS.API.STREAM.MSG.GET." + jobsStream, "$JS.API.STREAM.MSG.GET." + resultsStream, "$JS.API.STREAM.MSG.GET." + bucketStream,
		"$JS.API.DIRECT.GET." + resultsStream, "$JS.API.DIRECT.GET." + bucketStream + "." + chunksPrefix + "x",
		"$JS.API.CONSUMER.CREATE." + jobsStream + "." + consumer, "$JS.API.CONSUMER.CREATE." + resultsStream + ".spy",
		"$JS.API.CONSUMER.CREATE." + bucketStream + ".spy", "$JS.API.CONSUMER.DURABLE.CREATE." + jobsStream + ".other",
		"$JS.API.CONSUMER.DELETE." + jobsStream + "." + consumer, "$JS.API.CONSUMER.MSG.NEXT." + resultsStream + ".spy",
		"$JS.API.CONSUMER.PAUSE." + jobsStream + "." + consumer,
		"$JS.ACK." + resultsStream + ".spy.1.1.1.1.0", inbox(coordinator) + ".x",
	}
	for _, stream := range []string{setsStream, jobsStream, resultsStream, triesStream, bucketStream, "NEW"} {
		for _, do := range []string{"CREATE", "UPDATE", "PURGE", "DELETE", "MSG.DELETE", "SNAPSHOT", "RESTORE"} {
			publish = append(publish, "$JS.API.STREAM."+do+"."+stream)
		}
	}
	refused := func(what, subject string, do func() error) {
		t.Helper()
		w.denied.Store(nil)
		if err := errors.Join(do(), w.nats.Flush()); err != nil { // the refusal comes before the answer to Flush
			t.Fatal(err)
		}
		for deadline := time.Now().Add(5 * time.Second); w.denied.Load() == nil; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Errorf("a worker may %s %s", what, subject)
				return
			}
		}
	}
	for _, subject := range publish {
		if !strings.Contains(subject, "STREAM.PURGE."+bucketStream) { // of which the connection is silent
			refused("publish", subject, func() error { return w.nats.Publish(subject, nil) })
		}
	}
	for _, subject := range []string{">", "*", "$JS.>", "$SYS.>", "_INBOX.>", inbox(coordinator) + ".>", resultsPrefix + ">", jobsPrefix + ">", setsPrefix + ">", "$O.>"} {
		refused("subscribe to", subject, func() error { _, err := w.nats.SubscribeSync(subject); return err })
	}
	if _, err := w.nats.SubscribeSync(inbox(name) + ".x"); err != nil {
		t.Error(err)
	}
	// The same through the doors that are meant for it.
	w = dialAs(t, s.URL(), Access{Seed: k.Worker, CA: k.CA})
	_, err = w.Offer(bounded(t), Offer{Name: "forbidden", Jobs: 1})
	if !errors.Is(err, nats.ErrPermissionViolation) {
		t.Errorf("a worker offers: %v", err)
	}
	if there, err := c.numbers(bounded(t), jobsStream, jobsPrefix, set.key); err != nil || len(there) != 1 {
		t.Errorf("%d jobs are left (%v)", len(there), err)
	}
}

// Where everybody may offer jobs, one that its set does not have is dropped.
func TestNobodyDoesForgedJobs(t *testing.T) {
	t.Parallel()
	s := listen(t)
	c, w := dial(t, s), dial(t, s)
	set := offer(t, c, Offer{Name: "mine", Manifest: []byte("m"), Jobs: 2})
	if _, err := w.js.Publish(bounded(t), set.key.job(2), nil); err != nil {
		t.Fatal(err)
	}
	start(t, w, Worker{Identity: "w", Do: func(ctx context.Context, m []byte, n int) ([]byte, error) {
		if n > 1 {
			t.Errorf("it does job %d", n)
		}
		return do(ctx, m, n)
	}})
	if all := collect(t, set, "m"); len(all) != 2 {
		t.Errorf("%d results", len(all))
	}
	queueEmpties(t, c, set)
}

// A worker that ignores every custom of this package cannot give a second result.
func TestStreamsRefuseASecondResult(t *testing.T) {
	t.Parallel()
	c := dial(t, listen(t))
	set := offer(t, c, Offer{Name: "twice", Jobs: 1})
	ctx := bounded(t)
	if _, err := c.js.Publish(ctx, set.key.result(0), []byte("first")); err != nil {
		t.Fatal(err)
	}
	for _, options := range [][]jetstream.PublishOpt{nil, {jetstream.WithMsgID("new")}, {jetstream.WithExpectLastSequencePerSubject(0)}} {
		if _, err := c.js.Publish(ctx, set.key.result(0), []byte("second"), options...); err == nil {
			t.Error("a second result was stored")
		}
	}
	m := nats.NewMsg(set.key.result(0))
	m.Header.Set(jetstream.MsgRollup, jetstream.MsgRollupSubject)
	if _, err := c.js.PublishMsg(ctx, m); err == nil {
		t.Error("a result was rolled up")
	}
	if _, err := c.js.Publish(ctx, set.key.job(0), nil); err == nil {
		t.Error("a job is in the queue twice")
	}
	oneMessageEach(t, c, set)
}

// tracer notes on what each user publishes.
type tracer struct {
	teller
	mu        sync.Mutex
	published []string
}

var tracedPublish = regexp.MustCompile(`<<- \[H?PUB ([^ \]]+)`)

func (r *tracer) Tracef(format string, v ...any) {
	if found := tracedPublish.FindStringSubmatch(fmt.Sprintf(format, v...)); found != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.published = append(r.published, found[1])
	}
}

// Least privilege: each subject that a user may publish on was used by somebody who did all there is to do.
func TestNoPermissionIsIdle(t *testing.T) {
	t.Parallel()
	k, o := group(t)
	options, _, err := o.resolve()
	if err != nil {
		t.Fatal(err)
	}
	options.Trace, options.MaxTracedMsgLen = true, 64
	s, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	r := &tracer{}
	s.SetLoggerV2(r, false, true, false)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(starting) {
		t.Fatal("the server does not start")
	}
	everything(t, (&Server{nats: s}).URL(), k)
	s.Shutdown()
	s.WaitForShutdown()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, allowed := range PermissionsOf(User{Role: CoordinatorRole}).Publish {
		if !slices.ContainsFunc(r.published, func(s string) bool { return server.SubjectsCollide(allowed, s) }) {
			t.Errorf("nobody needs %s", allowed)
		}
	}
}
