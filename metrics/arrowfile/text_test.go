package arrowfile

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// anyRow has a column of each type.
type anyRow struct {
	Int    int64    `arrow:"int"`
	MayInt *int64   `arrow:"may_int"`
	Float  *float64 `arrow:"float"`
	Is     *bool    `arrow:"is"`
	Text   string   `arrow:"text"`
	May    *string  `arrow:"may"`
	Name   *string  `arrow:"name,dict"`
	List   []string `arrow:"list"`
	Ints   []int64  `arrow:"ints"`
	Bytes  []byte   `arrow:"bytes"`
}

// anyRows are rows with all that a text may trip over.
func anyRows() []anyRow {
	texts := []string{
		"", "plain", `"quoted"`, "a,b", "two\nlines", "two\r\nlines", " spaces ", "\ttab", "null", "=1+1", "ü € 😀", "\u2028", "<b>&amp;</b>", `back\slash`,
		"\x00\x1f\x7f", "\xff is no UTF-8", strings.Repeat("long,", 20_000),
	}
	floats := []float64{0, 1, -1, 0.1, 1e300, 5e-324, math.MaxFloat64, 1.0 / 3, 123456789.125, 1e21, 1e-7}
	var rows []anyRow
	for i, text := range texts {
		r := anyRow{Int: math.MinInt64 + int64(i), Text: text, Bytes: []byte(text)}
		if i%2 == 0 {
			r.MayInt, r.Float, r.Is, r.May, r.Name = new(int64(math.MaxInt64)), new(floats[i%len(floats)]), new(i%4 == 0), new(text), new(text)
			r.List, r.Ints = texts[:i], []int64{-1, int64(i)}
		}
		if i%3 == 0 {
			r.Bytes, r.Ints = nil, []int64{}
		}
		rows = append(rows, r)
	}
	return rows
}

// valid is a text as any reader of JSON gives it.
func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

func textOf(t *testing.T, rows []anyRow, write func(context.Context, io.Writer, string, string) (Meta, error)) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "any.arrow")
	meta := Meta{Scenario: "s", Seed: 7, Digest: "d"}
	if err := Write(file, "any", rows, meta); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	got, err := write(t.Context(), &b, file, "any")
	if err != nil || got != meta {
		t.Fatal(got, err)
	}
	return b.String()
}

func TestJSONL(t *testing.T) {
	rows := anyRows()
	text := textOf(t, rows, WriteJSONL)
	lines := strings.SplitAfter(text, "\n")
	if len(lines) != len(rows)+1 || lines[len(rows)] != "" {
		t.Fatalf("%d lines", len(lines))
	}
	for i, r := range rows {
		var got map[string]any
		d := json.NewDecoder(strings.NewReader(lines[i]))
		d.UseNumber()
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{
			"int": json.Number(strconv.FormatInt(r.Int, 10)), "may_int": nil, "float": nil, "is": nil, "text": valid(r.Text), "may": nil, "name": nil,
			"list": []any{}, "ints": nil, "bytes": nil,
		}
		if r.May != nil {
			want["may_int"], want["is"], want["may"], want["name"] = json.Number("9223372036854775807"), *r.Is, valid(*r.May), valid(*r.Name)
			if f, err := got["float"].(json.Number).Float64(); err != nil || f != *r.Float {
				t.Errorf("row %d: %v, not %v", i, got["float"], *r.Float)
			}
			want["float"] = got["float"]
		}
		for _, text := range r.List {
			want["list"] = append(want["list"].([]any), valid(text))
		}
		if r.Ints != nil {
			want["ints"] = []any{}
			for _, n := range r.Ints {
				want["ints"] = append(want["ints"].([]any), json.Number(strconv.FormatInt(n, 10)))
			}
		}
		if r.Bytes != nil {
			want["bytes"] = hex.EncodeToString(r.Bytes)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("row %d:\n%v\nnot\n%v", i, got, want)
		}
	}
	if first := `{"int":-9223372036854775808,"may_int":9223372036854775807,"float":0,"is":true,"text":"","may":"","name":"","list":[],"ints":[],"bytes":null}` + "\n"; lines[0] != first {
		t.Errorf("the first line is %s", lines[0])
	}
}

