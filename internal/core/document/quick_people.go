package document

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

func (u *User) quick(q *quick, row jsontext.Value) bool {
	return eachField(row, func(name []byte, v jsontext.Value) bool {
		switch string(name) {
		case "id":
			return q.str(v, &u.ID)
		case "userPrincipalName":
			return q.str(v, &u.UserPrincipalName)
		case "mail":
			return q.optStr(v, &u.Mail)
		case "displayName":
			return q.str(v, &u.DisplayName)
		case "givenName":
			return q.str(v, &u.GivenName)
		case "surname":
			return q.str(v, &u.Surname)
		case "mailNickname":
			return q.str(v, &u.MailNickname)
		case "jobTitle":
			return q.str(v, &u.JobTitle)
		case "department":
			return q.str(v, &u.Department)
		case "userType":
			return q.word(v, &u.UserType, "Member", "Guest")
		case "externalUserState":
			return q.word(v, &u.ExternalUserState, "Accepted", "PendingAcceptance")
		case "accountEnabled":
			return q.optBool(v, &u.AccountEnabled)
		case "proxyAddresses":
			return q.strs(v, &u.ProxyAddresses)
		case "otherMails":
			return q.strs(v, &u.OtherMails)
		case "createdDateTime":
			return q.time(v, &u.CreatedDateTime)
		case "deletedDateTime":
			return q.time(v, &u.DeletedDateTime)
		case "onPremisesSyncEnabled":
			return q.optBool(v, &u.OnPremisesSyncEnabled)
		case "onPremisesLastSyncDateTime":
			return q.time(v, &u.OnPremisesLastSyncDateTime)
		case "onPremisesProvisioningErrors":
			if v[0] == 'n' {
				return u.OnPremisesProvisioningErrors == nil
			}
			u.OnPremisesProvisioningErrors = []ProvisioningError{}
			return eachItem(v, func(jsontext.Value) bool { return false }) // rare: left to the library
		}
		u.Other = withField(u.Other, name, v)
		return true
	})
}

// withField adds a property to the text of an object.
func withField(object jsontext.Value, name []byte, v jsontext.Value) jsontext.Value {
	if len(object) == 0 {
		object = append(slices.Grow(object, 256), '{')
	} else {
		object[len(object)-1] = ','
	}
	object = append(append(append(object, '"'), name...), '"', ':')
	return append(append(object, v...), '}')
}

func (n *ScimName) rare() *ScimNameParts {
	if n.Rare == nil {
		n.Rare = new(ScimNameParts)
	}
	return n.Rare
}

func (u *ScimUser) quick(q *quick, row jsontext.Value) bool {
	q.rest = q.rest[:0]
	if !eachField(row, func(name []byte, v jsontext.Value) bool { return u.quickField(q, name, v) }) {
		return false
	}
	u.Other = q.keepText(q.rest)
	return true
}

func (u *ScimUser) quickField(q *quick, name []byte, v jsontext.Value) bool {
	switch string(name) {
	case "schemas": // known and not kept
	case "id":
		return q.str(v, &u.ID)
	case "externalId":
		return q.str(v, &u.ExternalID)
	case "userName":
		return q.str(v, &u.UserName)
	case "displayName":
		return q.str(v, &u.DisplayName)
	case "title":
		return q.str(v, &u.Title)
	case "name":
		return v[0] == 'n' && u.Name == (ScimName{}) || eachField(v, func(name []byte, v jsontext.Value) bool {
			switch string(name) {
			case "formatted":
				return q.str(v, &u.Name.Formatted)
			case "givenName":
				return q.str(v, &u.Name.GivenName)
			case "familyName":
				return q.str(v, &u.Name.FamilyName)
			case "middleName":
				return q.str(v, &u.Name.rare().MiddleName)
			case "honorificPrefix":
				return q.str(v, &u.Name.rare().HonorificPrefix)
			case "honorificSuffix":
				return q.str(v, &u.Name.rare().HonorificSuffix)
			}
			return true
		})
	case "emails":
		return v[0] == 'n' && u.Emails == nil || quickList(v, &u.Emails, func(e *ScimEmail, name []byte, v jsontext.Value) bool {
			switch string(name) {
			case "value":
				return q.str(v, &e.Value)
			case "type":
				return q.word(v, &e.Type, "work", "home", "other")
			case "primary":
				return q.optBool(v, &e.Primary)
			}
			return true
		})
	case "active":
		return q.optBool(v, &u.Active)
	case "groups":
		return v[0] == 'n' && u.Groups == nil || quickList(v, &u.Groups, func(g *ScimRef, name []byte, v jsontext.Value) bool {
			switch string(name) {
			case "value":
				return q.str(v, &g.Value)
			case "display":
				return q.str(v, &g.Display)
			case "type":
				return q.word(v, &g.Type, "Group", "direct")
			}
			return true
		})
	case "meta":
		return v[0] == 'n' && u.Meta == (ScimMeta{}) || eachField(v, func(name []byte, v jsontext.Value) bool {
			switch string(name) {
			case "created":
				return q.time(v, &u.Meta.Created)
			case "lastModified":
				return q.time(v, &u.Meta.LastModified)
			}
			return true
		})
	case "urn:scim:schemas:extension:atlassian-external:1.0":
		if u.Atlassian.Known {
			return false
		}
		u.Atlassian.Known, u.Atlassian.Null = true, v[0] == 'n'
		return v[0] == 'n' || eachField(v, func(name []byte, v jsontext.Value) bool {
			return string(name) != "atlassianAccountId" || q.optStr(v, &u.Atlassian.Value.AtlassianAccountID)
		})
	default:
		q.rest = withField(q.rest, name, v)
	}
	return true
}

