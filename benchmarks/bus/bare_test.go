package bus_test

import (
	"bytes"
	"io"
	"net"
	"strconv"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"dualhome/events"
	"dualhome/events/eventlog"
)

// What a bus over NATS cannot be faster than: the same bytes on the same subject, and
// nothing done with them but to count.

const subject = "sim.AAAAAAAAAAAA.rs0-0.nva1.update"

func payload() []byte {
	l := events.Line{Seq: 1, At: 1, Due: 2, Role: events.Out, Actor: "nva1", Peer: "rs0-0", Event: update()}
	e := eventlog.Enclose(&l)
	return e.Append(make([]byte, 8))
}

func startServer(b *testing.B) *server.Server {
	b.Helper()
	s, err := server.NewServer(&server.Options{DontListen: true, NoLog: true, NoSigs: true, NoSystemAccount: true, MaxPending: 1 << 40})
	if err != nil {
		b.Fatal(err)
	}
	s.Start()
	b.Cleanup(s.Shutdown)
	return s
}

// BenchmarkBareClient is nats.go alone: it publishes a window, and takes as many from
// the channel of its subscription.
func BenchmarkBareClient(b *testing.B) {
	each(b, func(b *testing.B) func(window int) {
		c, err := nats.Connect(nats.DefaultURL, nats.InProcessServer(startServer(b)))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(c.Close)
		arrivals, message := make(chan *nats.Msg, 8192), payload()
		if _, err := c.ChanSubscribe("sim.AAAAAAAAAAAA.>", arrivals); err != nil {
			b.Fatal(err)
		}
		return func(window int) {
			for range window {
				if err := c.Publish(subject, message); err != nil {
					b.Fatal(err)
				}
			}
			for range window {
				<-arrivals
			}
		}
	})
}

// BenchmarkServerAlone is the server without a client: a window is written as bytes of
// the protocol at once, and bytes come back until it is complete.
func BenchmarkServerAlone(b *testing.B) {
	each(b, func(b *testing.B) func(window int) {
		conn, err := startServer(b).InProcessConn()
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() }) // of a pipe: no error
		message := append([]byte("PUB "+subject+" "+strconv.Itoa(len(payload()))+"\r\n"), payload()...)
		message = append(message, "\r\n"...)
		say(b, conn, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB sim.AAAAAAAAAAAA.> 1\r\nPING\r\n", "PONG\r\n")
		came := len("MSG  1 \r\n") + len(subject) + len(strconv.Itoa(len(payload()))) + len(payload()) + 2
		chunks, ask := make(chan struct{}), make(chan int)
		go func() {
			buffer := make([]byte, 1<<16)
			for n := range ask {
				for got := 0; got < n; {
					k, err := conn.Read(buffer)
					if err != nil {
						return
					}
					got += k
				}
				chunks <- struct{}{}
			}
		}()
		b.Cleanup(func() { close(ask) })
		return func(window int) {
			ask <- window * came
			if _, err := conn.Write(bytes.Repeat(message, window)); err != nil {
				b.Error(err)
				return
			}
			<-chunks
		}
	})
}

func say(b *testing.B, conn net.Conn, text, until string) {
	b.Helper()
	heard := make([]byte, 1<<16)
	n, err := conn.Read(heard) // INFO
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		b.Fatal(err)
	}
	for !bytes.HasSuffix(heard[:n], []byte(until)) {
		if n, err = conn.Read(heard); err != nil {
			b.Fatal(err)
		}
	}
}
