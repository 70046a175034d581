package workqueue

import (
	"fmt"
	"strings"
)

// Role is what an nkey is good for.
type Role string

// The roles.
const (
	CoordinatorRole Role = "coordinator" // offers jobs, reads results, and may work too
	WorkerRole      Role = "worker"      // takes jobs and gives results, and nothing else
)

// User is somebody whom a server lets in.
type User struct {
	Key  string // the public key of the nkey ("U...")
	Role Role
}

// Permissions are the subjects on which a user may publish, and to which a user
// may subscribe; what is in no list is forbidden.
type Permissions struct {
	Publish, Subscribe []string
}

// PermissionsOf returns the least that a user needs. JetStream is asked by
// publishing, so the names of its API say what may be done:
//
// A worker may take jobs from the one consumer, acknowledge them, and publish
// results, tries and objects. It can read manifests and tries. It cannot publish
// jobs or sets, read results, or make, change, purge or delete a stream; it hears answers
// to its own questions only, and cannot have them sent where it may not publish: see
// Authorization. What it publishes it cannot be kept from publishing wrongly: it
// could acknowledge a job that it has not done (the coordinator finds that and offers
// the job again), or write over objects of other workers, or roll all up (each
// result has its checksum, and the coordinator says so).
//
// A coordinator may do that too, and all that Offer, Results and Remove do with
// the streams of this package; nothing with others.
func PermissionsOf(u User) Permissions {
	p := Permissions{
		Publish: []string{
			"$JS.API.CONSUMER.INFO." + jobsStream + "." + consumer,
			"$JS.API.CONSUMER.MSG.NEXT." + jobsStream + "." + consumer,
			"$JS.ACK." + jobsStream + "." + consumer + ".>",
			"$JS.API.STREAM.INFO." + setsStream,
			"$JS.API.STREAM.MSG.GET." + setsStream,
			"$JS.API.STREAM.INFO." + triesStream,
			"$JS.API.STREAM.MSG.GET." + triesStream,
			"$JS.API.STREAM.INFO." + bucketStream,
			"$JS.API.DIRECT.GET." + bucketStream + "." + metaPrefix + "*",
			resultsPrefix + "*.*.*",
			triesPrefix + "*.*.*",
			chunksPrefix + "*",
			metaPrefix + "*",
		},
		Subscribe: []string{inbox(u.Key) + ".>"},
	}
	if u.Role != CoordinatorRole {
		return p
	}
	p.Publish = append(p.Publish,
		setsPrefix+"*",
		jobsPrefix+"*.*.*",
		"$JS.API.CONSUMER.CREATE."+jobsStream+"."+consumer,
		"$JS.API.CONSUMER.CREATE."+bucketStream+".>", // to read an object is to make a consumer for it
		"$JS.API.CONSUMER.DELETE."+bucketStream+".>",
		"$JS.FC."+bucketStream+".>",
		"$JS.API.DIRECT.GET."+bucketStream+"."+chunksPrefix+"*",
		"$JS.API.STREAM.MSG.GET."+resultsStream,
		"$JS.API.STREAM.INFO."+jobsStream,
		"$JS.API.STREAM.INFO."+resultsStream,
	)
	for _, stream := range []string{setsStream, jobsStream, resultsStream, triesStream, bucketStream} {
		for _, do := range []string{"CREATE", "PURGE"} {
			p.Publish = append(p.Publish, "$JS.API.STREAM."+do+"."+stream)
		}
	}
	return p
}

// inbox is where a user hears the answers to its questions.
func inbox(user string) string { return "_INBOX." + user }

// The accounts of users. Streams are in that of coordinators.
const (
	coordinatorAccount = "COORDINATORS"
	workerAccount      = "WORKERS"
)

// Authorization returns the part of the configuration file of a nats-server that
// lets users in with what PermissionsOf says.
//
// Workers have an account of their own, in which there is nothing but the subjects
// on which they may publish. NATS does not check where a user has an answer sent.
// In one account with the streams a worker could have JetStream's answer to a
// question that it may ask sent to a subject of jobs, where it would be a job, or to
// one of JetStream's API, which would do what it says. From one account to another
// answers take a way of their own, and end in that of who asked.
func Authorization(users []User) string {
	// Only an account that has $JS.API.INFO from elsewhere is not also told that it has
	// no JetStream, which would come first. No worker may ask that.
	exports := append(PermissionsOf(User{Role: WorkerRole}).Publish, "$JS.API.INFO")
	var b strings.Builder
	b.WriteString("accounts {\n")
	account(&b, coordinatorAccount, users, CoordinatorRole)
	b.WriteString("    jetstream: enabled\n    exports: [\n")
	for _, s := range exports {
		answers := ""
		if strings.Contains(s, ".MSG.NEXT.") {
			answers = "response: stream, " // signs of life of the server, then a job
		}
		fmt.Fprintf(&b, "      { service: %q, %saccounts: [%s] }\n", s, answers, workerAccount)
	}
	b.WriteString("    ]\n  }\n")
	account(&b, workerAccount, users, WorkerRole)
	b.WriteString("    imports: [\n")
	for _, s := range exports {
		fmt.Fprintf(&b, "      { service: { account: %s, subject: %q } }\n", coordinatorAccount, s)
	}
	b.WriteString("    ]\n  }\n}\n")
	return b.String()
}

// account begins an account with its users.
func account(b *strings.Builder, name string, users []User, role Role) {
	fmt.Fprintf(b, "  %s {\n    users: [\n", name)
	for _, u := range users {
		if u.Role != role {
			continue
		}
		p := PermissionsOf(u)
		fmt.Fprintf(b, "      {\n        nkey: %s\n        permissions: {\n", u.Key)
		list(b, "publish", p.Publish)
		list(b, "subscribe", p.Subscribe)
		b.WriteString("        }\n      }\n")
	}
	b.WriteString("    ]\n")
}

func list(b *strings.Builder, name string, subjects []string) {
	fmt.Fprintf(b, "          %s: [\n", name)
	for _, s := range subjects {
		fmt.Fprintf(b, "            %q\n", s)
	}
	b.WriteString("          ]\n")
}
