package diagram

import "strings"

// width gives how wide a text is at most, in the usual fonts of user interfaces, at a
// size in pixels. What stands in a box must not leave it whichever font it is.
func width(text string, size float64, bold bool) float64 {
	w := 0.0
	for _, r := range text {
		w += em(r)
	}
	if bold {
		w *= 1.08
	}
	return w * size
}

// em gives the width of a character in parts of the size. Those of Verdana, the widest
// of the usual fonts, are a tenth wider than those here.
func em(r rune) float64 {
	switch {
	case r > 0x7e && r != '·' && r != '…' && r != '–':
		return 1.05
	case strings.ContainsRune("ijl.,:;'|!·", r):
		return 0.33
	case strings.ContainsRune("frtI()[]/- ", r):
		return 0.42
	case strings.ContainsRune("mwMWQO@%…", r):
		return 0.95
	case r >= 'A' && r <= 'Z':
		return 0.73
	}
	return 0.61
}

// fitted gives a text that is not wider than a room, the middle left out where it
// would be: the ends of names tell more.
func fitted(text string, size float64, bold bool, room float64) string {
	if width(text, size, bold) <= room {
		return text
	}
	runes := []rune(text)
	for n := len(runes) - 1; n > 1; n-- {
		short := string(runes[:(n+1)/2]) + "…" + string(runes[len(runes)-n/2:])
		if width(short, size, bold) <= room {
			return short
		}
	}
	return "…"
}
