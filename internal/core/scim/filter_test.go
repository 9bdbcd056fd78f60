package scim

import (
	"fmt"
	"strings"
	"testing"
)

func TestFiltersFindWhomTheyShould(t *testing.T) {
	r := read(t, users(t), barbara)
	g := read(t, groups(t), tourGuides)
	const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	for filter, want := range map[string]bool{
		// the examples of RFC 7644 section 3.4.2.2
		`userName eq "bjensen"`:         true,
		`name.familyName co "O'Malley"`: false,
		`userName sw "J"`:               false,
		`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "B"`: true,
		`title pr`: true,
		`meta.lastModified gt "2011-05-13T04:42:34Z"`:                                                       true,
		`meta.lastModified ge "2026-11-21T12:00:00.0000005Z"`:                                               true,
		`meta.lastModified lt "2026-11-21T12:00:00Z"`:                                                       false,
		`meta.lastModified le "2011-05-13T04:42:34Z"`:                                                       false,
		`title pr and userType eq "Employee"`:                                                               false,
		`title pr or userType eq "Intern"`:                                                                  true,
		`userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")`:             false,
		`userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")`:         false,
		`userType ne "Employee" and not (emails co "example.net" or emails.value co "example.org")`:         true,
		`userType eq "Employee" and (emails.type eq "work")`:                                                false,
		`emails[type eq "work" and value co "@example.com"]`:                                                true,
		`emails[type eq "work" and value co "@jensen.org"]`:                                                 false,
		`emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]`: true,

		// case, of names, operators and values
		`USERNAME EQ "BJENSEN"`:        true,
		`externalId eq "Ext-1"`:        true,
		`externalId eq "ext-1"`:        false,
		`id eq "2819c223"`:             true,
		`id eq "2819C223"`:             false,
		`userName ew "SEN"`:            true,
		`userName co "JENS"`:           true,
		`userName gt "BJA"`:            true,
		`displayName eq "BABS jensen"`: true,

		// types
		`active eq true`:                            true,
		`active eq "True"`:                          true,
		`active ne true`:                            false,
		`emails.primary eq true`:                    true,
		`emails[primary eq false]`:                  false,
		enterprise + `:employeeNumber eq 701984`:    true,
		enterprise + `:manager eq "26118915"`:       true,
		enterprise + `:manager.value eq "26118915"`: true,
		enterprise + `:department sw "tour"`:        true,
		enterprise + ` pr`:                          true,
		`name pr`:                                   true,
		`emails[type eq "x" or value sw "babs"]`:    true,
		`emails[type eq "x" or not (value pr)]`:     false,
		`emails[type ne "work"]`:                    true,
		`emails pr`:                                 true,
		`ims pr`:                                    false,
		`meta pr`:                                   true,
		`meta.resourceType eq "User"`:               true,
		`meta.location ew "/Users/2819c223"`:        true,
		`schemas eq "` + enterprise + `"`:           true,

		// null and absence
		`nickName eq null`:       true,
		`title eq null`:          false,
		`title ne null`:          true,
		`nickName ne "x"`:        true,
		`emails.type ne "work"`:  false, // one of them is
		`emails.type ne "other"`: true,

		// precedence and brackets
		`title pr or nickName pr and nickName pr`:   true,
		`(title pr or nickName pr) and nickName pr`: false,
		`not (nickName pr) and title pr`:            true,
		`not(nickName pr)and(title pr)`:             true,
		`((((title pr))))`:                          true,

		// Entra and Microsoft's collection
		`emails eq "bjensen@example.com"`:                                                            true,
		`emails[type eq "work"].value eq "bjensen@example.com"`:                                      true,
		`emails[type eq "work"].value eq "babs@jensen.org"`:                                          false,
		`name.FamilyName eq Jensen and (emails.Value co example.com or emails.Value co example.org)`: true,
		`meta.Created gt 2015-10-10T14:38:21.8617979-07:00`:                                          true,
		`roles[value eq "guide"]`:                                                                    true,
		enterprise + `:manager[value eq "26118915"]`:                                                 true,
	} {
		f, err := r.Type.ParseFilter(filter)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		if got := f.Match(r); got != want {
			t.Errorf("%s: %v, want %v (read as %s)", filter, got, want, f)
		}
	}
	for filter, want := range map[string]bool{
		`members.value eq "902c246b"`:                         true,
		`members eq "902c246b"`:                               true,
		`members eq "902C246B"`:                               false,
		`members[value eq "902c246b" and type eq "group"]`:    true,
		`members[value eq "2819c223" and type eq "Group"]`:    false,
		`members.type eq "User"`:                              true,
		`members pr`:                                          true,
		`members ne "902c246b"`:                               false,
		`members[not (type eq "Group")]`:                      true,
		`displayName eq "TOUR guides" and externalId eq "GX"`: true,
	} {
		f, err := g.Type.ParseFilter(filter)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		if got := f.Match(g); got != want {
			t.Errorf("%s: %v, want %v", filter, got, want)
		}
	}
}

