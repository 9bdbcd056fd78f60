package expr

import (
	"regexp"
	"strings"
	"time"
)

func naiveReplace(arg func(int) any) any {
	switch {
	case arg(5) != nil && orEmpty(arg(0)) != "":
		return arg(0)
	case arg(5) != nil:
		m := regexp.MustCompile(need(arg(2))).FindStringSubmatch(need(arg(5)))
		return m[regexp.MustCompile(need(arg(2))).SubexpIndex(need(arg(3)))]
	case arg(6) != nil:
		return strings.Join(strings.Split(need(arg(6)), need(arg(1))), need(arg(0)))
	case arg(0) == nil:
		return nil
	case arg(1) != nil:
		return strings.Join(strings.Split(need(arg(0)), need(arg(1))), need(arg(4)))
	case arg(3) != nil:
		re, s := regexp.MustCompile(need(arg(2))), need(arg(0))
		for _, m := range re.FindAllStringSubmatch(s, -1) {
			s = strings.ReplaceAll(s, m[re.SubexpIndex(need(arg(3)))], need(arg(4)))
		}
		return s
	}
	return regexp.MustCompile(need(arg(2))).ReplaceAllString(need(arg(0)), need(arg(4)))
}

func naiveDate(s string) time.Time {
	for _, form := range []string{"1/2/2006 3:04:05 PM", "2006-01-02", "2006-01-02Z07:00", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC()
		}
	}
	panic(gaveUp{"no date"})
}
