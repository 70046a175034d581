package capture

import (
	"encoding/json"
	"strconv"

	"dualhome/events"
)

// object is a JSON object that is being written, in the order of its keys.
type object []byte

// key begins a member.
func (o *object) key(name string) {
	if n := len(*o); n > 0 && (*o)[n-1] != '{' {
		*o = append(*o, ',')
	}
	*o = append(appendText(*o, name), ':')
}

func (o *object) text(name, value string) {
	o.key(name)
	*o = appendText(*o, value)
}

func (o *object) number(name string, value uint64) {
	o.key(name)
	*o = strconv.AppendUint(*o, value, 10)
}

func (o *object) float(name string, value float64) {
	o.key(name)
	*o = strconv.AppendFloat(*o, value, 'f', -1, 64)
}

// time writes a time or a duration, in microseconds with all its digits.
func (o *object) time(name string, t events.Time) {
	o.key(name)
	b := *o
	if t < 0 {
		b, t = append(b, '-'), -t
	}
	b = append(strconv.AppendUint(b, uint64(t)/1000, 10), '.')
	rest := uint64(t) % 1000
	*o = append(b, byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
}

// args begins the arguments of an event, an object that close ends.
func (o *object) args() {
	o.key("args")
	*o = append(*o, '{')
}

func (o *object) close() { *o = append(*o, '}') }

// appendText appends a text as JSON.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, err := json.Marshal(text)
			if err != nil {
				panic(err) // a text can always be written
			}
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}
