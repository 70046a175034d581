package scenarios

import (
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"time"

	"dualhome/sim"
)

// value is a kind of scalar: how it is written, read and described.
type value struct {
	name    string // in the reference
	want    string // in messages
	written nodeKind
	pattern string // of its text, for the JSON Schema; empty for plain YAML types
	parse   func(text string) (any, error)
	format  func(v any) string
}

// complaint is a parse error with a hint.
type complaint struct{ message, hint string }

func (c complaint) Error() string { return c.message }

// valueOf gives the kind of scalar that a Go type is written as.
func valueOf(t reflect.Type, unit string) (value, bool) {
	if t == reflect.TypeFor[sim.Dist]() && unit == "long" {
		v, _ := valueOf(t, "")
		v.parse = parseLongDist
		return v, true
	}
	if t == reflect.TypeFor[time.Duration]() && unit == "hold" {
		v, _ := valueOf(t, "")
		v.parse = parseHold
		return v, true
	}
	switch t {
	case reflect.TypeFor[time.Duration]():
		return value{"duration", "a duration with its unit, like 60s", text, whole(durationPattern), parseDuration, formatDuration}, true
	case reflect.TypeFor[sim.Dist]():
		return value{"distribution", "a duration with its unit, like 60s, or a distribution, like uniform(300s, 360s)", text, distPattern, parseDist, formatDist}, true
	case reflect.TypeFor[netip.Addr]():
		return value{"address", "an IPv4 address, like 10.1.0.4", text, whole(addressPattern), parseAddress, plain}, true
	case reflect.TypeFor[netip.Prefix]():
		return value{"prefix", "an IPv4 prefix, like 10.1.0.0/16", text, whole(addressPattern + `/([0-9]|[12][0-9]|3[0-2])`), parsePrefix, plain}, true
	}
	switch {
	case unit == "bps":
		return value{"rate", "a rate with its unit, like 10Gbps", text, ratePattern, parseRate, formatRate}, true
	case unit == "B":
		return value{"size", "a size in bytes with its unit, like 1000B", text, sizePattern, parseSize, formatSize}, true
	case t.Kind() == reflect.String:
		return value{"text", "text", text, "", func(s string) (any, error) { return s, nil }, plain}, true
	case t.Kind() == reflect.Bool:
		return value{"boolean", "true or false", boolean, "", parseBoolean, plain}, true
	case t.Kind() == reflect.Int:
		return value{"integer", "a whole number", integer, "", parseInteger, plain}, true
	case t.Kind() == reflect.Uint32:
		return value{"AS number", "an AS number, like 65001", integer, "", parseASN, plain}, true
	}
	return value{}, false
}

func plain(v any) string { return fmt.Sprint(v) }

// whole anchors a pattern at both ends.
func whole(pattern string) string { return "^" + pattern + "$" }

func parseBoolean(s string) (any, error) {
	switch s {
	case "true", "True", "TRUE":
		return true, nil
	case "false", "False", "FALSE":
		return false, nil
	}
	return nil, complaint{s + " is not true or false", ""}
}

func parseInteger(s string) (any, error) {
	n, err := strconv.Atoi(s)
	if err != nil || strconv.Itoa(n) != s {
		return nil, complaint{s + " is not a whole number in decimal digits", ""}
	}
	return n, nil
}

func parseASN(s string) (any, error) {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return nil, complaint{s + " is not an AS number", "write a number from 1 to 4294967295"}
	}
	return uint32(n), nil
}

const addressPattern = `((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])`

func parseAddress(s string) (any, error) {
	a, err := netip.ParseAddr(s)
	switch {
	case err != nil:
		return nil, complaint{fmt.Sprintf("%q is not an IPv4 address", s), "write four numbers, like 10.1.0.4"}
	case !a.Is4():
		return nil, complaint{s + " is an IPv6 address: Azure Route Server does not support IPv6", ""}
	}
	return a, nil
}

func parsePrefix(s string) (any, error) {
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return nil, complaint{fmt.Sprintf("%q is not an IPv4 prefix", s), "write an address and a length, like 10.1.0.0/16"}
	case !p.Addr().Is4():
		return nil, complaint{s + " is an IPv6 prefix: Azure Route Server does not support IPv6", ""}
	case p != p.Masked():
		return nil, complaint{s + " has bits set behind its length", "write " + p.Masked().String()}
	}
	return p, nil
}
