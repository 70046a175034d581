package scenarios

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dualhome/events"
)

// rules checks the rules of a policy.
func (c *checker) rules(all []PolicyRule, path ...any) {
	c.unmatched(all, path...)
	for i, r := range all {
		at := func(key ...any) []any { return append(append(slices.Clone(path), i), key...) }
		if _, err := asPathPattern(r.ASPath); err != nil {
			c.fail(err.Error(), "like _65001$ for what AS 65001 originates", at("as_path")...)
		}
		if !isCommunity(r.Community) && r.Community != "" {
			c.badCommunity(r.Community, at("community")...)
		}
		for _, list := range []struct {
			key         string
			communities []string
		}{{"add_communities", r.Add}, {"remove_communities", r.Remove}} {
			for j, text := range list.communities {
				if !isCommunity(text) && text != "" {
					c.badCommunity(text, at(list.key, j)...)
				}
			}
		}
		c.lengths(r, at)
		if r.Action == "drop" && (r.LocalPref != nil || r.MED != nil || r.Prepend > 0 || r.NextHop.IsValid() || len(r.Add) > 0 || len(r.Remove) > 0) {
			c.fail("a route that is dropped is not changed", "leave action: drop out, or the changes", at()...)
		}
	}
}

func (c *checker) lengths(r PolicyRule, at func(key ...any) []any) {
	for _, bound := range []struct {
		key    string
		length int
	}{{"ge", r.GE}, {"le", r.LE}} {
		if bound.length == 0 {
			continue
		}
		if len(r.Prefixes) == 0 {
			c.fail(bound.key+" is for prefixes, and there are none", "prefixes: [0.0.0.0/0] are all", at(bound.key)...)
		}
		if i := slices.IndexFunc(r.Prefixes, func(p netip.Prefix) bool { return p.IsValid() && p.Bits() > bound.length }); i >= 0 {
			c.fail(fmt.Sprintf("%s %d is shorter than %s", bound.key, bound.length, r.Prefixes[i]), "", at(bound.key)...)
		}
	}
	if r.LE > 0 && r.GE > r.LE {
		c.fail(fmt.Sprintf("no length is at least %d and at most %d", r.GE, r.LE), "", at("ge")...)
	}
}

func (c *checker) badCommunity(text string, at ...any) {
	c.fail(fmt.Sprintf("%q is not a community", text), "two numbers from 0 to 65535, like 65001:20, three from 0 to 4294967295 (large), or no-export or no-advertise", at...)
}

// community reads a community as RFC 1997 has them.
func community(text string) (events.Community, bool) {
	switch text {
	case "no-export":
		return events.NoExport, true
	case "no-advertise":
		return events.NoAdvertise, true
	}
	as, number, _ := strings.Cut(text, ":")
	high, err := strconv.ParseUint(as, 10, 16)
	if err != nil {
		return 0, false
	}
	low, err := strconv.ParseUint(number, 10, 16)
	return events.Community(high<<16 | low), err == nil
}

// largeCommunity reads a large community as RFC 8092 has them, section 5.
func largeCommunity(text string) (c events.LargeCommunity, ok bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return c, false
	}
	for i, to := range []*uint32{&c.Global, &c.Local1, &c.Local2} {
		n, err := strconv.ParseUint(parts[i], 10, 32)
		if err != nil || strconv.FormatUint(n, 10) != parts[i] {
			return events.LargeCommunity{}, false
		}
		*to = uint32(n)
	}
	return c, true
}

// isCommunity tells whether a text is a community of either kind.
func isCommunity(text string) bool {
	_, ok := community(text)
	_, large := largeCommunity(text)
	return ok || large
}

// asPathPattern compiles what matches AS paths; nil for none. An underscore is a
// border: of the path, or between two numbers.
func asPathPattern(text string) (*regexp.Regexp, error) {
	if text == "" {
		return nil, nil
	}
	re, err := regexp.Compile(strings.ReplaceAll(text, "_", `(?:^|$|[ {},])`))
	if err != nil {
		return nil, fmt.Errorf("%q is not a regular expression: %v", text, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return re, nil
}
