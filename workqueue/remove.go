package workqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Remove removes the set: its jobs, results and objects, and nothing of other
// sets. Workers that are at its jobs find that it is gone. It may be done twice.
func (s *Set) Remove(ctx context.Context) error {
	// First the entry: what is left behind if we die here is swept with the next
	// set of that name.
	there, err := s.conn.find(ctx, s.key.name)
	if err == nil && there.key == s.key {
		err = s.conn.purge(ctx, setsStream, setsPrefix+s.key.name)
	}
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		err = nil
	}
	if err != nil {
		return err
	}
	return s.conn.removeAll(ctx, s.key)
}

// Remove removes the set of that name, if there is one, whatever it is about. Who
// waits for its results is told, after a while.
func (c *Conn) Remove(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := c.prepare(ctx, 0, 0); err != nil {
		return err
	}
	there, err := c.find(ctx, name)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return (&Set{conn: c, key: there.key}).Remove(ctx)
}

// find is lookUp that waits for the server.
func (c *Conn) find(ctx context.Context, name string) (there entry, err error) {
	err = c.persist(ctx, "reading the set "+name, func(ctx context.Context) error {
		there, err = c.lookUp(ctx, name)
		return err
	})
	return there, err
}

// queues are where a set has messages, but for its entry and its objects. Jobs
// come first: what is removed is not begun any more.
var queues = [...][2]string{{jobsStream, jobsPrefix}, {resultsStream, resultsPrefix}, {triesStream, triesPrefix}}

func (c *Conn) removeAll(ctx context.Context, k key) error {
	for _, q := range queues {
		if err := c.purge(ctx, q[0], q[1]+k.String()+".*"); err != nil {
			return err
		}
	}
	return c.removeObjects(ctx, func(other key) bool { return other == k })
}

// sweep removes what there is of sets that had the name of k before.
func (c *Conn) sweep(ctx context.Context, k key) error {
	old := map[key]bool{}
	for _, q := range queues {
		subjects, err := c.subjects(ctx, q[0], q[1]+k.name+".*.*")
		if err != nil {
			return err
		}
		for subject := range subjects {
			if other, _, err := parse(subject, q[1]); err == nil && other != k {
				old[other] = true
			}
		}
	}
	for other := range old {
		if err := c.removeAll(ctx, other); err != nil {
			return err
		}
	}
	return c.removeObjects(ctx, func(other key) bool { return other.name == k.name && other != k })
}

func (c *Conn) purge(ctx context.Context, stream, subjects string) error {
	return c.persist(ctx, "removing "+subjects, func(ctx context.Context) error {
		s, err := c.stream(ctx, stream)
		if err == nil {
			err = s.Purge(ctx, jetstream.WithPurgeSubject(subjects))
		}
		return err
	})
}

// removeObjects removes the objects of some sets, and the rests of objects whose
// workers died while they stored them. It does not use the store's Delete, which
// would leave a mark of each.
func (c *Conn) removeObjects(ctx context.Context, of func(key) bool) error {
	chunks, err := c.subjects(ctx, bucketStream, chunksPrefix+"*")
	if err != nil {
		return err
	}
	metas, err := c.subjects(ctx, bucketStream, metaPrefix+"*")
	if err != nil {
		return err
	}
	for meta := range metas {
		info, err := c.info(ctx, meta)
		if errors.Is(err, errJunk) {
			if err := c.purge(ctx, bucketStream, meta); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		delete(chunks, chunksPrefix+info.NUID)
		tokens := strings.Split(info.Name, ".")
		if len(tokens) != 4 || !of(key{tokens[0], tokens[1]}) {
			continue
		}
		if err := errors.Join(c.purge(ctx, bucketStream, chunksPrefix+info.NUID), c.purge(ctx, bucketStream, meta)); err != nil {
			return err
		}
	}
	for rest := range chunks {
		if err := c.removeRest(ctx, rest); err != nil {
			return err
		}
	}
	return nil
}

// info reads what the object store says of an object; nothing where it is gone.
func (c *Conn) info(ctx context.Context, meta string) (info jetstream.ObjectInfo, err error) {
	err = c.persist(ctx, "reading the objects", func(ctx context.Context) error {
		m, err := c.last(ctx, bucketStream, meta)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := json.Unmarshal(m.Data, &info); err != nil || !objectID.MatchString(info.NUID) {
			return fmt.Errorf("%s: %w", meta, errJunk)
		}
		return nil
	})
	return info, err
}

// errJunk says that what should describe an object does not. A worker may write that,
// but it must not stop who offers something else.
var errJunk = errors.New("it describes no object")

// objectID is what the object store gives each object, to name its chunks by. With a
// wildcard in it, to remove one would be to remove all.
var objectID = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// removeRest removes chunks without an object, unless they may be under way.
func (c *Conn) removeRest(ctx context.Context, chunks string) error {
	var at time.Time
	err := c.persist(ctx, "reading the objects", func(ctx context.Context) error {
		m, err := c.last(ctx, bucketStream, chunks)
		if err == nil {
			at = m.Time
		}
		return err
	})
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return nil
	case err != nil || time.Since(at) < c.uploading:
		return err
	}
	return c.purge(ctx, bucketStream, chunks)
}