func TestNumbersMomentsAndTextsAreOrderedByWhatTheyMean(t *testing.T) {
	typ := lenient(t).Type("Gadget")
	r := read(t, typ, `{"serial":"S","weight":1.50,"count":10,"made":"2026-11-20T12:00:00+01:00","codes":[3,20],"tags":["Red"],"image":"aGk=","prices":[{"value":5,"type":"a"},{"value":7,"type":"b","since":"2026-01-01"}]}`)
	for filter, want := range map[string]bool{
		`count gt 9`:                              true,
		`count eq 1e1`:                            true,
		`count lt "11"`:                           true,
		`weight eq 1.5`:                           true,
		`weight le 1.4999999999999999999999999`:   false,
		`made eq "2026-11-20T11:00:00Z"`:          true,
		`made lt "2026-11-20T12:00:00Z"`:          true,
		`codes eq 20`:                             true,
		`codes[value gt 19]`:                      true,
		`codes[value gt 20]`:                      false,
		`tags eq "red"`:                           true,
		`tags[value sw "r"]`:                      true,
		`serial eq "s"`:                           false,
		`prices gt 6`:                             true,
		`prices[type eq "a" and value gt 6]`:      false,
		`prices[since lt "2026-06-01T00:00:00Z"]`: true,
		`image eq "aGk="`:                         true,
		`made co "2026-11"`:                       true,
	} {
		f, err := typ.ParseFilter(filter)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		if got := f.Match(r); got != want {
			t.Errorf("%s: %v, want %v", filter, got, want)
		}
	}
}

