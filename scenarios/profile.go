package scenarios

import (
	"embed"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dualhome/sim"
)

// Each profile is a file of its own; a further file is a further profile.
//
//go:embed profiles/*.yaml
var profileFiles embed.FS

// Profile is what speakers of one make do where nobody tells them otherwise. What
// has no source is not in it: there the default of the option holds.
type Profile struct {
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Part        string    `json:"part,omitempty"` // the key of a scenario whose defaults it gives; none: routers, NVAs and sites may choose it
	Settings    []Setting `json:"values"`
}

// Setting is the value of one option, as a scenario file writes it.
type Setting struct {
	Option string `json:"option"`
	Value  string `json:"value"`
	Grade  Grade  `json:"grade"`
	Source string `json:"source"` // documents with date or section, separated by semicolons; none for what is unknown
	Note   string `json:"note,omitempty"`
}

// Why gives source and note in one.
func (s Setting) Why() string {
	if s.Source == "" || s.Note == "" {
		return s.Source + s.Note
	}
	return s.Source + ": " + s.Note
}

// ProfileName is the name of a profile that speakers may choose.
type ProfileName string

// The profiles of what Azure runs.
const (
	arsProfile  = "ars"
	erProfile   = "er-gateway"
	vpnProfile  = "vpn-gateway"
	mseeProfile = "msee"
)

// Profiles gives all profiles: those of Azure's parts, then the others by name.
func Profiles() []Profile {
	first := []string{arsProfile, erProfile, vpnProfile, mseeProfile}
	var all []Profile
	for _, name := range first {
		all = append(all, profileNamed(name))
	}
	for _, p := range profiles() {
		if !slices.Contains(first, p.Name) {
			all = append(all, p)
		}
	}
	return all
}

// FindProfile gives the profile of that name. The error suggests the nearest name.
func FindProfile(name string) (Profile, error) {
	var names, longer []string
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
		if strings.HasPrefix(p.Name, name) {
			longer = append(longer, p.Name)
		}
	}
	if len(longer) == 1 {
		return Profile{}, fmt.Errorf("no profile %q: did you mean %s?", name, longer[0])
	}
	return Profile{}, fmt.Errorf("no profile %q: %s", name, didYouMean(name, names))
}

// Setting gives the value of an option; the zero Setting, where there is none.
func (p Profile) Setting(option string) Setting {
	for _, s := range p.Settings {
		if s.Option == option {
			return s
		}
	}
	return Setting{}
}

// profiles reads the files once, in the order of their names.
var profiles = sync.OnceValue(func() []Profile {
	files, err := profileFiles.ReadDir("profiles")
	if err != nil {
		panic(err)
	}
	var all []Profile
	for _, f := range files {
		text, err := profileFiles.ReadFile("profiles/" + f.Name())
		if err != nil {
			panic(err)
		}
		all = append(all, readProfile(strings.TrimSuffix(f.Name(), ".yaml"), text))
	}
	return all
})

// readProfile reads a file of ours, which is YAML, or the program does not start.
func readProfile(name string, text []byte) Profile {
	var r report
	tree := parse(newSource(name, text), text, &r)
	if err := r.err(); err != nil {
		panic(err)
	}
	word := func(n *node, key string) string {
		if v := n.get(key); v != nil && v.scalar() {
			return v.text
		}
		return ""
	}
	p := Profile{Name: name, Description: word(tree, "description"), Part: word(tree, "part")}
	for _, n := range tree.get("values").items {
		p.Settings = append(p.Settings, Setting{word(n, "option"), word(n, "value"), Grade(word(n, "grade")), word(n, "source"), word(n, "note")})
	}
	return p
}

// profileNamed gives a profile that there is.
func profileNamed(name string) Profile {
	for _, p := range profiles() {
		if p.Name == name {
			return p
		}
	}
	panic("no profile " + name)
}

