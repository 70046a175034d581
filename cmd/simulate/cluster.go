package main

import (
	"context"

	"github.com/spf13/cobra"
)

type clusterFlags struct{ url string }

func (f *clusterFlags) flags(*cobra.Command)    {}
func (f *clusterFlags) check(*sweepFlags) error { return nil }
func (f *clusterFlags) used() bool              { return false }

func (w *sweep) elsewhere(context.Context, *progress) (blocks, func(), error) { return nil, nil, nil }
func newSweepShow(*shell) *cobra.Command                                      { return &cobra.Command{Use: "show"} }
func (s *shell) showSweep(path, measure string) error                         { return nil }
