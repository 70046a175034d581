package simtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// azureNetwork gives the text of the seed-th Azure network. Delays vary in every
// fourth, unless constant is asked for.
func azureNetwork(seed uint64, constant bool) string {
	return simtest.Azure(seed, simtest.AzureOptions{Vary: !constant && seed%4 == 0})
}

// TestAzureNetworksAreVaried: every text is a scenario, and among many each kind
// of fault and each option comes.
func TestAzureNetworksAreVaried(t *testing.T) {
	var all strings.Builder
	for seed := range uint64(300) {
		text := azureNetwork(seed, false)
		if _, _, err := scenarios.Load("scenario.yaml", []byte(text)); err != nil {
			t.Fatalf("network %d: %v\n%s", seed, err, text)
		}
		all.WriteString(text)
	}
	ofRouters := []scenarios.FaultKind{scenarios.Announce, scenarios.Withdraw}
	for _, k := range scenarios.FaultKinds() {
		if !slices.Contains(ofRouters, k.Kind) && !strings.Contains(all.String(), fmt.Sprintf("kind: %s,", k.Kind)) {
			t.Errorf("no network has a %s", k.Kind)
		}
	}
}
