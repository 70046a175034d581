package main

import "github.com/spf13/cobra"

func newSweepShow(*shell) *cobra.Command              { return &cobra.Command{Use: "show"} }
func (s *shell) showSweep(path, measure string) error { return nil }
