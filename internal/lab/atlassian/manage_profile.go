package atlassian

import "net/http"

func profileView(a *account) object {
	nickname := a.nickname
	if nickname == "" {
		nickname = limited(a.name, 30)
	}
	extended := object{}
	for k, v := range map[string]string{
		"job_title": a.profile.JobTitle, "organization": a.profile.Organization, "department": a.profile.Department, "location": a.profile.Location,
	} {
		if v != "" {
			extended[k] = v
		}
	}
	o := object{
		"account_id": a.id, "account_type": "atlassian", "account_status": a.status, "name": a.name, "nickname": nickname,
		"email": a.email, "picture": pictureOf(a), "extended_profile": extended,
	}
	if a.profile.TimeZone != "" {
		o["zoneinfo"] = a.profile.TimeZone
	}
	if a.profile.Locale != "" {
		o["locale"] = a.profile.Locale
	}
	return o
}

// setProfile changes the fields that are sent. Where a directory holds the account none may be changed by hand.
func (c *call) setProfile(a *account) answer {
	body, err := c.read()
	if err != nil {
		return keyError(http.StatusBadRequest, "bodyParseFailure", nil)
	}
	changes := map[*string]string{}
	refused := object{}
	take := func(in object, prefix string, fields map[string]*string) {
		for k, target := range fields {
			if v, told := in[k]; told {
				changes[target] = str(v)
				refused[prefix+k] = permission(a, "profile.write")
			}
		}
	}
	take(body, "", map[string]*string{"name": &a.name, "nickname": &a.nickname, "zoneinfo": &a.profile.TimeZone, "locale": &a.profile.Locale})
	extended, _ := body["extended_profile"].(object)
	take(extended, "extended_profile.", map[string]*string{
		"job_title": &a.profile.JobTitle, "organization": &a.profile.Organization,
		"department": &a.profile.Department, "location": &a.profile.Location,
	})
	if len(changes) > 0 && reason(a, "profile.write") != "" {
		return keyError(http.StatusForbidden, "forbidden.fieldMutation", refused)
	}
	for _, tooLong := range []struct {
		field string
		at    *string
		most  int
	}{{"name", &a.name, 100}, {"nickname", &a.nickname, 30}} {
		if v, told := changes[tooLong.at]; told && (v == "" || len([]rune(v)) > tooLong.most) {
			return violated(tooLong.field, "length", "empty or too long")
		}
	}
	for at, v := range changes {
		*at = v
	}
	c.w.touch()
	return ok(object{"account": profileView(a)})
}
