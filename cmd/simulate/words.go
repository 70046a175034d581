package main

import (
	"fmt"
	"math"
	"time"
)

// seconds writes nanoseconds as seconds with a millisecond's precision.
func seconds(ns int64) string {
	return fmt.Sprintf("%.3f s", time.Duration(ns).Seconds())
}

// tenths writes nanoseconds as seconds with one digit after the point; below a second
// as milliseconds, and below one of them as microseconds, so that what is there is not 0.
func tenths(ns int64) string {
	switch {
	case ns > 0 && float64(ns) < 0.9995*float64(time.Millisecond):
		return fmt.Sprintf("%.3g µs", float64(ns)/1e3)
	case float64(ns) < 0.9995*float64(time.Second):
		return fmt.Sprintf("%.0f ms", float64(ns)/1e6)
	}
	return fmt.Sprintf("%.1f s", time.Duration(ns).Seconds())
}

func orNever(ns *int64) string {
	if ns == nil {
		return "-"
	}
	return seconds(*ns)
}

// bytes writes a volume in decimal units.
func bytes(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	v, unit := float64(n)/1000, "kB"
	for _, u := range []string{"MB", "GB", "TB", "PB", "EB"} {
		if v < 999.5 { // else it would be rounded to 1e+03
			break
		}
		v, unit = v/1000, u
	}
	return fmt.Sprintf("%.3g %s", v, unit)
}

// percent writes a share to a tenth of a percent; a small one with two digits.
func percent(share float64) string {
	switch p := 100 * share; {
	case p == 0 || p == 100:
		return fmt.Sprintf("%.0f %%", p)
	case p < 0.1:
		return fmt.Sprintf("%.2g %%", p)
	case p > 99.999:
		return "more than 99.999 %"
	case p > 99.9:
		return fmt.Sprintf("%.3f %%", p) // what is nearly certain is not certain
	default:
		return fmt.Sprintf("%.1f %%", p)
	}
}

// portion writes a share in whole percents; one that would be rounded to nothing or to
// all, with more digits.
func portion(share float64) string {
	if near := math.Round(share); math.Abs(share-near) < 1e-9 { // sums of shares are not exact
		share = near
	}
	if share > 0 && share <= 0.005 || share >= 0.995 && share < 1 {
		return percent(share)
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}
