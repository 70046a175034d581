package report

// rows is a table by columns, small in JSON: the instant of each row, and its cells as
// numbers of names. Rates are names too: a number of JavaScript would round what is
// beyond 2^53.
type rows struct {
	Names   []string         `json:"names"`
	T       []int            `json:"t"`       // numbers of instants, ascending
	Columns map[string][]int `json:"columns"` // numbers of names; -1: null

	columns []string
	times   []int64
	index   map[string]int
	size    int // of all names together
}

// What a page holds at most of each table, so that a browser opens it at once and
// folds it while a slider moves.
const (
	mostRows  = 20_000
	mostNames = 1_500_000 // bytes
)

func newRows(columns ...string) *rows {
	r := &rows{Names: []string{}, T: []int{}, Columns: map[string][]int{}, columns: columns, index: map[string]int{}}
	for _, c := range columns {
		r.Columns[c] = []int{}
	}
	return r
}

// add takes the next row; nil is null. It keeps count of rows beyond what is held.
func (r *rows) add(t int64, cells ...*string) {
	if r.times = append(r.times, t); r.tooMany() {
		return
	}
	for i, text := range cells {
		r.Columns[r.columns[i]] = append(r.Columns[r.columns[i]], r.number(text))
	}
}

func (r *rows) number(text *string) int {
	if text == nil {
		return -1
	}
	n, known := r.index[*text]
	if !known {
		n = len(r.Names)
		r.index[*text] = n
		r.Names = append(r.Names, *text)
		r.size += len(*text)
	}
	return n
}

func (r *rows) tooMany() bool { return len(r.times) > mostRows || r.size > mostNames }
