package trace

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/facts"
)

// name is what people call the subject.
func (q *inquiry) name() string {
	if u := q.p.source(); u != nil {
		return orElse(u.DisplayName, orElse(u.UserPrincipalName, u.ID))
	}
	if r := q.record(); r != nil {
		return orElse(r.DisplayName, orElse(r.UserName, r.ID))
	}
	if q.p.org != nil {
		return orElse(q.p.org.Name, orElse(q.p.org.Email, q.p.org.AccountID))
	}
	return orElse(q.asked, "the user")
}

// first is the given name, for sentences that named the person already.
func (q *inquiry) first() string {
	if u := q.p.source(); u != nil && u.GivenName != "" {
		return u.GivenName
	}
	return q.name()
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func day(t time.Time) string {
	if t.IsZero() {
		return "at an unknown time"
	}
	return t.UTC().Format("2006-01-02")
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "an unknown time"
	}
	return t.UTC().Format("2006-01-02 15:04") + " UTC"
}

// span words a duration as people would: 12 minutes, 5 hours, 9 days.
func span(d time.Duration) string {
	switch {
	case d < 0:
		return "no time"
	case d < 2*time.Hour:
		return plural(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		return plural(int(d.Hours()), "hour")
	}
	return plural(int(d.Hours()/24), "day")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// chain writes a way of nesting: application ← group ← group inside it ← person.
func (q *inquiry) chain(groups []uint32, end string) string {
	var b strings.Builder
	b.WriteString(q.application())
	const most = 12 // a longer way is cut in its middle: nobody reads a thousand names
	for i, g := range groups {
		if len(groups) > most && i == most/2 {
			fmt.Fprintf(&b, " ← … %d more …", len(groups)-most)
		}
		if len(groups) > most && i >= most/2 && i < len(groups)-most/2 {
			continue
		}
		b.WriteString(" ← " + q.w.Groups[g].DisplayName)
	}
	if end != "" {
		b.WriteString(" ← " + end)
	}
	return b.String()
}

func (t *Tracer) application() string {
	if t.guard() {
		return "Guard's connector"
	}
	if t.w.Principal != nil && t.w.Principal.DisplayName != "" {
		return t.w.Principal.DisplayName
	}
	return "the application"
}

// list joins a few names and counts the rest.
func list(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func domainOf(mail string) string { return facts.Domain(mail) }
