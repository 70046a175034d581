package scenarios

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
)

// placeHubs puts what hubs: describes into the lists of a file, as if it were written
// there, so that overrides may name it. What it puts there stands, for messages, where
// the hubs do. ok: hubs: can be understood; if not, decoding it reports why.
func placeHubs(root *node, files Files, r *report) (ok bool) {
	l := root.get("hubs")
	if l == nil {
		return true
	}
	var ignored report // of parameters, and of what is wrong here: reported where they are expanded and decoded
	var hubs []Hubs
	read, params := l.clone(), paramNodes(root, &ignored)
	read.walk(func(n *node) {
		if n.kind == text {
			n.substitute(params, nil, &ignored)
		}
	})
	decoder{&ignored, &sampleFiles{read: files, report: &ignored}}.list(read, reflect.ValueOf(&hubs).Elem(), scenarioShape().field("hubs").shape, "hubs")
	if len(ignored.errors) > 0 {
		return false
	}
	for i, h := range hubs {
		if h.fits(l.items[i], r) {
			h.place(root, l.items[i], r)
		}
	}
	return true
}

// fits tells whether there are addresses and AS numbers for so many hubs.
func (h Hubs) fits(at *node, r *report) bool {
	size := uint64(1) << (32 - h.AddressSpace.Bits())
	switch end, last := number(h.AddressSpace.Addr())+uint64(h.Count)*size, uint64(h.ASN)+uint64(h.Count)-1; {
	case h.AddressSpace.Bits() > 29:
		r.error(at.spot("address_space"), fmt.Sprintf("a hub's address space is /29 or larger, not /%d: Azure keeps five addresses of a subnet", h.AddressSpace.Bits()), "")
	case end > 1<<32:
		r.error(at.spot("address_space"), fmt.Sprintf("there are no %d address spaces of that size from %s on", h.Count, h.AddressSpace), "a lower count, or a smaller address space")
	case last > 1<<32-1:
		r.error(at.spot("asn"), fmt.Sprintf("the last NVA would be in AS %d; there is no such AS", last), "a lower asn")
	default:
		return true
	}
	return false
}

// place puts VNets, peerings, NVAs and tunnels into the file.
func (h Hubs) place(root, at *node, r *report) {
	for i := range h.Count {
		root.extend("vnets", at, h.vnet(at, i))
		for _, spoke := range at.listed("spokes") {
			root.extend("peerings", at, h.peering(at, i, spoke))
		}
		root.extend("nvas", at, h.nva(at, i))
	}
	for _, name := range at.listed("sites") {
		all := root.listed("sites")
		site := slices.IndexFunc(all, func(s *node) bool { return slices.Contains(s.names(""), name.text) })
		if site < 0 {
			var names []string
			for _, s := range all {
				names = append(names, s.names("")...)
			}
			r.error(name, fmt.Sprintf("%q is not the name of a site", name.text), didYouMean(name.text, names))
			continue
		}
		for i := range h.Count {
			all[site].extend("tunnels", at, h.tunnel(at, i))
		}
	}
}

func (h Hubs) hubName(i int) string { return h.Name + strconv.Itoa(i+1) }
func (h Hubs) nvaName(i int) string { return h.NVAName + strconv.Itoa(i+1) }

// space gives the address space of a hub, and subnet the part of it that its NVA is in.
func (h Hubs) space(i int) netip.Prefix {
	var a [4]byte
	binary.BigEndian.PutUint32(a[:], uint32(number(h.AddressSpace.Addr())+uint64(i)<<(32-h.AddressSpace.Bits())))
	return netip.PrefixFrom(netip.AddrFrom4(a), h.AddressSpace.Bits())
}

func (h Hubs) subnet(i int) netip.Prefix {
	return netip.PrefixFrom(h.space(i).Addr(), max(24, h.AddressSpace.Bits()))
}

// address gives the first address of a subnet that Azure does not keep for itself.
func (h Hubs) address(i int) netip.Addr {
	a := h.subnet(i).Addr()
	for range 4 {
		a = a.Next()
	}
	return a
}

func (h Hubs) vnet(at *node, i int) *node {
	space := at.spot("address_space")
	subnet := at.made(mapping)
	subnet.add("name", at.word("nva"))
	subnet.add("prefix", space.word(h.subnet(i).String()))
	v := at.made(mapping)
	v.add("name", at.spot("name").word(h.hubName(i)))
	if region := at.get("region"); region != nil {
		v.add("region", region.again())
	}
	v.add("address_space", space.made(list, space.word(h.space(i).String())))
	v.add("subnets", at.made(list, subnet))
	return v
}

func (h Hubs) peering(at *node, i int, spoke *node) *node {
	p := at.made(mapping)
	p.add("between", at.made(list, at.word(h.hubName(i)), spoke.again()))
	if delay := at.get("peering_delay"); delay != nil {
		p.add("delay", delay.again())
	}
	return p
}

func (h Hubs) nva(at *node, i int) *node {
	n := at.filled("nva")
	n.add("name", at.spot("nva_name").word(h.nvaName(i)))
	n.add("vnet", at.word(h.hubName(i)))
	n.add("address", at.spot("address_space").word(h.address(i).String()))
	n.add("asn", at.spot("asn").whole(int(h.ASN)+i))
	if h.Active > 0 && i >= h.Active {
		n.add("prepend", at.spot("standby_prepend").whole(h.Prepend))
	}
	return n
}

func (h Hubs) tunnel(at *node, i int) *node {
	t := at.filled("tunnel")
	t.add("to", at.word(h.nvaName(i)))
	return t
}
