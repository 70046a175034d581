package workqueue

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestListenRefuses(t *testing.T) {
	t.Parallel()
	k, good := group(t)
	taken := listen(t)
	for _, test := range []struct {
		name   string
		change func(*ListenOptions)
		want   string
	}{
		{"open to all", func(o *ListenOptions) { *o = ListenOptions{Addr: "0.0.0.0:0", StoreDir: o.StoreDir} }, "it needs keys (or anybody could give it jobs and results) and a certificate"},
		{"every interface", func(o *ListenOptions) { *o = ListenOptions{Addr: ":0", StoreDir: o.StoreDir} }, "it needs keys"},
		{"a name", func(o *ListenOptions) { *o = ListenOptions{Addr: "queue.example:0", StoreDir: o.StoreDir} }, "it needs keys"},
		{"all of IPv6", func(o *ListenOptions) { *o = ListenOptions{Addr: "[::]:0", StoreDir: o.StoreDir} }, "it needs keys"},
		{"no certificate", func(o *ListenOptions) { o.Cert, o.Key = "", "" }, "it needs a certificate"},
		{"no keys", func(o *ListenOptions) { o.Coordinator, o.Workers = "", nil }, "it needs keys"},
		{"no coordinator", func(o *ListenOptions) { o.Coordinator = "" }, "keys of workers go with one of coordinators"},
		{"half a certificate", func(o *ListenOptions) { o.Key = "" }, "a certificate goes with its key"},
		{"a certificate that is none", func(o *ListenOptions) { o.Cert = k.Worker }, "the certificate"},
		{"a key that is none", func(o *ListenOptions) { o.Workers = []string{k.CA} }, "it is neither a seed (SU...) nor a public key (U...)"},
		{"no such key", func(o *ListenOptions) { o.Coordinator = "nowhere" }, "no such file"},
		{"no port", func(o *ListenOptions) { o.Addr = "127.0.0.1" }, `"127.0.0.1" is not host:port`},
		{"a port that is none", func(o *ListenOptions) { o.Addr = "127.0.0.1:x" }, `"x" is not a port`},
		{"no folder", func(o *ListenOptions) { o.StoreDir = "" }, "it needs a folder"},
		{"a folder that is a file", func(o *ListenOptions) { o.StoreDir = k.CA }, k.CA},
		{"a port that is taken", func(o *ListenOptions) { o.Addr = taken.Addr() }, "address already in use"},
	} {
		o := good
		test.change(&o)
		s, err := Listen(o)
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	for _, addr := range []string{"127.0.0.1:0", "127.0.0.9:0", "localhost:0"} {
		s, err := Listen(ListenOptions{Addr: addr, StoreDir: t.TempDir()})
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		dial(t, s)
		s.Close()
	}
}

// Who has no key, a key that the server does not know, or does not trust the server, is told at once.
func TestDialIsRefused(t *testing.T) {
	t.Parallel()
	k, o := group(t)
	others, _ := group(t)
	s := listenOn(t, o)
	for _, test := range []struct {
		name string
		a    Access
		want string
	}{
		{"no key", Access{CA: k.CA}, "Authorization Violation"},
		{"the key of others", Access{Seed: others.Worker, CA: k.CA}, "Authorization Violation"},
		{"another authority", Access{Seed: k.Worker, CA: others.CA}, "certificate signed by unknown authority"},
		{"the authorities of the system", Access{Seed: k.Worker}, "certificate"},
		{"no seed, only the name", Access{Seed: k.WorkerName, CA: k.CA}, "worker.pub"},
		{"no such seed", Access{Seed: "nowhere"}, "no such file"},
		{"no such authority", Access{CA: "nowhere"}, "nowhere"},
	} {
		c, err := Dial(bounded(t), s.URL(), test.a)
		if err == nil {
			c.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	plain := listen(t)
	if _, err := Dial(bounded(t), plain.URL(), Access{CA: k.CA}); err == nil || !strings.Contains(err.Error(), "secure connection not available") {
		t.Errorf("a server without TLS: %v", err)
	}
	own := dial(t, s) // goes by the certificate itself
	if !own.nats.TLSRequired() {
		t.Error("our own connection is plain")
	}
}

func TestMakeKeys(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	k, err := MakeKeys(dir, []string{"queue.example", "192.0.2.7", "2001:db8::7"})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{k.CA, k.ServerCert, k.ServerKey, k.Coordinator, k.Worker, k.WorkerName, k.Authorization} {
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v (%v)", file, info, err)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 7 {
		t.Errorf("%v (%v)", files, err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v (%v)", info, err)
	}
	before, _ := os.ReadFile(k.Worker)
	if _, err := MakeKeys(dir, nil); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("keys were made anew: %v", err)
	}
	if after, _ := os.ReadFile(k.Worker); string(after) != string(before) {
		t.Error("a key was written over")
	}
	for _, host := range []string{"", "nats://queue", "a b"} {
		if _, err := MakeKeys(t.TempDir(), []string{host}); err == nil || !strings.Contains(err.Error(), "neither a host name nor an address") {
			t.Errorf("%q: %v", host, err)
		}
	}
	o := ListenOptions{Addr: "127.0.0.1:0", StoreDir: dir, Cert: k.ServerCert, Key: k.ServerKey}
	options, own, err := o.resolve()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	text, _ := os.ReadFile(k.CA)
	roots.AppendCertsFromPEM(text)
	for _, host := range []string{"localhost", "127.0.0.1", "::1", "queue.example", "192.0.2.7", "2001:db8::7"} {
		for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
			_, err := own.pinned.Verify(x509.VerifyOptions{DNSName: host, Roots: roots, KeyUsages: []x509.ExtKeyUsage{usage}, CurrentTime: time.Now().AddDate(4, 0, 0)})
			if err != nil {
				t.Errorf("%s: %v", host, err)
			}
		}
	}
	if _, err := own.pinned.Verify(x509.VerifyOptions{DNSName: "other.example", Roots: roots}); err == nil {
		t.Error("the certificate is good for any host")
	}
	if options.TLSConfig == nil {
		t.Error("the server speaks without TLS")
	}
}
