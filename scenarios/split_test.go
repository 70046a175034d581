package scenarios

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

// A site announces the same addresses in as many routes as it says.
func TestRoutesOfASite(t *testing.T) {
	for _, c := range []struct {
		prefixes string
		routes   int
		want     string
	}{
		{"10.100.0.0/16", 1, "[10.100.0.0/16]"},
		{"10.100.0.0/16", 2, "[10.100.0.0/17 10.100.128.0/17]"},
		{"10.100.0.0/16", 3, "[10.100.0.0/18 10.100.64.0/18 10.100.128.0/17]"},
		{"10.100.0.0/16", 4, "[10.100.0.0/18 10.100.64.0/18 10.100.128.0/18 10.100.192.0/18]"},
		{"10.101.0.0/24, 10.100.0.0/16", 3, "[10.101.0.0/24 10.100.0.0/17 10.100.128.0/17]"},
		{"0.0.0.0/0, 10.100.0.0/29", 3, "[0.0.0.0/0 10.100.0.0/30 10.100.0.4/30]"},
	} {
		s := library(t, "single-hub", "sites[dc].prefixes=["+c.prefixes+"]", fmt.Sprintf("sites[dc].routes=%d", c.routes))
		if got := fmt.Sprint(s.Sites[0].Prefixes); got != c.want {
			t.Errorf("%s as %d routes: %s, want %s", c.prefixes, c.routes, got, c.want)
		}
		roundTrip(t, s)
	}
}

// Whatever the number, the routes are that many, overlap nowhere and have all of the
// addresses.
func TestHalvedHasAllAddresses(t *testing.T) {
	whole := netip.MustParsePrefix("10.64.0.0/12")
	for _, n := range []int{1, 2, 7, 100, 1000, 10_000} {
		next, all := whole.Addr(), halved([]netip.Prefix{whole}, n)
		for _, p := range all {
			if p.Addr() != next || p != p.Masked() {
				t.Fatalf("%d: %v does not follow", n, p)
			}
			next = last(p).Next()
		}
		if len(all) != n || next != netip.MustParseAddr("10.80.0.0") {
			t.Errorf("%d: %d prefixes up to %v", n, len(all), next)
		}
	}
}

func TestRoutesRefused(t *testing.T) {
	for routes, c := range map[string]struct{ prefixes, want string }{
		"1":     {"10.100.0.0/16, 10.101.0.0/16", "--set:2:18: dc has 2 prefixes: it announces at least as many routes, not 1"},
		"5":     {"10.100.0.0/28", "--set:2:18: the prefixes of dc are 4 routes at most, not 5"},
		"2":     {"0.0.0.0/0", "--set:2:18: the prefixes of dc are 1 routes at most, not 2"},
		"0":     {"10.100.0.0/16", "--set:2:18: routes must be at least 1, not 0"},
		"10001": {"10.100.0.0/16", "must be at most 10000, not 10001"},
		"many":  {"10.100.0.0/16", "--set:2:18: routes must be a whole number"},
		"3":     {"10.100.0.0", "--set:1:21: "},
	} {
		_, _, err := Load("x.yaml", written(t, "single-hub"), "sites[dc].prefixes=["+c.prefixes+"]", "sites[dc].routes="+routes)
		if said := verdict(nil, err); !strings.Contains(said, c.want) || strings.Count(said, "hint") > 1 {
			t.Errorf("%s as %s:\n%s", c.prefixes, routes, said)
		}
	}
}
