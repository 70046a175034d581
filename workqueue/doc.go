// Package workqueue has numbered jobs on many machines with exactly one result
// each, over NATS JetStream. What a job is, it does not know: a manifest says it,
// and manifest and results are bytes.
//
// A coordinator offers a set of jobs and reads their results:
//
//	conn, err := workqueue.Dial(ctx, "nats://127.0.0.1:4222", workqueue.Access{})
//	...
//	set, err := conn.Offer(ctx, workqueue.Offer{Name: "hold", Manifest: plan, Jobs: 4000})
//	...
//	for result, err := range set.Results(ctx) {
//	...
//	err = set.Remove(ctx)
//
// Workers, of which any number come and go, do them:
//
//	err = conn.Work(ctx, workqueue.Worker{Identity: "host 7", AtOnce: 2, Accept: known, Do: run})
//
// # What lies where
//
// Four streams and a bucket of the object store, with names that are always the
// same so that permissions can name them, serve all sets:
//
//	WORKQUEUE_SETS     workqueue.sets.<set>                    manifest, number of jobs, nonce
//	WORKQUEUE_JOBS     workqueue.jobs.<set>.<nonce>.<job>      a work queue: gone when acknowledged
//	WORKQUEUE_RESULTS  workqueue.results.<set>.<nonce>.<job>   one message each, for ever
//	WORKQUEUE_TRIES    workqueue.tries.<set>.<nonce>.<job>     what became of earlier tries
//	OBJ_workqueue      results that are too large for a message
//
// The nonce is drawn when a set is first offered. A worker that is late with a
// result of a set that was removed cannot harm a new set of the same name.
//
// # Exactly one result
//
// Delivery is at least once: a job that nobody acknowledges, and of whose worker
// nothing is heard for the ack wait, is given to another. The result is exactly one:
// it is published on condition that there is none (expected last sequence 0 of
// its subject), and the stream takes no second message on a subject even from who
// does not ask for that. Who comes second drops what he has. A job is
// acknowledged only after its result is stored, so at any moment a job has a
// result, or is in the work queue, or both; never neither. A coordinator that
// finds a job with neither, since a server lost its disk, offers it again.
//
// # Failures
//
// A try that ends with an error or a panic is reported; the third parks the job:
// its errors are its one result. A worker that dies in a job is no failed try,
// but a job that lost ten workers in a row is parked too. A worker that leaves, or does
// not accept the manifest, gives the job back at once, and that counts as nothing.
// A server that is away is waited for, with a message.
//
// # Not here
//
// Priorities, jobs that depend on jobs, and any order of jobs. Workers are trusted with
// results: one that lies gives a wrong result, but can neither replace that of
// another nor add jobs. See [PermissionsOf].
package workqueue