// quickList reads an array of objects.
func quickList[T any](v jsontext.Value, to *[]T, field func(one *T, name []byte, v jsontext.Value) bool) bool {
	*to = []T{}
	return eachItem(v, func(item jsontext.Value) bool {
		*to = append(*to, *new(T))
		one := &(*to)[len(*to)-1]
		return item[0] == 'n' || eachField(item, func(name []byte, v jsontext.Value) bool { return field(one, name, v) })
	})
}

func (u *OrgUser) quick(q *quick, row jsontext.Value) bool {
	return eachField(row, func(name []byte, v jsontext.Value) bool {
		switch string(name) {
		case "accountId":
			return q.str(v, &u.AccountID)
		case "accountType":
			return q.word(v, &u.AccountType, "atlassian", "app", "customer")
		case "status":
			return q.word(v, &u.Status, "active", "suspended", "not_invited", "deactivated", "for_deletion")
		case "accountStatus":
			return q.word(v, &u.AccountStatus, "active", "inactive", "closed")
		case "membershipStatus":
			return q.word(v, &u.MembershipStatus, "active", "suspended", "no_membership")
		case "name":
			return q.str(v, &u.Name)
		case "nickname":
			return q.str(v, &u.Nickname)
		case "email":
			return q.str(v, &u.Email)
		case "emailVerified":
			return q.optBool(v, &u.EmailVerified)
		case "claimStatus":
			return q.word(v, &u.ClaimStatus, "managed", "unmanaged")
		case "managementSource":
			if u.ManagementSource.Known {
				return false
			}
			u.ManagementSource.Known, u.ManagementSource.Null = true, v[0] == 'n'
			return q.word(v, &u.ManagementSource.Value, "synced", "invited")
		case "addedToOrg":
			return q.time(v, &u.AddedToOrg)
		case "deactivatedOn":
			return q.time(v, &u.DeactivatedOn)
		case "forDeletion":
			return q.optBool(v, &u.ForDeletion)
		case "productAccess":
			if u.ProductAccess.Known {
				return false
			}
			u.ProductAccess.Known, u.ProductAccess.Null = true, v[0] == 'n'
			return v[0] == 'n' || quickList(v, &u.ProductAccess.Value, func(p *ProductGrant, name []byte, v jsontext.Value) bool {
				switch string(name) {
				case "key":
					return q.word(v, &p.Key, "jira-software", "jira-servicedesk", "confluence")
				case "name":
					return q.word(v, &p.Name, "Jira", "Jira Service Management", "Confluence")
				case "url":
					return q.str(v, &p.URL)
				case "id":
					return q.str(v, &p.ID)
				case "resourceId":
					return q.str(v, &p.ResourceID)
				}
				return true
			})
		case "groups":
			if u.Groups.Known {
				return false
			}
			u.Groups.Known, u.Groups.Null = true, v[0] == 'n'
			return v[0] == 'n' || quickList(v, &u.Groups.Value, func(g *OrgGroupRef, name []byte, v jsontext.Value) bool {
				switch string(name) {
				case "id":
					return q.str(v, &g.ID)
				case "name":
					return q.str(v, &g.Name)
				}
				return true
			})
		}
		return true
	})
}

func (l *ScimLink) quick(q *quick, row jsontext.Value) bool {
	return eachField(row, func(name []byte, v jsontext.Value) bool {
		switch string(name) {
		case "scimUserId":
			return q.str(v, &l.ScimUserID)
		case "atlassianAccountId":
			return q.optStr(v, &l.AtlassianAccountID)
		case "orgId":
			defer func() { q.org = l.OrgID }()
			return q.word(v, &l.OrgID, q.org)
		case "directoryId":
			defer func() { q.directory = l.DirectoryID }()
			return q.word(v, &l.DirectoryID, q.directory)
		case "email":
			return q.str(v, &l.Email)
		}
		return true
	})
}
