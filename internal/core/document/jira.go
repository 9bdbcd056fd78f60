package document

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// JiraGroup is a group as one Jira site sees it. Error is set where the site answered with an error.
type JiraGroup struct {
	Name    string
	Values  Opt[[]JiraUser]
	Error   string // first message of an error answer
	MaxSize int    // "total" of the answer where given
	Cut     bool   // pages are missing: whoever is not among Values may still be a member

	// Asked are the accounts that were asked about, where the group was not listed: of them it is told whether they are
	// members, of others nothing, and MaxSize says how many members there are. The recorder notes it; no service does.
	Asked Opt[[]string]
}

// UnmarshalJSONFrom reads the answer of /group/member: {"values":[…]}, the bare list, or an error answer
// ({"errorMessages":[…],"errors":{…}}).
func (g *JiraGroup) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == jsontext.KindBeginArray {
		return json.UnmarshalDecode(d, &g.Values)
	}
	var wire struct {
		Values   Opt[[]JiraUser] `json:"values"`
		Total    Opt[int]        `json:"total"`
		IsLast   Opt[bool]       `json:"isLast"`
		Messages jsontext.Value  `json:"errorMessages"`
		Errors   jsontext.Value  `json:"errors"`
		Message  jsontext.Value  `json:"message"`
		Asked    Opt[[]string]   `json:"asked"`
	}
	if err := json.UnmarshalDecode(d, &wire); err != nil {
		return err
	}
	g.Values, g.MaxSize = wire.Values, wire.Total.Value
	g.Asked = wire.Asked
	g.Cut = !g.Asked.Known && (g.MaxSize > len(g.Values.Value) || g.MaxSize == 0 && Is(wire.IsLast, false))
	if !g.Values.Known {
		g.Error = first(refusal(wire.Messages), text(wire.Message), firstOf(wire.Errors), "an answer without members")
	}
	return nil
}

// firstOf is the first message of {"errors":{"groupname":"…"}}.
func firstOf(raw jsontext.Value) string {
	var errors map[string]jsontext.Value
	if raw.Kind() != jsontext.KindBeginObject || json.Unmarshal(raw, &errors) != nil {
		return refusal(raw)
	}
	least := ""
	for name := range errors {
		if least == "" || name < least {
			least = name
		}
	}
	return text(errors[least])
}

// JiraUser is a member of a Jira group.
type JiraUser struct {
	AccountID    string    `json:"accountId"`
	DisplayName  string    `json:"displayName"`
	EmailAddress string    `json:"emailAddress"`
	Active       Opt[bool] `json:"active"`
}

// ApplicationRole is a product on a Jira site: its groups, default groups and seats.
type ApplicationRole struct {
	Key               string         `json:"key"`
	Name              string         `json:"name"`
	Groups            []string       `json:"groups"`
	GroupDetails      []GroupName    `json:"groupDetails"`
	DefaultGroups     []string       `json:"defaultGroups"`
	DefaultGroupsInfo []GroupName    `json:"defaultGroupsDetails"`
	NumberOfSeats     Opt[int]       `json:"numberOfSeats"`
	RemainingSeats    Opt[int]       `json:"remainingSeats"`
	UserCount         Opt[int]       `json:"userCount"`
	HasUnlimitedSeats bool           `json:"hasUnlimitedSeats"`
	Other             jsontext.Value `json:",embed"`
}

// GroupName names a Jira group.
type GroupName struct {
	Name    string `json:"name"`
	GroupID string `json:"groupId"`
}
