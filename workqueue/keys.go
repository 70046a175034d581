package workqueue

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nkeys"
)

// KeyFiles are the files that a group needs. Each is read by its owner only.
type KeyFiles struct {
	CA          string // ca.pem: the certificate that signed that of the server; for all
	ServerCert  string // server.pem; for the server
	ServerKey   string // server.key; for the server
	Coordinator string // coordinator.nk: a seed; for coordinators, and the server
	Worker      string // worker.nk: a seed; for all workers
	WorkerName  string // worker.pub: the public key of worker.nk; for the server

	// authorization.conf: who may do what, for the configuration of a nats-server of
	// one's own, which includes it.
	Authorization string
}

// KeysIn returns the names that the files of MakeKeys have in dir.
func KeysIn(dir string) KeyFiles {
	in := func(name string) string { return filepath.Join(dir, name) }
	return KeyFiles{
		CA: in("ca.pem"), ServerCert: in("server.pem"), ServerKey: in("server.key"),
		Coordinator: in("coordinator.nk"), Worker: in("worker.nk"), WorkerName: in("worker.pub"),
		Authorization: in("authorization.conf"),
	}
}

// keysLast is how long the certificates of MakeKeys are good for.
const keysLast = 5 * 365 * 24 * time.Hour

// MakeKeys makes what a group needs to trust each other: an nkey for
// coordinators, one for workers, and a certificate for the servers that are reached
// by the given host names and addresses (and as localhost). The key that signs it
// is thrown away, so that nobody can sign another: for another host, make all
// anew. It makes dir; files that are there already are an error.
func MakeKeys(dir string, hosts []string) (KeyFiles, error) {
	k := KeysIn(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return k, fmt.Errorf("making keys: %w", err)
	}
	texts := map[string][]byte{}
	var coordinator []byte
	var err error
	if texts[k.Coordinator], coordinator, err = makeUser(); err != nil {
		return k, fmt.Errorf("making keys: %w", err)
	}
	if texts[k.Worker], texts[k.WorkerName], err = makeUser(); err != nil {
		return k, fmt.Errorf("making keys: %w", err)
	}
	texts[k.Authorization] = []byte(Authorization([]User{
		{strings.TrimSpace(string(coordinator)), CoordinatorRole}, {strings.TrimSpace(string(texts[k.WorkerName])), WorkerRole},
	}))
	if texts[k.CA], texts[k.ServerCert], texts[k.ServerKey], err = makeCertificate(hosts, time.Now()); err != nil {
		return k, fmt.Errorf("making keys: %w", err)
	}
	for file := range texts {
		if _, err := os.Lstat(file); !errors.Is(err, os.ErrNotExist) {
			return k, fmt.Errorf("making keys: %s is there already: choose another folder, or remove it", file)
		}
	}
	for file, text := range texts {
		if err := writeNew(file, text); err != nil {
			return k, fmt.Errorf("making keys: %w", err)
		}
	}
	return k, nil
}

func writeNew(file string, text []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// readKey returns the one word of a file: a seed or a public key.
func readKey(file string) (string, error) {
	text, err := os.ReadFile(file)
	return strings.TrimSpace(string(text)), err
}

func makeUser() (seed, public []byte, err error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return nil, nil, err
	}
	seed, err = pair.Seed()
	if err != nil {
		return nil, nil, err
	}
	name, err := pair.PublicKey()
	return append(seed, '\n'), []byte(name + "\n"), err
}

// makeCertificate makes a certificate of an authority, and one that it signed for
// a server, with its key; all as PEM.
func makeCertificate(hosts []string, now time.Time) (ca, cert, key []byte, err error) {
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "workqueue authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(keysLast), // clocks differ
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "workqueue server"},
		NotBefore: authority.NotBefore, NotAfter: authority.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature,
		// Servers of a cluster are clients of each other.
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, host := range append([]string{"localhost", "127.0.0.1", "::1"}, hosts...) {
		switch ip := net.ParseIP(host); {
		case ip != nil:
			server.IPAddresses = append(server.IPAddresses, ip)
		case host == "" || strings.ContainsAny(host, " /:"):
			return nil, nil, nil, fmt.Errorf("%q is neither a host name nor an address", host)
		default:
			server.DNSNames = append(server.DNSNames, host)
		}
	}
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, nil, err
	}
	serverKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, nil, err
	}
	caDER, err := x509.CreateCertificate(rand.Reader, authority, authority, &authorityKey.PublicKey, authorityKey)
	if err != nil {
		return nil, nil, nil, err
	}
	certDER, err := x509.CreateCertificate(rand.Reader, server, authority, &serverKey.PublicKey, authorityKey)
	if err != nil {
		return nil, nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(serverKey)
	if err != nil {
		return nil, nil, nil, err
	}
	return asPEM("CERTIFICATE", caDER), asPEM("CERTIFICATE", certDER), asPEM("PRIVATE KEY", keyDER), nil
}

func asPEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
