package events

// What tests compare: the library, and what is written and read without it.
var (
	EncodeUpdateByLibrary = encodeUpdate
	ParseUpdateByLibrary  = parseUpdate
	EncodePlain           = encodePlain
	DecodePlain           = decodePlain
)
