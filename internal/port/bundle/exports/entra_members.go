package exports

import (
	"io"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// memberFile is one "Download members" file: the direct members of one group.
type memberFile struct {
	*source
	names   []string // which group it may be, the likeliest first
	told    bool     // the caller named the group
	members []memberRow
}

// memberRow is one member. Type is user, group or other; "" where the file does not tell.
type memberRow struct {
	line                   int
	id, upn, display, mail string
	mailTold               bool
	kind, graphType        string
	userType               string
	enabled                document.Opt[bool]
}

func readMembers(src *source, l *layout, r io.Reader, names []string, told bool) (*memberFile, error) {
	f := &memberFile{source: src, names: names, told: told}
	_, typed := l.at["objectType"]
	_, user := l.at["isUser"]
	_, group := l.at["isGroup"]
	_, id := l.at["id"]
	if !typed && !user && !group {
		src.note(1, "", "no column tells users from groups; rows without a user principal name are looked up among the groups")
	}
	if !id {
		src.note(1, "", "no column holds object ids; members are found by user principal name or name")
	}
	t := &table{src, l}
	return f, t.read(r, func(row record) {
		m := memberRow{
			line: row.line, id: row.text("id"), upn: row.text("userPrincipalName"), display: row.text("displayName"),
			mail: row.text("mail"), mailTold: row.has("mail"), userType: row.text("userType"), enabled: row.truth("accountEnabled"),
		}
		if m.id == "" && m.upn == "" && m.display == "" {
			row.drop("id", "no object id, user principal name or name")
			return
		}
		m.kind, m.graphType = row.memberKind(&m)
		f.members = append(f.members, m)
	})
}

const (
	graphUser  = "#microsoft.graph.user"
	graphGroup = "#microsoft.graph.group"
)

// memberType maps the words for a member's type to Graph's. Words of other languages are those of the portal's
// large languages; a word that is not here leaves the type to be told by the rest of the row.
func memberType(word string) string {
	word = squash(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(word)), "#microsoft.graph."))
	switch word {
	case "user", "benutzer", "utilisateur", "usuario", "utente", "usuário", "gebruiker", "użytkownik", "uživatel", "användare", "bruker", "bruger", "ユーザー", "用户", "사용자", "пользователь", "member", "guest":
		return graphUser
	case "group", "gruppe", "groupe", "grupo", "gruppo", "groep", "grupa", "skupina", "grupp", "グループ", "组", "그룹", "группа", "securitygroup":
		return graphGroup
	case "device", "gerät", "dispositivo", "apparaat", "urządzenie":
		return "#microsoft.graph.device"
	case "serviceprincipal", "application", "enterpriseapplication", "dienstprinzipal":
		return "#microsoft.graph.servicePrincipal"
	case "contact", "orgcontact", "organizationalcontact", "kontakt":
		return "#microsoft.graph.orgContact"
	}
	return ""
}

// memberKind tells what a member is, as far as its own row says so.
func (r record) memberKind(m *memberRow) (kind, graphType string) {
	word := r.text("objectType")
	graphType = memberType(word)
	isUser, isGroup, isGuest := r.flag("isUser"), r.flag("isGroup"), r.flag("isGuest")
	switch {
	case isGroup:
		graphType = graphGroup
	case isUser || isGuest:
		graphType = graphUser
	case graphType == "" && m.upn != "":
		graphType = graphUser // only users have a user principal name
	case graphType == "" && r.has("isGroup") && r.has("isUser"):
		graphType = "#microsoft.graph.directoryObject" // said to be neither
	case graphType == "" && word != "":
		r.note("objectType", "%q is no type of member that is known here; the member is looked up among groups and users", clip(word, 60))
	}
	if isGuest && m.userType == "" {
		m.userType = "Guest"
	}
	switch graphType {
	case graphUser:
		return "user", graphType
	case graphGroup:
		return "group", graphType
	case "":
		return "", ""
	}
	return "other", graphType
}

func (r record) flag(field string) bool {
	b := r.truth(field)
	return b.Known && b.Value
}
