package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// readASRelations reads the lines of CAIDA's files: a|b|-1 where a is a provider
// of b, a|b|0 where they are peers. Further fields (serial-2: the source) and
// comments are left out.
func readASRelations(path string, text []byte) (imported, error) {
	var n imported
	var wrong []error
	lines, seen := 0, map[[2]uint64]bool{}
	known := map[uint64]bool{}
	for line := range strings.Lines(string(text)) {
		lines++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		e, as, err := parseRelation(line)
		pair := [2]uint64{min(as[0], as[1]), max(as[0], as[1])}
		if err == nil && seen[pair] {
			err = fmt.Errorf("AS %d and AS %d have a line already", pair[0], pair[1])
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s:%d: %w", path, lines, err))
			if len(wrong) == 100 {
				break
			}
			continue
		}
		seen[pair], known[as[0]], known[as[1]] = true, true, true
		n.edges = append(n.edges, e)
	}
	if len(wrong) > 0 {
		return imported{}, errors.Join(wrong...)
	}
	for as := range known { // order-free: sorted below
		n.nodes = append(n.nodes, importedNode{fmt.Sprintf("as%d", as), as, false})
	}
	slices.SortFunc(n.nodes, func(a, b importedNode) int { return cmp.Compare(a.asn, b.asn) })
	return n, n.fits(path)
}

func parseRelation(line string) (e importedEdge, as [2]uint64, err error) {
	fields := strings.Split(line, "|")
	if len(fields) < 3 {
		return e, as, fmt.Errorf("%q is no relation: it is a|b|-1 or a|b|0", line)
	}
	for i := range as {
		if as[i], err = strconv.ParseUint(fields[i], 10, 32); err != nil || as[i] == 0 {
			return e, as, fmt.Errorf("%q is not an AS number", fields[i])
		}
	}
	if as[0] == as[1] {
		return e, as, fmt.Errorf("AS %d with itself", as[0])
	}
	e = importedEdge{a: fmt.Sprintf("as%d", as[0]), b: fmt.Sprintf("as%d", as[1])}
	switch fields[2] {
	case "-1":
		e.relation = "provider"
	case "0":
		e.relation = "peer"
	default:
		return e, as, fmt.Errorf("relation %q: it is -1 (provider) or 0 (peers)", fields[2])
	}
	return e, as, nil
}
