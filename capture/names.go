package capture

import "encoding/binary"

// The numbers of a name resolution block (draft-ietf-opsawg-pcapng section 4.5).
const (
	namesType = 4
	nameOfIP4 = 1
)

// namesBlock gives the block that tells Wireshark the names of the speakers. The library
// reads such blocks, and writes none.
func namesBlock(list []*speaker) []byte {
	order := binary.LittleEndian
	b := order.AppendUint32(nil, namesType)
	b = order.AppendUint32(b, 0) // its length comes last
	for _, s := range list {
		if !s.address.Is4() {
			continue
		}
		name := append([]byte(s.id), 0)
		b = order.AppendUint16(order.AppendUint16(b, nameOfIP4), uint16(4+len(name)))
		b = append(append(b, s.address.AsSlice()...), name...)
		b = append(b, make([]byte, -len(name)&3)...)
	}
	b = order.AppendUint32(b, 0) // no more names
	size := uint32(len(b) + 4)
	order.PutUint32(b[4:], size)
	return order.AppendUint32(b, size)
}
