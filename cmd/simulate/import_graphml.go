package main

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// readGraphML reads the nodes and edges of a graph (graphml.graphdrawing.org), of
// which the keys label and distance mean something here.
func readGraphML(path string, text []byte) (imported, error) {
	r := graphReader{path: path, keys: map[string]string{}, names: map[string]string{}}
	r.taken = map[string]bool{"internet": true, "fabric": true, "start": true} // reserved
	r.Decoder = xml.NewDecoder(strings.NewReader(string(text)))
	r.Strict = true
	if err := r.read(); err != nil {
		return imported{}, err
	}
	n, err := r.network()
	if err != nil {
		return imported{}, err
	}
	return n, n.fits(path)
}

// graphReader reads a GraphML file.
type graphReader struct {
	*xml.Decoder
	path  string
	keys  map[string]string // id of a key -> what it is of, and its name: node label
	nodes []graphItem
	edges []graphItem
	names map[string]string // id of a node -> name of its router
	taken map[string]bool
}

// graphItem is a node or an edge.
type graphItem struct {
	line            int
	id, from, to    string
	label, distance string
}

func (r *graphReader) fail(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.path, line, fmt.Sprintf(format, args...))
}

func (r *graphReader) read() error {
	for {
		line, _ := r.InputPos()
		token, err := r.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			line, _ = r.InputPos()
			return r.fail(line, "no GraphML: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "key":
			r.keys[attr(start, "id")] = attr(start, "for") + " " + strings.ToLower(attr(start, "attr.name"))
		case "node":
			err = r.item(start, line, &r.nodes)
		case "edge":
			err = r.item(start, line, &r.edges)
		}
		if err != nil {
			return err
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// item reads a node or an edge up to its end.
func (r *graphReader) item(start xml.StartElement, line int, all *[]graphItem) error {
	var body struct {
		Data []struct {
			Key  string `xml:"key,attr"`
			Text string `xml:",chardata"`
		} `xml:"data"`
	}
	if err := r.DecodeElement(&body, &start); err != nil {
		line, _ := r.InputPos()
		return r.fail(line, "no GraphML: %v", err)
	}
	one := graphItem{line: line, id: attr(start, "id"), from: attr(start, "source"), to: attr(start, "target")}
	for _, d := range body.Data {
		text := strings.TrimSpace(d.Text)
		switch r.keys[d.Key] {
		case "node label":
			one.label = text
		case "edge distance", "edge length", "edge dist":
			one.distance = text
		}
	}
	*all = append(*all, one)
	return nil
}

// network turns nodes and edges into routers and links.
func (r *graphReader) network() (imported, error) {
	var n imported
	for i, node := range r.nodes {
		if node.id == "" {
			return n, r.fail(node.line, "a node without id")
		}
		if r.names[node.id] != "" {
			return n, r.fail(node.line, "node %q comes twice", node.id)
		}
		name := r.unique(plainName(cmp.Or(node.label, "n"+node.id), 24), node.id)
		r.names[node.id] = name
		n.nodes = append(n.nodes, importedNode{name, uint64(64512 + i), i == 0})
	}
	joined := map[[2]string]bool{}
	for _, e := range r.edges {
		a, b := r.names[e.from], r.names[e.to]
		for _, end := range [][2]string{{e.from, a}, {e.to, b}} {
			if end[1] == "" {
				return n, r.fail(e.line, "an edge leads to %q, and there is no such node", end[0])
			}
		}
		delay, err := delayOver(e.distance)
		if err != nil {
			return n, r.fail(e.line, "%v", err)
		}
		if pair := [2]string{min(a, b), max(a, b)}; a != b && !joined[pair] {
			joined[pair] = true
			n.edges = append(n.edges, importedEdge{a: a, b: b, delay: delay})
		}
	}
	return n, nil
}

// unique gives a router a name that no other has.
func (r *graphReader) unique(name, id string) string {
	for i := 0; r.taken[name]; i++ {
		name = plainName(fmt.Sprintf("%s-%s", name, id), 28)
		if i > 0 {
			name = fmt.Sprintf("n%d", len(r.taken)+i)
		}
	}
	r.taken[name] = true
	return name
}

// delayOver gives the delay of light over so many km of fibre.
func delayOver(km string) (string, error) {
	if km == "" {
		return "", nil
	}
	d, err := strconv.ParseFloat(km, 64)
	if err != nil || !(d >= 0 && d < 1e6) {
		return "", fmt.Errorf("%q is no distance in km", km)
	}
	return fmt.Sprintf("%dus", int64(d*5)), nil
}
