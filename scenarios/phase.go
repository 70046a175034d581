package scenarios

import "time"

// longestPhase bounds Phase.
const longestPhase = time.Hour

// Phase gives the time after which all keepalive intervals begin together again: where
// in it something breaks decides how soon that is noticed, and nothing else about when it
// does. At most an hour, where the intervals do not fit each other.
func (s *Scenario) Phase() time.Duration {
	type timers struct{ hold, keepalive time.Duration }
	var all []timers
	for _, r := range s.RouteServers {
		all = append(all, timers{r.Hold, r.Keepalive})
	}
	for _, n := range s.NVAs {
		all = append(all, timers{n.Hold, n.Keepalive})
	}
	for _, g := range s.ERGateways {
		all = append(all, timers{g.Hold, g.Keepalive})
	}
	for _, c := range s.Circuits {
		all = append(all, timers{c.Hold, c.Keepalive})
	}
	for _, t := range s.Sites {
		all = append(all, timers{t.Hold, t.Keepalive})
	}
	for _, r := range s.Routers {
		all = append(all, timers{r.Speaker.Hold, r.Speaker.Keepalive})
	}
	least := longestPhase
	for _, t := range all {
		if t.hold > 0 {
			least = min(least, t.hold)
		}
	}
	phase := time.Second
	for _, t := range all {
		if t.hold > 0 && t.keepalive > 0 {
			phase = common(common(phase, min(t.keepalive, t.hold/3)), min(t.keepalive, least/3))
		}
	}
	return phase
}

// common gives the least common multiple of two times, at most longestPhase.
func common(a, b time.Duration) time.Duration {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	if a/x > longestPhase/b {
		return longestPhase
	}
	return a / x * b
}
