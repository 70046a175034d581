package workqueue

import (
	"fmt"
	"strings"
	"sync"
)

// teller is a logger of nats-server that passes on what somebody should know.
type teller struct {
	say func(string)

	mu    sync.Mutex
	worst string // the last error
	fatal bool   // it was one that a server does not start with
}

func (t *teller) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.worst == "" {
		return "it does not say why"
	}
	return t.worst
}

func (t *teller) tell(format string, v []any) {
	text := "NATS server: " + fmt.Sprintf(format, v...)
	if t.say != nil {
		t.say(text)
	}
}

// Errorf implements server.Logger.
func (t *teller) Errorf(format string, v ...any) {
	t.mu.Lock()
	t.worst = strings.TrimSpace(fmt.Sprintf(format, v...))
	t.mu.Unlock()
	t.tell(format, v)
}

// Fatalf implements server.Logger. It is not the end of this process.
func (t *teller) Fatalf(format string, v ...any) {
	t.Errorf(format, v...)
	t.mu.Lock()
	t.fatal = true
	t.mu.Unlock()
}

func (t *teller) isFatal() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.fatal
}

// Warnf implements server.Logger.
func (t *teller) Warnf(format string, v ...any) { t.tell(format, v) }

// Noticef implements server.Logger.
func (t *teller) Noticef(string, ...any) {}

// Debugf implements server.Logger.
func (t *teller) Debugf(string, ...any) {}

// Tracef implements server.Logger.
func (t *teller) Tracef(string, ...any) {}
