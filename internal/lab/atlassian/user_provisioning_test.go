package atlassian

import (
	"slices"
	"testing"
)

const links = "https://api.atlassian.com/admin/user-provisioning/v1/org/" + DefaultOrg

func TestLinksTellWhichRecordsPointToAnAccount(t *testing.T) {
	w := open(t, &Lab{})
	id := w.user("ann@acme.example")
	account := w.AccountID("ann@acme.example")
	for _, r := range []reply{
		w.admin("GET", links+"/user/"+account+"/get-scim-links", nil),
		w.admin("POST", links+"/get-scim-links-for-email", object{"email": "ANN@acme.example"}),
	} {
		link := at(r.want(t, 200).object, "scimLinks", 0)
		if at(link, "scimUserId") != id || at(link, "atlassianAccountId") != account || at(link, "directoryId") != DefaultDirectory || at(link, "orgId") != DefaultOrg {
			t.Errorf("the link is %s", r.text)
		}
	}
	w.admin("GET", links+"/user/none/get-scim-links", nil).want(t, 404)
	w.admin("POST", links+"/get-scim-links-for-email", object{}).want(t, 400)
	if r := w.admin("POST", links+"/get-scim-links-for-email", object{"email": "none@acme.example"}).want(t, 200); len(r.object["scimLinks"].([]any)) != 0 {
		t.Errorf("nobody's address has links: %s", r.text)
	}
}

func TestUnlinkKeepsBothSides(t *testing.T) {
	w := open(t, &Lab{})
	id := w.user("ann@acme.example")
	w.team("crew", id)
	unlink := links + "/scimDirectoryId/" + DefaultDirectory + "/scimUserId/" + id + "/unlink"
	w.admin("PATCH", unlink, nil).want(t, 204)
	r := w.admin("POST", links+"/get-scim-links-for-email", object{"email": "ann@acme.example"}).want(t, 200)
	if link, _ := at(r.object, "scimLinks", 0).(object); link == nil || link["atlassianAccountId"] != nil {
		t.Errorf("the unlinked record is %s", r.text)
	}
	if got := w.inJira("crew"); !slices.Equal(got, []string{"ann"}) {
		t.Errorf("the account left its group: %v", got)
	}
	must(t, w.DeactivateByHand("ann@acme.example"))
	w.admin("PATCH", links+"/scimDirectoryId/none/scimUserId/"+id+"/unlink", nil).want(t, 404)
}

func TestDeletingTheRecordsOfAnAccountLeavesItActiveAndOutOfItsGroups(t *testing.T) {
	w := open(t, &Lab{})
	id, pia := w.user("ann@acme.example"), w.user("pia@partner.example")
	crew := w.team("crew", id, pia)
	account := w.AccountID("ann@acme.example")
	w.admin("DELETE", links+"/user/"+w.AccountID("pia@partner.example")+"/onlyDeleteUserInDB", nil).want(t, 403) // not managed
	w.admin("DELETE", links+"/user/"+account+"/onlyDeleteUserInDB", nil).want(t, 204)
	w.scim("GET", "/Users/"+id, nil).want(t, 404)
	if got := who(w.scim("GET", "/Groups/"+crew, nil)); !slices.Equal(got, []string{pia}) {
		t.Errorf("the group in the directory has %v", got)
	}
	if got := w.inJira("crew"); !slices.Equal(got, []string{"pia"}) {
		t.Errorf("the group on the site has %v", got)
	}
	if got := w.accountOf("ann@acme.example"); got["accountStatus"] != "active" {
		t.Errorf("the account is %v", got)
	}
	r := w.scim("POST", "/Users", person("ann@acme.example")).want(t, 201)
	if at(r.object, atlassianURN, "atlassianAccountId") != account {
		t.Errorf("the new record has another account: %s", r.text)
	}
	w.admin("DELETE", links+"/user/none/onlyDeleteUserInDB", nil).want(t, 404)
}
