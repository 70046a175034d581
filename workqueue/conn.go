package workqueue

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
)

// Access says who we are to a server and which server we trust. The zero value
// is for a server that asks nobody.
type Access struct {
	Seed string // file with the seed of our nkey ("SU..."); empty: none
	CA   string // file with the certificates (PEM) that may sign the server's; empty: those of the system
	Cert string // file with our certificate (PEM), for servers that verify clients; empty: none
	Key  string // file with the key of Cert

	// Tell is told, a line each time, what is wrong while we try again, and that
	// it is right again. It may be called from several goroutines at once. May be nil.
	Tell func(message string)

	pinned *x509.Certificate // the server must have this one; its name does not matter
}

// Conn is a connection to a NATS server, or a cluster, with JetStream. It
// connects again for ever; what was under way meanwhile is tried again. It is
// safe for concurrent use. Dial makes one, Close ends it.
type Conn struct {
	nats   *nats.Conn
	js     jetstream.JetStream
	tell   func(string)
	denied atomic.Pointer[error] // what the server last forbade us
	known  sync.Map              // streams by name; see stream
	line   atomic.Pointer[line]

	uploading time.Duration // no worker takes longer to store an object

	// step is for tests: it is called at each step of a job. Its error ends the
	// worker there, without a word; at the step "alive" it withholds a sign of life.
	step func(name string) error
}

// Dial connects to one of the servers in urls ("nats://host:port", several with
// commas between). Where none answers it tells so and tries again until ctx ends.
// A server that answers but does not let us in, or that we do not trust, is an error.
func Dial(ctx context.Context, urls string, a Access) (*Conn, error) {
	c := &Conn{tell: a.Tell, uploading: time.Hour, step: func(string) error { return nil }}
	c.line.Store(newLine())
	if c.tell == nil {
		c.tell = func(string) {}
	}
	options, err := a.options()
	if err == nil {
		err = checkURLs(urls)
	}
	if err != nil {
		return nil, err
	}
	options = append(options, c.handlers()...)
	wait, told := firstWait, ""
	for {
		if c.nats, err = connect(ctx, urls, options); err == nil {
			break
		}
		if ctx.Err() != nil || isRefusal(err) {
			return nil, fmt.Errorf("connecting to %s: %w", urls, err)
		}
		if err.Error() != told {
			told = err.Error()
			c.tell(fmt.Sprintf("no NATS server answers at %s (%v); trying again", urls, err))
		}
		if err := pause(ctx, &wait); err != nil {
			return nil, fmt.Errorf("connecting to %s: %w", urls, err)
		}
	}
	if c.js, err = jetstream.New(c.nats, jetstream.WithPublishAsyncMaxPending(2*putAtOnce), jetstream.WithPublishAsyncTimeout(patience)); err != nil {
		c.nats.Close()
		return nil, fmt.Errorf("connecting to %s: %w", urls, err)
	}
	return c, nil
}

// connect is nats.Connect that ends with ctx, too.
func connect(ctx context.Context, urls string, options []nats.Option) (*nats.Conn, error) {
	type try struct {
		conn *nats.Conn
		err  error
	}
	done := make(chan try, 1)
	go func() {
		conn, err := nats.Connect(urls, options...)
		done <- try{conn, err}
	}()
	select {
	case t := <-done:
		return t.conn, t.err
	case <-ctx.Done():
		go func() {
			if t := <-done; t.err == nil {
				t.conn.Close()
			}
		}()
		return nil, context.Cause(ctx)
	}
}

// Close ends the connection at once; what was asked and not answered is not done,
// or done without our knowing.
func (c *Conn) Close() { c.nats.Close() }

func checkURLs(urls string) error {
	for one := range strings.SplitSeq(urls, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Hostname() == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme) {
			return fmt.Errorf("%q is not the address of a NATS server: write nats://host:4222", one)
		}
	}
	return nil
}

