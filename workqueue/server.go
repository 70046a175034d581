package workqueue

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// ListenOptions are the options of a server for a small group. With the files of
// MakeKeys:
//
//	k := workqueue.KeysIn(dir)
//	workqueue.Listen(workqueue.ListenOptions{
//		Addr: ":4222", StoreDir: store, Cert: k.ServerCert, Key: k.ServerKey,
//		Coordinator: k.Coordinator, Workers: []string{k.WorkerName},
//	})
type ListenOptions struct {
	Addr     string // host:port; port 0 takes a free one. A host that is not of this machine alone needs keys and a certificate
	StoreDir string // folder for jobs and results; they are there again after a restart. One server at a time

	Cert, Key   string   // files with the certificate of the server and its key (PEM); empty: no TLS
	Coordinator string   // file with the seed of the nkey of coordinators, which is ours too; empty: nobody is asked
	Workers     []string // files with the nkeys, or their public keys, of workers

	// Tell is told, a line each time, what the server warns of: a full disk, say. May be nil.
	Tell func(message string)
}

// Server is a nats-server with JetStream inside this process. Close ends it.
type Server struct {
	nats *server.Server
	own  Access
}

// MaxPayload is how large a message of a Server may be, in bytes: manifests,
// compressed, among others. It is what NATS advises at most.
const MaxPayload = 8 << 20

// Listen starts a server. What it has acknowledged is on the disk. It speaks
// nothing but NATS: no WebSocket, MQTT, leafnodes or HTTP.
func Listen(o ListenOptions) (*Server, error) {
	options, own, err := o.resolve()
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", o.Addr, err)
	}
	s, err := server.NewServer(options)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", o.Addr, err)
	}
	tell := &teller{say: o.Tell}
	s.SetLoggerV2(tell, false, false, false)
	s.Start()
	ready := false
	for deadline := time.Now().Add(starting); !ready && !tell.isFatal() && time.Now().Before(deadline); {
		ready = s.ReadyForConnections(200 * time.Millisecond)
	}
	if !ready || !s.JetStreamEnabled() {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, fmt.Errorf("listening on %s: the server does not start: %s", o.Addr, tell.last())
	}
	return &Server{nats: s, own: own}, nil
}

// starting is how long a server may take to read what it has stored.
const starting = 60 * time.Second

// Addr returns host and port on which the server listens.
func (s *Server) Addr() string { return s.nats.Addr().String() }

// URL returns how this machine reaches the server.
func (s *Server) URL() string {
	host, port, err := net.SplitHostPort(s.Addr())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "nats://" + net.JoinHostPort(host, port)
}

// Dial connects to the server as its coordinator. It goes through the network of
// this machine: the pipe that the server has for its own process blocks when both ends write.
func (s *Server) Dial(ctx context.Context, tell func(string)) (*Conn, error) {
	a := s.own
	a.Tell = tell
	return Dial(ctx, s.URL(), a)
}

// Close ends the server and all connections to it. It returns when all has ended.
func (s *Server) Close() {
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
}

// resolve checks o, and turns it into options of nats-server and our own access.
func (o *ListenOptions) resolve() (*server.Options, Access, error) {
	host, port, err := o.address()
	if err == nil {
		err = o.safe(host)
	}
	if err == nil && o.StoreDir == "" {
		err = errors.New("it needs a folder for jobs and results")
	}
	if err == nil {
		err = os.MkdirAll(o.StoreDir, 0o700)
	}
	options := &server.Options{
		ServerName: "workqueue", Host: host, Port: port, JetStream: true, StoreDir: o.StoreDir,
		SyncAlways: true, MaxPayload: MaxPayload, MaxPending: 64 << 20, NoSigs: true,
	}
	var own Access
	if err == nil && o.Cert != "" {
		own.pinned, err = o.tls(options)
	}
	if err == nil && o.Coordinator != "" {
		own.Seed = o.Coordinator
		err = o.letIn(options)
	}
	return options, own, err
}

func (o *ListenOptions) address() (host string, port int, err error) {
	host, text, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return "", 0, fmt.Errorf("%q is not host:port", o.Addr)
	}
	if port, err = strconv.Atoi(text); err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("%q is not a port", text)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	if host == "" {
		host = "0.0.0.0"
	}
	return host, port, nil
}

// safe refuses to be reached by others without keys and a certificate.
func (o *ListenOptions) safe(host string) error {
	if (o.Cert == "") != (o.Key == "") {
		return errors.New("a certificate goes with its key")
	}
	if o.Coordinator == "" && len(o.Workers) > 0 {
		return errors.New("keys of workers go with one of coordinators")
	}
	if isLoopback(host) {
		return nil
	}
	var missing []string
	if o.Coordinator == "" {
		missing = append(missing, "keys (or anybody could give it jobs and results)")
	}
	if o.Cert == "" {
		missing = append(missing, "a certificate (or anybody on the way could read and change them)")
	}
	if missing != nil {
		return fmt.Errorf("other machines reach %s, so it needs %s; or listen on 127.0.0.1", host, strings.Join(missing, " and "))
	}
	return nil
}

// isLoopback tells whether only this machine reaches host. Of names, only
// localhost is known to.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || host == "localhost"
}

func (o *ListenOptions) tls(options *server.Options) (*x509.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(o.Cert, o.Key)
	if err != nil {
		return nil, fmt.Errorf("the certificate %s with the key %s: %w", o.Cert, o.Key, err)
	}
	options.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	options.TLSTimeout = 5 // seconds
	return pair.Leaf, nil
}

// letIn lets coordinators and workers in, as a server of its own would.
func (o *ListenOptions) letIn(options *server.Options) error {
	var users []User
	add := func(file string, role Role) error {
		name, err := publicKey(file)
		users = append(users, User{name, role})
		return err
	}
	err := add(o.Coordinator, CoordinatorRole)
	for _, file := range o.Workers {
		err = errors.Join(err, add(file, WorkerRole))
	}
	if err != nil {
		return err
	}
	return options.ProcessConfigString(Authorization(users))
}
