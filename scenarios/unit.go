package scenarios

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dualhome/sim"
)

// longest bounds the durations of a file, the horizon first of all: 366 days. Times
// between failures (unit:"long") may be longer, up to 100 years.
const (
	longest     = 366 * 24 * time.Hour
	longestLong = 100 * 366 * 24 * time.Hour
)

const (
	durationPattern = `([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+`
	durations       = durationPattern + `( *, *` + durationPattern + `)*`
	listPattern     = `\( *` + durations + ` *\)`
	sourcePattern   = `( *; *[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*)?` // of samples: the name of their file
	filePattern     = `file\( *[^(), ][^(),]*(,[^(),]+)?\)`
	distPattern     = `^(measured|` + durationPattern + `|jittered\( *` + durationPattern + ` *\)|(uniform|exponential|normal)` + listPattern +
		`|empirical\( *` + durations + sourcePattern + ` *\)|` + filePattern + `)$`
	ratePattern   = `^[0-9]+(\.[0-9]+)?[kMGT]?bps$`
	sizePattern   = `^[0-9]+B$`
	numberPattern = `^[0-9]+(\.[0-9]+)?$`
)

var (
	durationRE  = regexp.MustCompile(whole(durationPattern))
	durationsRE = regexp.MustCompile(durationPattern)
	distRE      = regexp.MustCompile(distPattern)
	rateRE      = regexp.MustCompile(ratePattern)
	sizeRE      = regexp.MustCompile(sizePattern)
	numberRE    = regexp.MustCompile(numberPattern)
)

func parseDuration(s string) (any, error) { return parseDurationUpTo(s, longest, "366 days") }

