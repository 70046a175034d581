package events

import "fmt"

// Payload splits an event for tables and for the bus: the connection it
// belongs to, where it is a BGP message, and the bytes that with its kind and
// that connection are enough to rebuild it: of a BGP message the bytes of RFC
// 4271, of any other event its canonical encoding.
func Payload(e Event) (Conn, []byte) {
	if m, ok := e.(Message); ok {
		return m.Connection(), m.Bytes()
	}
	return Conn{}, e.append(nil)
}

// Rebuild is the inverse of Payload. Its errors wrap ErrMalformed.
func (c *Codec) Rebuild(k Kind, conn Conn, payload []byte) (Event, error) {
	switch k {
	case KindUpdate, KindOpen, KindKeepalive, KindNotification, KindRouteRefresh:
		e, err := c.message(k, conn, payload)
		if err != nil {
			return e, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		return e, nil
	}
	return c.DecodeEvent(k, payload)
}
