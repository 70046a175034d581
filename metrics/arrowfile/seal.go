package arrowfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/crc64"
	"io"
)

// The seal stands between the last batch and the footer, where readers of Arrow
// files do not look: the end-of-stream marker of the format, and the CRC-64
// (ECMA-182) of all other bytes of the file. Without it one damaged length in
// the footer makes the Arrow library ask for all memory there is, which no
// program survives.
const sealSize = 16

func endOfStream() []byte { return []byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0} }

// tailSize is what follows the footer: its length, and the magic bytes.
const tailSize = 4 + len(magic)

const magic = "ARROW1"

func newSum() hash.Hash64 { return crc64.New(crc64.MakeTable(crc64.ECMA)) }

// sealer is a file to which the Arrow library writes. The footer is held back
// until the seal stands before it.
type sealer struct {
	w      io.Writer
	sum    hash.Hash64
	at     int64
	footer *bytes.Buffer // nil until the footer begins
}

func newSealer(w io.Writer) *sealer { return &sealer{w: w, sum: newSum()} }

// Write implements io.Writer.
func (s *sealer) Write(p []byte) (int, error) {
	w := s.w
	if s.footer != nil {
		w = s.footer
	}
	n, err := w.Write(p)
	s.sum.Write(p[:n])
	s.at += int64(n)
	return n, err
}

// Seek implements io.Seeker, to tell where the next byte goes.
func (s *sealer) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return 0, fmt.Errorf("seek to %d from %d in a file that is written in order", offset, whence)
	}
	return s.at, nil
}

// hold holds back what is written from now on: the footer.
func (s *sealer) hold() { s.footer = &bytes.Buffer{} }

// seal writes the seal and the footer.
func (s *sealer) seal() error {
	b := append(binary.LittleEndian.AppendUint64(endOfStream(), s.sum.Sum64()), s.footer.Bytes()...)
	_, err := s.w.Write(b)
	return err
}

// unseal tells whether a file is whole. Its errors do not name the file.
func unseal(f io.ReaderAt, size int64) error {
	tail := make([]byte, tailSize)
	if size < int64(tailSize+sealSize) {
		return fmt.Errorf("%w: it is too short", ErrFile)
	}
	if _, err := f.ReadAt(tail, size-int64(tailSize)); err != nil {
		return err
	}
	footer := int64(binary.LittleEndian.Uint32(tail))
	at := size - int64(tailSize) - footer - sealSize
	if string(tail[4:]) != magic || at < 0 {
		return fmt.Errorf("%w: it does not end as an Arrow file does: it is cut off, or something else", ErrFile)
	}
	seal := make([]byte, sealSize)
	if _, err := f.ReadAt(seal, at); err != nil {
		return err
	}
	if !bytes.HasPrefix(seal, endOfStream()) {
		return fmt.Errorf("%w: it has no seal: it is damaged, or another program wrote it", ErrFile)
	}
	sum := newSum()
	whole := io.MultiReader(io.NewSectionReader(f, 0, at), io.NewSectionReader(f, at+sealSize, size-at-sealSize))
	if _, err := io.Copy(sum, whole); err != nil {
		return err
	}
	if sum.Sum64() != binary.LittleEndian.Uint64(seal[8:]) {
		return fmt.Errorf("%w: it is damaged: its checksum does not match", ErrFile)
	}
	return nil
}