// options turns a into options of nats.go. Inboxes are named by our key, so that
// the server can let each hear only his own; see PermissionsOf.
func (a Access) options() ([]nats.Option, error) {
	options := []nats.Option{nats.Name("workqueue"), nats.Timeout(5 * time.Second)}
	if a.Seed != "" {
		user, err := publicKey(a.Seed)
		if err != nil {
			return nil, err
		}
		sign, err := nats.NkeyOptionFromSeed(a.Seed)
		if err != nil {
			return nil, fmt.Errorf("reading the nkey %s: %w", a.Seed, err)
		}
		options = append(options, sign, nats.CustomInboxPrefix(inbox(user)))
	}
	if a.CA != "" || a.Cert != "" || a.pinned != nil {
		config, err := a.tls()
		if err != nil {
			return nil, err
		}
		options = append(options, nats.Secure(config))
	}
	return options, nil
}

func (a Access) tls() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if a.CA != "" {
		text, err := os.ReadFile(a.CA)
		if err != nil {
			return nil, fmt.Errorf("reading the certificates: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s has no certificates (PEM)", a.CA)
		}
	}
	if a.Cert != "" {
		pair, err := tls.LoadX509KeyPair(a.Cert, a.Key)
		if err != nil {
			return nil, fmt.Errorf("our certificate %s with the key %s: %w", a.Cert, a.Key, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if a.pinned != nil {
		config.InsecureSkipVerify = true // VerifyConnection does it
		config.VerifyConnection = func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 || !s.PeerCertificates[0].Equal(a.pinned) {
				return errors.New("tls: another server answers at our own address")
			}
			return nil
		}
	}
	return config, nil
}

// handlers make the connection come back for ever, and say what happens to it.
func (c *Conn) handlers() []nats.Option {
	return []nats.Option{
		nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond), nats.IgnoreAuthErrorAbort(),
		nats.PingInterval(10 * time.Second), // a machine that is gone without a word is noticed in 30 s
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				c.tell(fmt.Sprintf("lost the connection to the NATS server (%v); trying again", err))
			}
		}),
		nats.ReconnectHandler(func(n *nats.Conn) {
			c.tell("connected again to the NATS server at " + n.ConnectedAddr())
			c.line.Swap(newLine()).cut()
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			// Of what a failed Put tidies up behind it: a worker may not, and need not.
			tidying := strings.Contains(err.Error(), "STREAM.PURGE."+bucketStream)
			if errors.Is(err, nats.ErrPermissionViolation) && !tidying {
				c.denied.Store(&err)
				c.line.Swap(newLine()).cut() // what was forbidden is not answered; we cannot tell which it was
			}
		}),
	}
}

// isRefusal tells whether to try again is in vain: the server is there, but it and
// we do not go together.
func isRefusal(err error) bool {
	var untrusted *tls.CertificateVerificationError
	return errors.As(err, &untrusted) || errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) ||
		errors.Is(err, nats.ErrSecureConnWanted) || errors.Is(err, nats.ErrSecureConnRequired) || errors.Is(err, nats.ErrNkeysNotSupported) ||
		strings.Contains(err.Error(), "tls: ")
}

// publicKey returns the public key ("U...") of the nkey whose seed, or which itself, is in file.
func publicKey(file string) (string, error) {
	text, err := readKey(file)
	if err != nil {
		return "", fmt.Errorf("reading the nkey: %w", err)
	}
	if nkeys.IsValidPublicUserKey(text) {
		return text, nil
	}
	pair, err := nkeys.FromSeed([]byte(text))
	if err != nil {
		return "", fmt.Errorf("reading the nkey %s: it is neither a seed (SU...) nor a public key (U...) of a user", file)
	}
	defer pair.Wipe()
	user, err := pair.PublicKey()
	if err == nil && !nkeys.IsValidPublicUserKey(user) {
		err = fmt.Errorf("reading the nkey %s: it is not that of a user", file)
	}
	return user, err
}
