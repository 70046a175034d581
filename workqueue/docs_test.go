package workqueue

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

const howTo = "../docs/how-to/many-machines.md"

func readDocs(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(howTo)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var serverConfig = regexp.MustCompile("(?s)<!-- configuration of a server -->\n```text\n(.*?)```")

// documentedConfig returns the configuration of a server as the documentation has it.
func documentedConfig(t *testing.T) string {
	t.Helper()
	found := serverConfig.FindStringSubmatch(readDocs(t))
	if found == nil {
		t.Fatalf("%s has no configuration of a server", howTo)
	}
	return found[1]
}

// The documentation shows the permissions that the code gives. SIMULATE_UPDATE=1 rewrites it.
func TestDocsShowThePermissions(t *testing.T) {
	t.Parallel()
	text := readDocs(t)
	fresh := text
	for part, want := range map[string]string{
		"authorization": "```text\n" + Authorization([]User{
			{"UBCOORDINATOREXAMPLE", CoordinatorRole}, {"UBWORKEREXAMPLE", WorkerRole},
		}) + "```",
		"permissions": permissionsTable(),
	} {
		block := regexp.MustCompile(`(?s)(<!-- ` + part + ` -->\n).*?(<!-- end -->)`)
		if !block.MatchString(fresh) {
			t.Fatalf("%s has no place for %s", howTo, part)
		}
		fresh = block.ReplaceAllStringFunc(fresh, func(old string) string {
			return "<!-- " + part + " -->\n" + want + "\n<!-- end -->"
		})
	}
	if fresh == text {
		return
	}
	if os.Getenv("SIMULATE_UPDATE") == "" {
		t.Fatalf("%s is stale: SIMULATE_UPDATE=1 go test ./workqueue -run Docs rewrites it", howTo)
	}
	if err := os.WriteFile(howTo, []byte(fresh), 0o644); err != nil {
		t.Fatal(err)
	}
}

// permissionsTable says who may publish on what; <key> is the public key of the user.
func permissionsTable() string {
	var b strings.Builder
	worker, coordinator := PermissionsOf(User{"<key>", WorkerRole}), PermissionsOf(User{"<key>", CoordinatorRole})
	b.WriteString("| may | subject | worker | coordinator |\n|---|---|---|---|\n")
	row := func(may, subject string, both bool) {
		mark := ""
		if both {
			mark = "yes"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | yes |\n", may, subject, mark)
	}
	for i, s := range coordinator.Publish {
		row("publish", s, i < len(worker.Publish))
	}
	for _, s := range coordinator.Subscribe {
		row("subscribe", s, true)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
