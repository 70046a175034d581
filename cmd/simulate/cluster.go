package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"dualhome/workqueue"
)

// accessFlags say who we are to a NATS server, and by what we know it.
type accessFlags struct {
	keys          string // folder of simulate keys
	seed          string
	ca, cert, key string
}

func (a *accessFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&a.keys, "keys", "", "folder that 'simulate keys' made: who we are, and the server's certificate")
	c.Flags().StringVar(&a.seed, "nkey", "", "file with the seed of our nkey, in place of that of --keys")
	c.Flags().StringVar(&a.ca, "tls-ca", "", "file with the certificates (PEM) that may sign the server's, in place of that of --keys")
	c.Flags().StringVar(&a.cert, "tls-cert", "", "file with our certificate (PEM), for servers that ask for one")
	c.Flags().StringVar(&a.key, "tls-key", "", "file with the key of --tls-cert")
}

func (a *accessFlags) given() bool { return *a != accessFlags{} }

// access gives who we are in a role. The folder of the keys may lack what the machine
// is not to have.
func (a *accessFlags) access(role workqueue.Role, tell func(string)) workqueue.Access {
	to := workqueue.Access{Seed: a.seed, CA: a.ca, Cert: a.cert, Key: a.key, Tell: tell}
	if a.keys == "" {
		return to
	}
	files := workqueue.KeysIn(a.keys)
	seed := files.Coordinator
	if role == workqueue.WorkerRole {
		seed = files.Worker
	}
	if to.Seed == "" {
		to.Seed = seed
	}
	if to.CA == "" {
		to.CA = files.CA
	}
	return to
}

// clusterFlags say where a sweep finds its workers.
type clusterFlags struct {
	accessFlags
	url      string
	listen   string
	replicas int
	ackWait  time.Duration
}

func (f *clusterFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.url, "nats", "", "let workers make the runs that are at this NATS server, or these with commas between: nats://host:4222")
	c.Flags().StringVar(&f.listen, "listen", "", "be the NATS server for workers, at this address: 127.0.0.1:4222; others than of this machine need --keys")
	c.Flags().IntVar(&f.replicas, "replicas", 0, "how many servers of a cluster keep each job and result (default 3 in a cluster)")
	c.Flags().DurationVar(&f.ackWait, "ack-wait", 0, "wall time after which the runs of a worker that is not heard of are given to another (default 30s)")
	f.accessFlags.flags(c)
}

// used tells whether workers elsewhere make the runs.
func (f *clusterFlags) used() bool { return f.url != "" || f.listen != "" }

// notEmpty refuses a server without a name, of a variable that is not set, say: what
// was meant for many machines would be made on this one.
func (f *clusterFlags) notEmpty(c *cobra.Command) error {
	if err := notEmpty(c, "nats", "the NATS server: nats://host:4222"); err != nil {
		return err
	}
	return notEmpty(c, "listen", "the address of the NATS server: 127.0.0.1:4222")
}

func (f *clusterFlags) check() error {
	switch {
	case f.url != "" && f.listen != "":
		return usage("--nats with --listen: use the server that is there, or be one")
	case !f.used() && f.given():
		return usage("--keys, --nkey and --tls-… are about --nats or --listen; there is neither")
	case !f.used() && (f.replicas != 0 || f.ackWait != 0):
		return usage("--replicas and --ack-wait are about --nats or --listen; there is neither")
	case f.replicas < 0 || f.replicas > 5:
		return usage("--replicas %d: it is how many servers keep each message, from 1 to 5", f.replicas)
	case f.ackWait < 0:
		return usage("--ack-wait %v: it is more than 0s", f.ackWait)
	}
	return nil
}

// identity names this process to the others.
func identity() string { return fmt.Sprintf("%s-%d", machine(), os.Getpid()) }

func newKeys(s *shell) *cobra.Command {
	return &cobra.Command{
		Use:   "keys DIR [HOST…]",
		Short: "Make keys for a sweep on several machines",
		Long: `Makes what a sweep with --listen needs so that its workers may be on other machines:
an nkey for the coordinator, one for workers, and a certificate for the server, which
workers reach by the given host names or addresses. Give workers ca.pem and worker.nk,
and keep the others.`,
		Example: `  simulate keys group 192.0.2.10
  simulate sweep hold-timer --listen 192.0.2.10:4222 --keys group
  simulate worker --nats nats://192.0.2.10:4222 --keys group`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			files, err := workqueue.MakeKeys(args[0], args[1:])
			if err != nil {
				return usage("%v", err)
			}
			t := table{name: "files", head: []string{"file", "for"}}
			for _, f := range [][2]string{
				{files.CA, "everybody: it tells the server from others"},
				{files.ServerCert, "the machine of --listen"},
				{files.ServerKey, "the machine of --listen"},
				{files.Coordinator, "who gives out runs: the machine of --listen"},
				{files.Worker, "all workers"},
				{files.WorkerName, "the machine of --listen"},
				{files.Authorization, "servers of your own, in place of --listen: who may do what"},
			} {
				t.add(f[0], f[1])
			}
			var d document
			d.show(t)
			return s.render(d)
		},
	}
}
