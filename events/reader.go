package events

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// reader takes values from the front of b. After the first failure it returns
// zero values.
type reader struct {
	b     []byte
	err   error
	codec *Codec
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: "+format, append([]any{ErrMalformed}, args...)...)
	}
	r.b = nil
}

func (r *reader) failure() error { return r.err }

func (r *reader) event(k Kind) Event {
	e, ok := kindOf(k)
	if !ok {
		r.fail("unknown kind of event %d", uint8(k))
		return nil
	}
	return e.decode(r)
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.fail("it ends too early")
		return 0
	}
	v := r.b[0]
	r.b = r.b[1:]
	return v
}

func (r *reader) bool() bool { return r.byte() != 0 }

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail("it ends too early")
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads the length of a list whose items take at least a byte each.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.fail("a list of %d items in %d bytes", n, len(r.b))
		return 0
	}
	return int(n)
}

func (r *reader) bytes() []byte {
	n := r.count()
	v := r.b[:n:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) string() string { return r.codec.Name(r.bytes()) }

func (r *reader) actor() ActorID { return ActorID(r.string()) }

func (r *reader) time() Time { return Time(r.uvarint()) }

func (r *reader) addr() netip.Addr {
	switch n := r.byte(); n {
	case 0:
		return netip.Addr{}
	case 4:
		if len(r.b) >= 4 {
			a := netip.AddrFrom4([4]byte(r.b))
			r.b = r.b[4:]
			return a
		}
	}
	r.fail("it is no IPv4 address")
	return netip.Addr{}
}

func (r *reader) prefix() netip.Prefix {
	bits := int(r.byte())
	if bits == 0xff {
		return netip.Prefix{}
	}
	a := r.addr()
	p := netip.PrefixFrom(a, bits)
	if r.err == nil && (!p.IsValid() || p.Masked() != p) {
		r.fail("it is no prefix: %v/%d", a, bits)
	}
	return p
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendBytes(b, s []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

func appendAddr(b []byte, a netip.Addr) []byte {
	if !a.IsValid() {
		return append(b, 0)
	}
	four := a.As4()
	return append(append(b, 4), four[:]...)
}

func appendPrefix(b []byte, p netip.Prefix) []byte {
	if !p.IsValid() {
		return append(b, 0xff)
	}
	return appendAddr(append(b, byte(p.Bits())), p.Addr())
}

func appendList[T any](b []byte, list []T, one func([]byte, T) []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, v := range list {
		b = one(b, v)
	}
	return b
}

func readList[T any](r *reader, one func(*reader) T) []T {
	n := r.count()
	if n == 0 {
		return nil
	}
	list := make([]T, 0, n)
	for ; n > 0 && r.err == nil; n-- {
		list = append(list, one(r))
	}
	return list
}

func appendActor(b []byte, id ActorID) []byte { return appendString(b, string(id)) }
