package mortal

import (
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// AtAtlassian is something that goes wrong there for a few requests, after fewer than so many that go well.
func AtAtlassian(r *rand.Rand, after int) atlassian.Fault {
	f := atlassian.Fault{Skip: r.IntN(after), Times: 1 + r.IntN(4)}
	f.Method = []string{"", "POST", "PATCH", "GET", "DELETE"}[r.IntN(5)]
	switch r.IntN(6) {
	case 0:
		f.Status = http.StatusInternalServerError
	case 1:
		f.Status = http.StatusServiceUnavailable
	case 2:
		f.Status, f.RetryAfter = http.StatusTooManyRequests, 30*time.Second
	case 3:
		f.Cut = atlassian.CutBefore
	case 4:
		f.Cut = atlassian.CutAfter
	case 5:
		f.Truncate = 5
	}
	return f
}

// AtEntra is the same of Graph.
func AtEntra(r *rand.Rand, after int) entra.Fault {
	f := entra.Fault{Path: "/v1.0/*", Skip: r.IntN(after), Times: 1 + r.IntN(3)} // what asks for tokens waits by the machine's clock
	switch r.IntN(5) {
	case 0:
		f.Status = http.StatusInternalServerError
	case 1:
		f.Status = http.StatusTooManyRequests
	case 2:
		f.Cut = true
	case 3:
		f.Truncate = true
	case 4:
		f.ExpireDelta = true
	}
	return f
}
