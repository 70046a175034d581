package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestImportAsksWhoOriginates: up to 1,000 ASes originate a prefix each; of more, the
// flag must say which do. More than 25,000 are too many.
func TestImportAsksWhoOriginates(t *testing.T) {
	for _, c := range []struct {
		ases, code, origins int
		flags               []string
		says                string
	}{
		{1000, exitFine, 1000, nil, ""},
		{1001, exitUsage, 0, nil, "about 1002001 routes"},
		{1001, exitFine, 0, []string{"--origin", "none"}, ""},
		{1001, exitFine, 1, []string{"--origin", "7"}, ""},
		{1001, exitFine, 1001, []string{"--origin", "all"}, ""},
		{25_001, exitUsage, 0, []string{"--origin", "none"}, "25,000 and 100,000 are the limit"},
	} {
		var lines strings.Builder
		for as := range c.ases - 1 {
			fmt.Fprintf(&lines, "1|%d|-1\n", as+2)
		}
		file := filepath.Join(t.TempDir(), "star.txt")
		if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, said strings.Builder
		code := run(t.Context(), append([]string{"import", "as-rel", file}, c.flags...), &out, &said)
		if n := strings.Count(out.String(), "originates:"); code != c.code || n != c.origins {
			t.Errorf("%d ASes %v: exit code %d, %d originate; want %d, %d\n%s", c.ases, c.flags, code, n, c.code, c.origins, said.String())
		}
		if !strings.Contains(said.String(), c.says) || c.says == "" && said.Len() > 0 {
			t.Errorf("%d ASes %v: it says\n%swant %s", c.ases, c.flags, said.String(), c.says)
		}
	}
}
