package scenarios

import "net/netip"

// PolicyRule is one rule of a policy.
type PolicyRule struct {
	Prefixes  []netip.Prefix `yaml:"prefixes,omitempty" doc:"matches these prefixes; all, where it is absent"`
	GE        int            `yaml:"ge,omitempty" doc:"only those inside them that have at least this length" default:"0" max:"32"`
	LE        int            `yaml:"le,omitempty" doc:"and longer ones inside them, up to this length; any, where there is ge alone" default:"0" max:"32"`
	ASPath    string         `yaml:"as_path,omitempty" doc:"matches paths, written as 65001 65002, by a regular expression (RE2); _ stands for a border; on export the path as it was received"`
	Community string         `yaml:"community,omitempty" doc:"matches routes with this community: <AS>:<number>, no-export or no-advertise, or a large one of three numbers (RFC 8092)"`
	Action    string         `yaml:"action,omitempty" doc:"what happens to a route that matches" enum:"accept,drop" default:"accept"`
	LocalPref *int           `yaml:"local_pref,omitempty" doc:"sets LOCAL_PREF" max:"4294967295"`
	MED       *int           `yaml:"med,omitempty" doc:"sets MED" max:"4294967295"`
	Prepend   int            `yaml:"prepend,omitempty" doc:"puts so many copies of the own AS before the path; of the peer's on import" default:"0" max:"10"`
	NextHop   netip.Addr     `yaml:"next_hop,omitempty" doc:"sets the next hop"`
	Add       []string       `yaml:"add_communities,omitempty" doc:"adds communities, large ones too"`
	Remove    []string       `yaml:"remove_communities,omitempty" doc:"removes communities, large ones too, before any are added"`
}

// PeerPolicy is what a speaker does with the routes of one of its peers.
type PeerPolicy struct {
	Peer   string       `yaml:"peer" doc:"the peer, which it has a session with"`
	Import []PolicyRule `yaml:"import,omitempty" doc:"what of its routes is used, and how; the first rule that matches decides, the others are kept"`
	Export []PolicyRule `yaml:"export,omitempty" doc:"what it is sent; the first rule that matches decides, the others are kept"`
}
