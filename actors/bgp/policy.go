package bgp

import (
	"net/netip"

	"dualhome/events"
)

// Policy is what a session does to AS paths in one direction, before the own AS
// is prepended.
type Policy struct {
	Override     uint32 // each occurrence of this AS becomes the own one (as-override); 0: none
	Remove       uint32 // each occurrence of this AS goes; 0: none
	StripPrivate bool   // private AS numbers go (RFC 6996), and copies that follow each other become one
}

// apply gives a path after the policy of a speaker in AS own. Each number is
// judged as it was: one that Override made the own AS stays, even a private one.
func (p Policy) apply(path events.ASPath, own uint32) events.ASPath {
	if p == (Policy{}) {
		return path
	}
	var done events.ASPath
	last := uint32(0) // of the sequence so far
	for _, s := range path {
		kept := events.Segment{Set: s.Set}
		for _, as := range s.AS {
			is := p.judge(as, own)
			if is == 0 || p.StripPrivate && !s.Set && is == last {
				continue
			}
			kept.AS, last = append(kept.AS, is), is
		}
		if s.Set {
			last = 0
		}
		if len(kept.AS) > 0 {
			done = append(done, kept)
		}
	}
	return done
}

// judge gives what becomes of a number of a path; 0: it goes.
func (p Policy) judge(as, own uint32) uint32 {
	switch {
	case as == p.Override:
		return own
	case as == p.Remove, p.StripPrivate && private(as):
		return 0
	}
	return as
}

// private tells whether an AS number is for private use (RFC 6996 section 5).
func private(as uint32) bool {
	return as >= 64512 && as <= 65534 || as >= 4200000000 && as <= 4294967294
}

// imported gives what p sent as the decision process sees it, nil where it is not
// to be used. What was received stays as it is.
func (s *Speaker) imported(p *peer, prefix netip.Prefix, received *events.Attrs) *events.Attrs {
	a := s.judged(p, received)
	if s.looped(p, a.Path) || s.circled(a) {
		return nil
	}
	return p.filter(p.Import, prefix, a, p.AS)
}

// judged gives what p sent after what comes before any rule: LOCAL_PREF,
// ORIGINATOR_ID and CLUSTER_LIST from another AS are discarded (RFC 7606 sections
// 7.5, 7.9 and 7.10), and p.In is applied.
func (s *Speaker) judged(p *peer, received *events.Attrs) *events.Attrs {
	foreign := !p.internal && (received.HasLocalPref || received.OriginatorID.IsValid() || received.ClusterList != nil)
	if p.In == (Policy{}) && !foreign {
		return received
	}
	a := *received
	a.Path = p.In.apply(a.Path, s.cfg.AS)
	if foreign {
		a.LocalPref, a.HasLocalPref, a.OriginatorID, a.ClusterList = 0, false, netip.Addr{}, nil
	}
	return &a
}

// looped tells whether a path holds the own AS more often than p may send it
// (RFC 4271 section 9.1.2).
func (s *Speaker) looped(p *peer, path events.ASPath) bool {
	if p.AllowASIn == 0 {
		return path.Contains(s.cfg.AS)
	}
	return p.AllowASIn > 0 && count(path, s.cfg.AS) > p.AllowASIn
}

func count(path events.ASPath, as uint32) int {
	n := 0
	for _, s := range path {
		for _, a := range s.AS {
			if a == as {
				n++
			}
		}
	}
	return n
}
