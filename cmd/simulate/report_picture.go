package main

import (
	"context"
	"io"
	"path/filepath"

	"dualhome/report"
	"dualhome/report/svg"
)

// reportPicture writes one picture of a folder, as an SVG file that stands alone.
func (s *shell) reportPicture(ctx context.Context, dirs []string, f *reportFlags) error {
	if len(dirs) > 1 {
		return usage("--format svg: it is a picture of one folder; of two there is a page alone")
	}
	pic, err := s.pictureOf(ctx, dirs[0], f.partial)
	if err != nil {
		return err
	}
	to := f.to
	if to == "" {
		to = filepath.Join(dirs[0], "report.svg")
	}
	return s.writePage(dirs[0], to, func(w io.Writer) error {
		_, err := io.WriteString(w, pic.File())
		return err
	})
}

// pictureOf draws a run over time, or the first measure of many runs.
func (s *shell) pictureOf(ctx context.Context, dir string, partial bool) (svg.Picture, error) {
	if !isSweep(dir) {
		d, err := s.runData(ctx, dir, partial)
		if err != nil {
			return svg.Picture{}, err
		}
		return report.RunPicture(d), nil
	}
	d, err := sweepData(dir, partial)
	if err != nil {
		return svg.Picture{}, err
	}
	pic, some := report.SweepPicture(d)
	if !some {
		return pic, failed("%s: no run has any figure that could be drawn", dir)
	}
	return pic, nil
}
