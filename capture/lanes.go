package capture

import "strconv"

// lanes gives numbers from 0 to what is open at a time, the smallest that is free: so
// slices of one row never overlap.
type lanes struct{ used []bool }

func (l *lanes) take() int {
	for i, used := range l.used {
		if !used {
			l.used[i] = true
			return i
		}
	}
	l.used = append(l.used, true)
	return len(l.used) - 1
}

// free gives a number back, and tells whether none is taken any more.
func (l *lanes) free(lane int) bool {
	l.used[lane] = false
	for i := len(l.used); i > 0 && !l.used[i-1]; i-- {
		l.used = l.used[:i-1]
	}
	return len(l.used) == 0
}

// laneName tells the rows of one name apart; the first needs nothing.
func laneName(lane int) string {
	if lane == 0 {
		return ""
	}
	return strconv.Itoa(lane + 1)
}