func parseDurationUpTo(s string, most time.Duration, words string) (any, error) {
	switch {
	case strings.HasPrefix(s, "-"):
		return nil, complaint{s + " is negative", ""}
	case numberRE.MatchString(s):
		return nil, complaint{s + " has no unit", "write " + s + "s, or with ms, m, h"}
	case !durationRE.MatchString(s):
		return nil, complaint{fmt.Sprintf("%q is not a duration", s), "write a number with its unit (ms, s, m, h), like 60s"}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d > most {
		return nil, complaint{s + " is longer than " + words, ""}
	}
	return d, nil
}

// parseHold reads a hold time, which is sent in 16 bits (RFC 4271, section 4.2).
func parseHold(s string) (any, error) {
	v, err := parseDuration(s)
	if err != nil {
		return nil, err
	}
	switch hold := v.(time.Duration); {
	case hold != 0 && hold < 3*time.Second:
		return nil, complaint{"hold must be 0s or at least 3s (RFC 4271, section 4.2), not " + hold.String(), ""}
	case hold > 65535*time.Second:
		return nil, complaint{"hold must be at most 65535s: it is sent in 16 bits (RFC 4271, section 4.2)", ""}
	case hold%time.Second != 0:
		return nil, complaint{"hold must be whole seconds: that is how it is sent (RFC 4271, section 4.2)", ""}
	}
	return v, nil
}

// formatDuration writes whole seconds in seconds, as network people do.
func formatDuration(v any) string {
	d := v.(time.Duration)
	if d%time.Second == 0 {
		return strconv.FormatInt(int64(d/time.Second), 10) + "s"
	}
	return d.String()
}

func parseDist(s string) (any, error) { return parseDistOf(s, parseDuration) }

// parseLongDist is parseDist with durations of up to 100 years.
func parseLongDist(s string) (any, error) {
	return parseDistOf(s, func(s string) (any, error) { return parseDurationUpTo(s, longestLong, "100 years") })
}

// parseDistOf reads a distribution, its durations as parse does.
func parseDistOf(s string, parse func(string) (any, error)) (any, error) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "file(") {
		return nil, complaint{"no file can be read here", "write the samples out, like empirical(1s, 2s)"}
	}
	if !strings.Contains(s, "(") && s != "measured" {
		d, err := parse(s)
		if err != nil {
			return nil, err
		}
		return sim.Constant(d.(time.Duration)), nil
	}
	if timer, jitter := strings.CutPrefix(s, "jittered("); jitter {
		return parseJittered(s, timer, parse)
	}
	d, err := sim.ParseDist(s)
	switch {
	case err != nil:
		return nil, complaint{err.Error(), "like uniform(300s, 360s), exponential(60s), normal(60s, 5s), empirical(1s, 2s), file(samples.txt)"}
	case !distRE.MatchString(s):
		return nil, complaint{fmt.Sprintf("%q has a duration without unit or digits", s), "like uniform(0s, 1s)"}
	}
	values, _, _ := strings.Cut(s, ";")
	for _, part := range durationsRE.FindAllString(values, -1) {
		if _, err := parse(part); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// parseJittered reads jittered(30s): a timer with the jitter of RFC 4271 section 10,
// from 0.75 of it to all of it. One number says it, which a sweep may set.
func parseJittered(s, timer string, parse func(string) (any, error)) (any, error) {
	timer, closed := strings.CutSuffix(timer, ")")
	if !closed || strings.Contains(timer, ",") {
		return nil, complaint{fmt.Sprintf("%q is not the jitter of one timer", s), "like jittered(30s), which is uniform(22.5s, 30s)"}
	}
	whole, err := parse(strings.TrimSpace(timer))
	if err != nil {
		return nil, err
	}
	d := whole.(time.Duration)
	return sim.Uniform(d-d/4, d), nil
}

// formatDist is like Dist.String, with durations as formatDuration has them.
func formatDist(v any) string {
	values, source, named := strings.Cut(v.(sim.Dist).String(), ";")
	written := durationsRE.ReplaceAllStringFunc(values, func(part string) string {
		d, err := time.ParseDuration(part)
		if err != nil {
			panic(err) // String writes durations
		}
		return formatDuration(d)
	})
	if named {
		return written + ";" + source
	}
	return written
}

// rateUnits are the units of rates, the largest first.
var rateUnits = [...]struct {
	name string
	bps  int64
}{{"Tbps", 1e12}, {"Gbps", 1e9}, {"Mbps", 1e6}, {"kbps", 1e3}, {"bps", 1}}

func parseRate(s string) (any, error) {
	switch {
	case strings.HasPrefix(s, "-"):
		return nil, complaint{s + " is negative", ""}
	case numberRE.MatchString(s):
		return nil, complaint{s + " has no unit", "write " + s + "Mbps, or with bps, kbps, Gbps, Tbps"}
	case !rateRE.MatchString(s):
		return nil, complaint{fmt.Sprintf("%q is not a rate", s), "write a number with its unit (bps, kbps, Mbps, Gbps, Tbps), like 10Gbps"}
	}
	number := strings.TrimRight(s, "kMGTbps")
	if len(number) > 20 {
		return nil, complaint{s + " has too many digits", ""}
	}
	bps, _ := new(big.Rat).SetString(number) // the pattern is one of a number
	for _, u := range rateUnits {
		if s[len(number):] == u.name {
			bps.Mul(bps, new(big.Rat).SetInt64(u.bps))
		}
	}
	if !bps.IsInt() || !bps.Num().IsInt64() {
		return nil, complaint{s + " is not a whole number of bits per second, at most 1Tbps", ""}
	}
	return bps.Num().Int64(), nil
}

func formatRate(v any) string {
	for _, u := range rateUnits {
		if n := v.(int64); n != 0 && n%u.bps == 0 {
			return strconv.FormatInt(n/u.bps, 10) + u.name
		}
	}
	return "0bps"
}

func parseSize(s string) (any, error) {
	switch {
	case strings.HasPrefix(s, "-"):
		return nil, complaint{s + " is negative", ""}
	case numberRE.MatchString(s):
		return nil, complaint{s + " has no unit", "write " + s + "B"}
	case !sizeRE.MatchString(s):
		return nil, complaint{fmt.Sprintf("%q is not a size", s), "write a whole number of bytes with its unit, like 1000B"}
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(s, "B"), 10, 64)
	if err != nil {
		return nil, complaint{s + " has too many digits", ""}
	}
	return n, nil
}

func formatSize(v any) string { return strconv.FormatInt(v.(int64), 10) + "B" }
