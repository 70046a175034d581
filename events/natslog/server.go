package natslog

import (
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// never is for the deadlines of NATS that can have no meaning inside one
// process. To it a process that slept for a while, with its machine, looks like
// a peer that is gone.
const never = 1000 * time.Hour

// Server is a nats-server inside this process. It listens nowhere, logs nothing
// and handles no signals. Start makes one; it is safe for concurrent use.
type Server struct {
	nats *server.Server
}

// Start starts a server. Close ends it.
func Start() (*Server, error) {
	s, err := server.NewServer(&server.Options{
		DontListen:      true,
		NoLog:           true,
		NoSigs:          true,
		NoSystemAccount: true,
		MaxPayload:      8 << 20,
		// How far a client may fall behind is bounded by Bus, see underWay.
		MaxPending:    1 << 40,
		WriteDeadline: never,
		// An in-process connection is a pipe without a buffer. A client that
		// answers a ping while it writes would wait for the server, and the
		// server for it.
		PingInterval:          never,
		DisableShortFirstPing: true,
	})
	if err != nil {
		return nil, fmt.Errorf("starting the NATS server: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(DefaultTimeout) {
		s.Shutdown()
		return nil, errors.New("starting the NATS server: it does not become ready")
	}
	return &Server{nats: s}, nil
}

// Close ends the server and every connection to it. It returns when all has
// ended.
func (s *Server) Close() {
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
}