// choosable gives the profiles that a router, an NVA or a site may have.
func choosable() []string {
	var names []string
	for _, p := range profiles() {
		if p.Part == "" {
			names = append(names, p.Name)
		}
	}
	return names
}

// instead says what a name that is no profile to choose stands for.
func instead(name string) string {
	for _, p := range profiles() {
		if p.Name == name && p.Part != "" {
			return fmt.Sprintf("%s is what %s do, and nothing else does it", name, p.Part)
		}
	}
	return suggest(name, choosable())
}

// defaultOf gives the default of a key of a part of Azure: its profile has it.
func defaultOf(part reflect.Type, key string) string {
	name := map[reflect.Type]string{
		reflect.TypeFor[RouteServer](): arsProfile, reflect.TypeFor[ERGateway](): erProfile,
		reflect.TypeFor[VPNGateway](): vpnProfile, reflect.TypeFor[Circuit](): mseeProfile,
	}[part]
	s := profileNamed(name).Setting(key)
	if s.Option == "" {
		panic(fmt.Sprintf("profile %s has no %s", name, key))
	}
	return s.Value
}

// What Azure's speakers do and no key of a scenario changes.

func (p Profile) duration(option string) time.Duration {
	d, err := parseDuration(p.Setting(option).Value)
	if err != nil {
		panic(fmt.Sprintf("profile %s: %s: %v", p.Name, option, err))
	}
	return d.(time.Duration)
}

func (p Profile) dist(option string) sim.Dist {
	d, err := sim.ParseDist(p.Setting(option).Value)
	if err != nil {
		panic(fmt.Sprintf("profile %s: %s: %v", p.Name, option, err))
	}
	return d
}

func (p Profile) number(option string) int {
	n, err := strconv.Atoi(p.Setting(option).Value)
	if err != nil {
		panic(fmt.Sprintf("profile %s: %s: %v", p.Name, option, err))
	}
	return n
}

// fixed tells whether it takes its own hold time, whatever the peer offers.
func (p Profile) fixed() bool { return p.Setting("negotiate").Value == "false" }

// speakerOf is a Speaker of a profile that the file says nothing else of.
func speakerOf(profile ProfileName) Speaker { return silentSpeakers()[profile] }

// silentSpeakers gives the speakers of all profiles that the file says nothing else
// of. They are decoded once: each run builds several.
var silentSpeakers = sync.OnceValue(func() map[ProfileName]Speaker {
	all := map[ProfileName]Speaker{}
	for _, profile := range append(choosable(), "") {
		s := Speaker{Profile: ProfileName(profile)}
		var ignored report
		d := decoder{report: &ignored}
		d.defaults(&node{}, reflect.ValueOf(&s).Elem(), speakerShape())
		all[s.Profile] = s
	}
	return all
})

// speakerShape is the shape of what a router does.
func speakerShape() *shape { return scenarioShape().field("routers").shape.item.field("bgp").shape }

// speaker gives all that an NVA does as a speaker: what it says, and of its profile
// what it has no key for. Its policy is its own, so RFC 8212 asks for none.
func (n NVA) speaker() Speaker {
	s := speakerOf(n.Profile)
	s.Hold, s.Keepalive, s.Jitter, s.ConnectRetry, s.MRAI = n.Hold, n.Keepalive, n.Jitter, n.ConnectRetry, n.MRAI
	s.SendBack, s.Restart, s.DenyDefault = n.SendBack, n.Restart, false
	return s
}

// speaker gives all that the router of a site does.
func (t Site) speaker() Speaker {
	s := speakerOf(t.Profile)
	s.Hold, s.Keepalive, s.Jitter, s.ConnectRetry, s.MRAI = t.Hold, t.Keepalive, t.Jitter, t.ConnectRetry, t.MRAI
	s.Multipath, s.MultipathRelax, s.DenyDefault = t.Multipath, t.MultipathRelax, false
	return s
}
