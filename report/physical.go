package report

import (
	"iter"

	"dualhome/events"
)

// Physical is a change of what carries packets: a node, its forwarding, or one
// direction of a link.
type Physical struct {
	T     int64
	Kind  string // node, forwarding, link
	Name  string // of a link its two ends as from~to
	State string // alive, dead, hung, halted; up, down
}

// Fabric reads the physical changes of a run from its log.
func Fabric(lines iter.Seq2[events.Line, error]) ([]Physical, error) {
	var all []Physical
	ends := map[string]events.Link{}
	for l, err := range lines {
		if err != nil {
			return nil, err
		}
		if l.Role != events.Fact && l.Role != events.Change {
			continue
		}
		t := int64(l.At)
		switch e := l.Event.(type) {
		case events.Link:
			ends[e.Name] = e
		case events.NodeState:
			all = append(all, Physical{t, "node", string(e.Node), e.Is.String()})
		case events.ForwardingState:
			all = append(all, Physical{t, "forwarding", string(e.Node), upDown(e.Up)})
		case events.LinkState:
			from, to := ends[e.Crossing.Link].A, ends[e.Crossing.Link].B
			if e.Crossing.Reverse {
				from, to = to, from
			}
			all = append(all, Physical{t, "link", from + "~" + to, upDown(e.Up)})
		}
	}
	return all, nil
}

func upDown(up bool) string {
	if up {
		return "up"
	}
	return "down"
}
