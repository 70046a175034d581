package workqueue

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const (
	setsStream    = "WORKQUEUE_SETS"
	jobsStream    = "WORKQUEUE_JOBS"
	resultsStream = "WORKQUEUE_RESULTS"
	triesStream   = "WORKQUEUE_TRIES"
	bucket        = "workqueue"
	bucketStream  = "OBJ_" + bucket // as the object store calls it
	consumer      = "workers"       // the one consumer of jobsStream

	setsPrefix    = "workqueue.sets."
	jobsPrefix    = "workqueue.jobs."
	resultsPrefix = "workqueue.results."
	triesPrefix   = "workqueue.tries."
	chunksPrefix  = "$O." + bucket + ".C."
	metaPrefix    = "$O." + bucket + ".M."
)

var setName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func checkName(name string) error {
	if !setName.MatchString(name) {
		return fmt.Errorf("%q cannot name a set of jobs: 1 to 64 letters, digits, - and _ can", name)
	}
	return nil
}

// nonce returns 16 letters and digits that nobody had before.
func nonce() string { return rand.Text()[:16] }

// key tells a set from all others, those of the same name before it included:
// "<name>.<nonce>", two tokens of a subject.
type key struct{ name, nonce string }

func (k key) String() string { return k.name + "." + k.nonce }

func (k key) job(n int) string    { return jobsPrefix + k.String() + "." + strconv.Itoa(n) }
func (k key) result(n int) string { return resultsPrefix + k.String() + "." + strconv.Itoa(n) }
func (k key) tries(n int) string  { return triesPrefix + k.String() + "." + strconv.Itoa(n) }

// object names what one try at job n gave.
func (k key) object(n int, try string) string {
	return k.String() + "." + strconv.Itoa(n) + "." + try
}

// parse is the reverse of key.job and its like.
func parse(subject, prefix string) (key, int, error) {
	tokens := strings.Split(strings.TrimPrefix(subject, prefix), ".")
	if !strings.HasPrefix(subject, prefix) || len(tokens) != 3 {
		return key{}, 0, fmt.Errorf("%q is not %s<set>.<nonce>.<job>", subject, prefix)
	}
	n, err := strconv.Atoi(tokens[2])
	if err == nil && n < 0 {
		err = errors.New("a job has no negative number")
	}
	return key{tokens[0], tokens[1]}, n, err
}
