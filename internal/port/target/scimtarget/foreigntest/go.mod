// A module of its own, since a server's library is no dependency of rollcall. `go test ./...` in the repository's root
// does not reach it: run it in this folder.
module github.com/rollcall/rollcall/internal/port/target/scimtarget/foreigntest

go 1.26.0

require (
	github.com/elimity-com/scim v0.0.0-20260728105928-2641426a1539
	github.com/rollcall/rollcall v0.0.0
	github.com/scim2/filter-parser/v2 v2.3.1
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/q-uint/parser v0.3.1 // indirect
	github.com/q-uint/xsd-datetime v1.0.0 // indirect
	golang.org/x/text v0.44.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/rollcall/rollcall => ../../../../..
