package exports

import (
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// userFile is one "Download users" file.
type userFile struct {
	*source
	users, deleted []document.User
	lines          []int // of users
	tellsDeleted   bool
}

func readUsers(src *source, l *layout, r io.Reader) (*userFile, error) {
	f := &userFile{source: src}
	t := &table{src, l}
	_, f.tellsDeleted = l.at["deletedDateTime"]
	if _, ok := l.at["id"]; !ok {
		src.note(1, "", "no column holds object ids; people are told apart by user principal name")
	}
	var dates orderCheck
	err := t.read(r, func(row record) {
		u, ok := userOf(row, &dates)
		switch {
		case !ok:
		case f.tellsDeleted && row.text("deletedDateTime") != "":
			f.deleted = append(f.deleted, u)
		default:
			f.users = append(f.users, u)
			f.lines = append(f.lines, row.line)
			dates.keep(len(f.users) - 1)
		}
	})
	if dates.settle(src, row0(l, "createdDateTime")) {
		for at, text := range dates.doubtful {
			if day, ok := dayFirstMoment(text); ok {
				f.users[at].CreatedDateTime = day
			}
		}
	}
	return f, err
}

// plainUserFields are filled one by one; every other attribute goes into Other under Graph's name.
var plainUserFields = map[string]bool{
	"id": true, "userPrincipalName": true, "displayName": true, "mail": true, "surname": true, "givenName": true, "userType": true,
	"jobTitle": true, "department": true, "accountEnabled": true, "mailNickname": true, "createdDateTime": true, "deletedDateTime": true,
	"onPremisesSyncEnabled": true, "externalUserState": true, "onPremisesLastSyncDateTime": true, "proxyAddresses": true, "otherMails": true,
}

func userOf(row record, dates *orderCheck) (document.User, bool) {
	u := document.User{
		ID: row.text("id"), UserPrincipalName: row.text("userPrincipalName"), DisplayName: row.text("displayName"),
		Mail: row.opt("mail"), Surname: row.text("surname"), GivenName: row.text("givenName"), UserType: row.text("userType"),
		JobTitle: row.text("jobTitle"), Department: row.text("department"), MailNickname: row.text("mailNickname"),
		ExternalUserState: row.text("externalUserState"), AccountEnabled: row.truth("accountEnabled"),
		OnPremisesSyncEnabled: row.truth("onPremisesSyncEnabled"), OnPremisesLastSyncDateTime: row.time("onPremisesLastSyncDateTime"),
		ProxyAddresses: several(row, "proxyAddresses"), OtherMails: several(row, "otherMails"),
		DeletedDateTime: row.time("deletedDateTime"),
	}
	u.CreatedDateTime = dates.time(row, "createdDateTime")
	if u.ID == "" && u.UserPrincipalName == "" {
		row.drop("userPrincipalName", "neither an object id nor a user principal name")
		return u, false
	}
	if u.ID == "" {
		u.ID = unnamed("upn", u.UserPrincipalName)
	}
	u.Other = otherAttributes(row)
	return u, true
}

// unnamed is a stable id for what a file knows only by a name.
func unnamed(kind, name string) string { return kind + ":" + fold(name) }

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// several is a list in one cell. The portal's form was not seen; semicolons, commas and line breaks never stand
// inside an address.
func several(row record, field string) []string {
	if !row.has(field) {
		return nil
	}
	out := strings.FieldsFunc(row.text(field), func(r rune) bool { return r == ';' || r == ',' || r == '\n' || r == '|' })
	list := out[:0]
	for _, s := range out {
		if s = strings.Trim(s, " \t\"[]"); s != "" {
			list = append(list, strings.Clone(s))
		}
	}
	return list
}

// otherAttributes is what a mapping or a scoping filter may ask for: the attributes without a field, named as Graph
// names them. An empty cell is null: the file tells that there is nothing.
func otherAttributes(row record) jsontext.Value {
	out := []byte{'{'}
	add := func(name, value string, list bool) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = quoteJSON(out, name)
		out = append(out, ':')
		switch {
		case list && value == "":
			out = append(out, "[]"...)
		case list:
			out = append(quoteJSON(append(out, '['), value), ']')
		case value == "":
			out = append(out, "null"...)
		default:
			out = quoteJSON(out, value)
		}
	}
	for _, f := range row.t.shape.fields {
		if i, ok := row.t.at[f[0]]; ok && !plainUserFields[f[0]] && i < len(row.cells) {
			add(f[0], row.text(f[0]), f[0] == "businessPhones")
		}
	}
	seen := map[string]bool{}
	for _, i := range row.t.other {
		if h := strings.TrimSpace(row.t.header[i]); h != "" && !seen[h] && i < len(row.cells) {
			seen[h] = true
			add(h, row.cell(i), false)
		}
	}
	if len(out) == 1 {
		return nil
	}
	return append(out, '}')
}

func quoteJSON(out []byte, s string) []byte {
	out, err := jsontext.AppendQuote(out, strings.ToValidUTF8(s, "�"))
	if err != nil { // cannot be: the text is valid UTF-8
		return append(out, `""`...)
	}
	return out
}