func TestAFilterThatIsWrongSaysWhereAndWhatToMend(t *testing.T) {
	const f = "400 invalidFilter: Filter, character "
	for filter, want := range map[string]string{
		``:                               f + `1: the end stands where an attribute should`,
		`userName`:                       f + `9: the end stands where an operator should`,
		`userName zz "x"`:                f + `10: "zz" is no operator`,
		`userName eq`:                    f + `12: the end stands where a value should`,
		`userNme eq "x"`:                 f + `1: "userNme" is not an attribute of User (did you mean userName?)`,
		`emails.vale eq "x"`:             f + `1: "emails.vale" is not an attribute of emails (did you mean value?)`,
		`emails[vale eq "x"]`:            f + `8: "vale" is not an attribute of emails (did you mean value?)`,
		`title.x eq "x"`:                 f + `1: title has no parts`,
		`urn:x:y:z eq "x"`:               f + `1: "urn:x:y:z" begins with a schema that User does not have`,
		`name eq "x"`:                    f + `1: name has parts; compare one of them, such as name.formatted`,
		`userName eq "x`:                 f + `13: a text without closing quote`,
		`userName eq "\x"`:               f + `13: a text that is written like no text of JSON`,
		`active eq "maybe"`:              f + `11: active is true or false`,
		`active gt true`:                 f + `11: active is true or false; gt cannot compare it`,
		`active eq 1`:                    f + `11: active is true or false`,
		`meta.created gt "x"`:            f + `17: meta.created is a moment`,
		`userName gt null`:               f + `13: null can be compared with eq and ne alone`,
		`x509Certificates.value gt "aa"`: f + `27: x509Certificates.value is binary`,
		`password eq "x"`:                f + `1: password is never returned`,
		`(userName pr`:                   f + `1: ( is not closed`,
		`userName pr)`:                   f + `12: ")" stands where the filter should end`,
		`userName pr title pr`:           f + `13: "t" stands where the filter should end`,
		`userName pr and`:                f + `16: the end stands where an attribute should`,
		`emails[type eq "work"`:          f + `22: the end stands where ] or another comparison should`,
		`userName[value eq "x"]`:         f + `1: userName has one value`,
		`emails[emails[type pr]]`:        f + `8: "emails" is not an attribute of emails`,
		`meta[created pr]`:               f + `1: meta has one value`,
		`é eq "x"`:                       f + `1: "é" stands where an attribute should`,
		strings.Repeat("(", 10_000) + "userName pr" + strings.Repeat(")", 10_000): f + `52: the filter is nested deeper than 50 brackets`,
		strings.Repeat("not (", 10_000) + "userName pr":                           f + `256: the filter is nested deeper than 50`,
		strings.Repeat("userName pr or ", 2_001) + "userName pr":                  `compares more than 2000 times`,
		strings.Repeat("userName pr or ", 10_000) + "userName pr":                 `400 invalidFilter: The filter has 150011 bytes; the most are 65536`,
	} {
		t.Run(fmt.Sprintf("%.40s", filter), func(t *testing.T) {
			_, err := users(t).ParseFilter(filter)
			if !strings.HasPrefix(want, "400") {
				want = f + "30001: the filter " + want
			}
			wantError(t, err, want)
		})
	}
	_, err := strict(t).Type("User").ParseFilter(`userName eq bob`)
	wantError(t, err, f+`13: a text stands in quotes`)
	_, err = lenient(t).Type("Gadget").ParseFilter(`count sw 1`)
	wantError(t, err, f+`10: count is a number; sw cannot compare it`)
}

func TestAStoreCanWalkAFilter(t *testing.T) {
	f, err := users(t).ParseFilter(`userName eq "ÅSA" or emails[type eq "work" and value eq "X@y"] and groups eq "g1" and meta.lastModified gt "2026-11-20T12:00:00Z"`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	f.Walk(func(f *Filter) bool {
		switch {
		case f.Attr == nil:
			got = append(got, f.Op.String())
		case f.Attr.Apart() != nil:
			got = append(got, "apart "+f.Attr.Path()+" "+f.Key())
		case !f.When.IsZero():
			got = append(got, f.Attr.Path()+" "+f.When.String())
		default:
			got = append(got, f.Attr.Path()+" "+f.Key())
		}
		return f.Op != Has
	})
	want := "or, userName Åsa, and, emails , apart groups.value g1, meta.lastModified 2026-11-20 12:00:00 +0000 UTC"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

func TestSpellingsOfAFilterPrintTheSame(t *testing.T) {
	for spelling, want := range map[string]string{
		`USERNAME eq "B" AND((title pr)) and active eq "TRUE"`:  `userName eq "B" and title pr and active eq true`,
		`title pr or (nickName pr and (locale pr or title pr))`: `title pr or nickName pr and (locale pr or title pr)`,
		`not ( emails eq a )`: `not (emails.value eq "a")`,
		`emails[ value pr]`:   `emails[value pr]`,
		`title eq null`:       `not (title pr)`,
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:DEPARTMENT eq "x"`: `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x"`,
	} {
		f, err := users(t).ParseFilter(spelling)
		if err != nil {
			t.Errorf("%s: %v", spelling, err)
			continue
		}
		if f.String() != want {
			t.Errorf("%s prints %s, want %s", spelling, f, want)
		}
	}
}
