package workqueue

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// cluster starts servers in this process that know each other.
func cluster(t *testing.T, n int) (all []*server.Server, urls string) {
	t.Helper()
	routes, ports := make([]*url.URL, n), make([]int, n)
	for i := range routes {
		ports[i] = freePort(t)
		routes[i] = &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", ports[i])}
	}
	for i := range n {
		s, err := server.NewServer(&server.Options{
			ServerName: fmt.Sprintf("s%d", i), Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true,
			JetStream: true, StoreDir: t.TempDir(), Routes: routes,
			Cluster: server.ClusterOpts{Name: "three", Host: "127.0.0.1", Port: ports[i]},
		})
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
		all = append(all, s)
	}
	var list []string
	for _, s := range all {
		if !s.ReadyForConnections(20 * time.Second) {
			t.Fatalf("%s does not become ready", s.Name())
		}
		list = append(list, s.ClientURL())
	}
	return all, strings.Join(list, ",")
}

// freePort returns a port that was free a moment ago: routes are named before they listen.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// One of three servers goes in the middle, the leader of the results: nothing is lost, and the other two go on.
func TestOneServerOfThreeIsLost(t *testing.T) {
	t.Parallel()
	servers, urls := cluster(t, 3)
	connect := func() *Conn {
		c, err := Dial(bounded(t), urls, Access{Tell: func(m string) { t.Log(m) }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	const jobs = 120
	c := connect()
	set := offer(t, c, Offer{Name: "three", Manifest: []byte("m"), Jobs: jobs, AckWait: 2 * time.Second})
	stream, err := c.js.Stream(bounded(t), resultsStream)
	if err != nil {
		t.Fatal(err)
	}
	info := stream.CachedInfo()
	if info.Config.Replicas != 3 || info.Cluster == nil {
		t.Fatalf("%d replicas in a cluster", info.Config.Replicas)
	}
	var done atomic.Int32
	half := make(chan bool)
	for i := range 3 {
		start(t, connect(), Worker{Identity: identity(i), Do: func(ctx context.Context, m []byte, n int) ([]byte, error) {
			if done.Add(1) == jobs/2 {
				close(half)
			}
			return do(ctx, m, n)
		}})
	}
	all := make(chan map[int]Result, 1)
	go func() { all <- collect(t, set, "m") }()
	<-half
	for _, s := range servers {
		if s.Name() == info.Cluster.Leader {
			s.Shutdown()
			s.WaitForShutdown()
		}
	}
	if results := <-all; len(results) != jobs {
		t.Errorf("%d results", len(results))
	}
	oneMessageEach(t, c, set)
	after, err := stream.Info(bounded(t))
	if err != nil || after.Cluster.Leader == info.Cluster.Leader {
		t.Errorf("the leader is still %s (%v)", info.Cluster.Leader, err)
	}
}
