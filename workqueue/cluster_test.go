package workqueue

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// cluster starts three servers in this process with the configuration that the
// documentation has, but for names, addresses and folders.
func cluster(t *testing.T) (all []*server.Server, urls string, k KeyFiles) {
	t.Helper()
	dir := t.TempDir()
	k, err := MakeKeys(dir, []string{"n1.example", "n2.example", "n3.example"})
	if err != nil {
		t.Fatal(err)
	}
	config := documentedConfig(t)
	replace := func(old, now string) {
		if !strings.Contains(config, old) {
			t.Fatalf("the configuration has no %s", old)
		}
		config = strings.ReplaceAll(config, old, now)
	}
	var ports [3]int
	for i := range ports {
		ports[i] = freePort(t)
		replace(fmt.Sprintf("n%d.example:6222", i+1), fmt.Sprintf("127.0.0.1:%d", ports[i]))
	}
	replace("/etc/nats/", dir+"/")
	replace("0.0.0.0:4222", "127.0.0.1:-1")
	one := config
	var list []string
	for i, port := range ports {
		config = one
		replace("server_name: n1", fmt.Sprintf("server_name: n%d", i+1))
		replace("/var/lib/nats", t.TempDir())
		replace("0.0.0.0:6222", fmt.Sprintf("127.0.0.1:%d", port))
		file := filepath.Join(dir, fmt.Sprintf("n%d.conf", i+1)) // authorization.conf is beside it
		if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		s := serverOf(t, file)
		all = append(all, s)
		t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	}
	for _, s := range all {
		if !s.ReadyForConnections(starting) {
			t.Fatalf("%s does not become ready", s.Name())
		}
		list = append(list, (&Server{nats: s}).URL())
	}
	return all, strings.Join(list, ","), k
}

func serverOf(t *testing.T, config string) *server.Server {
	t.Helper()
	o, err := server.ProcessConfigFile(config)
	if err != nil {
		t.Fatal(err)
	}
	o.NoLog, o.NoSigs = true, true
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	return s
}

// freePort returns a port that was free a moment ago: routes are named before they listen.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return port
}

// One of three servers goes in the middle, the leader of the results: nothing is lost, and the other two go on.
func TestOneServerOfThreeIsLost(t *testing.T) {
	t.Parallel()
	servers, urls, k := cluster(t)
	const jobs = 120
	c := dialAs(t, urls, Access{Seed: k.Coordinator, CA: k.CA})
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
		start(t, dialAs(t, urls, Access{Seed: k.Worker, CA: k.CA}), Worker{Identity: identity(i), Do: func(ctx context.Context, m []byte, n int) ([]byte, error) {
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