func TestCSV(t *testing.T) {
	rows := anyRows()
	text := textOf(t, rows, WriteCSV)
	r := csv.NewReader(strings.NewReader(text))
	got, err := r.ReadAll()
	if err != nil || len(got) != len(rows)+1 {
		t.Fatal(len(got), err)
	}
	if head := strings.Join(got[0], " "); head != "int may_int float is text may name list ints bytes" {
		t.Errorf("the head is %s", head)
	}
	for i, row := range rows {
		want := []string{strconv.FormatInt(row.Int, 10), "", "", "", row.Text, "", "", "", "", hex.EncodeToString(row.Bytes)}
		if row.May != nil {
			want[1], want[2], want[3], want[5], want[6] = "9223372036854775807", fmt.Sprint(*row.Float), fmt.Sprint(*row.Is), *row.May, *row.Name
			want[2] = strconv.FormatFloat(*row.Float, 'g', -1, 64)
		}
		want[7] = asJSON(t, append([]string{}, row.List...))
		if row.Ints != nil {
			want[8] = asJSON(t, row.Ints)
		}
		for j := range want {
			want[j] = strings.ReplaceAll(want[j], "\r\n", "\n") // so does the reader
			if got[i+1][j] != want[j] {
				t.Errorf("row %d, %s: %.80q, not %.80q", i, got[0][j], got[i+1][j], want[j])
			}
		}
	}
	// A null is nothing, an empty text is quotes.
	if first := "\n-9223372036854775808,9223372036854775807,0,true,\"\",\"\",\"\",[],[],\n"; !strings.Contains(text, first) {
		t.Errorf("the first row is not %q", first)
	}
	if second := "\n-9223372036854775807,,,,plain,,,[],,706c61696e\n"; !strings.Contains(text, second) {
		t.Errorf("the second row is not %q", second)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// TestTextOfNoTable: what is no such table is refused, before anything is written.
func TestTextOfNoTable(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "any.arrow")
	if err := Write(file, "any", anyRows(), Meta{}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cut, flipped := filepath.Join(dir, "cut"), filepath.Join(dir, "flipped")
	other := bytes.Clone(whole)
	other[len(other)/2] ^= 1
	for name, b := range map[string][]byte{cut: whole[:len(whole)/2], flipped: other} {
		if err := os.WriteFile(name, b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ file, table string }{{file, "events"}, {cut, "any"}, {flipped, "any"}} {
		var b bytes.Buffer
		if _, err := WriteCSV(t.Context(), &b, test.file, test.table); !errors.Is(err, ErrFile) || b.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", test.file, err, b.Len())
		}
	}
	if _, err := WriteCSV(t.Context(), io.Discard, filepath.Join(dir, "none"), "any"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	full := errors.New("full")
	if _, err := WriteCSV(t.Context(), failing{full}, file, "any"); !errors.Is(err, full) || errors.Is(err, ErrFile) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := WriteJSONL(ctx, io.Discard, file, "any"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestTextMemory: what is in use while a table is written as text does not grow with it.
func TestTextMemory(t *testing.T) {
	used := func(batches int) uint64 {
		file := filepath.Join(t.TempDir(), "any.arrow")
		rows := make([]Line, batches*batchRows)
		for i := range rows {
			rows[i] = Line{Seq: int64(i), Role: "out", Detail: strconv.Itoa(i * 7919), Payload: []byte{1, 2, 3, byte(i)}}
		}
		if err := Write(file, EventsName, rows, Meta{}); err != nil {
			t.Fatal(err)
		}
		rows = nil
		p := &peak{}
		if _, err := WriteJSONL(t.Context(), p, file, EventsName); err != nil {
			t.Fatal(err)
		}
		return p.most
	}
	few, many := used(2), used(8)
	t.Logf("%d bytes for 2 batches, %d for 8", few, many)
	if float64(many) > 1.5*float64(few) {
		t.Errorf("it grows: %d bytes for 2 batches, %d for 8", few, many)
	}
}

// peak looks now and then at what is in use.
type peak struct {
	writes int
	most   uint64
}

func (p *peak) Write(b []byte) (int, error) {
	if p.writes++; p.writes%40 == 0 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		p.most = max(p.most, m.HeapAlloc)
	}
	return len(b), nil
}
