package arrowfile

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// partReader reads a table of one part after the other.
type partReader struct {
	unpacker
	table  int
	file   io.ReaderAt
	header *header
	words  []byte // the sections of the table
	rows   []byte
}

// each opens part after part.
func (p *partReader) each(parts []string, use func() error) error {
	next := int64(0)
	for _, part := range parts {
		err := p.open(part, use)
		if err == nil && p.header.Runs > 0 && p.header.First < next {
			err = fmt.Errorf("%w: it begins with run %d, which is no later than those before it", ErrFile, p.header.First)
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", part, err)
		}
		next = p.header.First + 1
	}
	return nil
}

func (p *partReader) open(part string, use func() error) (err error) {
	f, err := os.Open(part)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	begin := make([]byte, min(int64(headerSize), info.Size()))
	if _, err := f.ReadAt(begin, 0); err != nil {
		return err
	}
	if p.header, err = parseHeader(begin, info.Size()); err != nil {
		return err
	}
	if !p.header.Keep.has(p.table) {
		return fmt.Errorf("%w: it is a part without the table %s", ErrFile, tableNames[p.table])
	}
	p.file = f
	return use()
}

// texts reads the texts of the columns that have a dictionary.
func (p *partReader) texts(t *table) ([][][]byte, error) {
	var err error
	if p.words, err = p.section(p.words, p.file, p.header.words(p.table)); err != nil {
		return nil, err
	}
	c := cursor{b: p.words}
	all := make([][][]byte, len(t.columns))
	for i, column := range t.columns {
		if column.dict && column.axis == nil {
			all[i] = c.words()
		}
	}
	if !c.done() {
		return nil, errDamaged()
	}
	return all, nil
}

func errDamaged() error { return fmt.Errorf("%w: it is damaged: its rows make no sense", ErrFile) }

// note takes the texts for the dictionaries of the table.
func (p *partReader) note(t *table) error {
	texts, err := p.texts(t)
	if err != nil {
		return err
	}
	for i, d := range t.dicts {
		if d != nil {
			d.noteAll(texts[i])
		}
	}
	return nil
}

// appendTo appends the rows to the table.
func (p *partReader) appendTo(t *table) error {
	texts, err := p.texts(t)
	if err != nil {
		return err
	}
	places := make([][]int32, len(t.columns))
	for i, d := range t.dicts {
		var known bool
		if d == nil {
			continue
		}
		if places[i], known = d.placesOf(texts[i]); !known {
			return errors.New("it is not what it was when it was read first")
		}
	}
	if p.rows, err = p.section(p.rows, p.file, p.header.rows(p.table)); err != nil {
		return err
	}
	if p.table == eventsTable {
		return t.take(t.linesOf(p.rows, texts, places))
	}
	return t.take(t.rowsOf(p.rows, places))
}
