package scenarios

import (
	"slices"

	"dualhome/actors/bgp"
	"dualhome/events"
)

// relation is what a neighbour is to a router.
type relation uint8

const (
	stranger relation = iota // no policy
	customer
	equal // a peer, as business has the word
	provider
)

// The LOCAL_PREF that a route gets, by whom it comes from: who pays is preferred
// (Gao and Rexford 2001).
func (r relation) preference() uint32 { return [...]uint32{100, 300, 200, 100}[r] }

// tag gives the community that marks whom a route came from, inside a router. It
// is of an AS for documents (RFC 5398), and taken off what is sent.
func (r relation) tag() events.Community { return 64496<<16 | events.Community(r.preference()) }

// relationOf gives what the other end of a link is to one of its ends.
func (l Link) relationOf(end string) relation {
	switch {
	case l.Relation == "peer":
		return equal
	case l.Relation != "provider":
		return stranger
	case end == l.Between[0]:
		return customer
	}
	return provider
}

// importing adds the relation to what is done with received routes: they are
// marked, and preferred by it where no rule says otherwise.
func (r relation) importing(rules []bgp.Rule) []bgp.Rule {
	if r == stranger {
		return rules
	}
	preference := r.preference()
	all := append(slices.Clone(rules), bgp.Rule{})
	for i := range all {
		if all[i].Drop {
			continue
		}
		if all[i].LocalPref == nil {
			all[i].LocalPref = &preference
		}
		all[i].AddCommunity = append(slices.Clone(all[i].AddCommunity), r.tag())
		all[i].CutCommunity = append(slices.Clone(all[i].CutCommunity), otherTags(r)...)
	}
	return all
}

// exporting adds the relation to what is sent: to a peer or a provider only own
// routes and those of customers.
func (r relation) exporting(rules []bgp.Rule) []bgp.Rule {
	if r == stranger {
		return rules
	}
	var all []bgp.Rule
	if r != customer {
		for _, from := range []relation{equal, provider} {
			tag := from.tag()
			all = append(all, bgp.Rule{Community: &tag, Drop: true})
		}
	}
	first := len(all)
	all = append(append(all, rules...), bgp.Rule{})
	for i := first; i < len(all); i++ {
		if !all[i].Drop {
			all[i].CutCommunity = append(slices.Clone(all[i].CutCommunity), otherTags(stranger)...)
		}
	}
	return all
}

// otherTags gives the tags of all relations but one.
func otherTags(r relation) []events.Community {
	var all []events.Community
	for _, one := range []relation{customer, equal, provider} {
		if one != r {
			all = append(all, one.tag())
		}
	}
	return all
}
