// Package scenario reads worlds that a person can read: "the healthy tenant, except that …". A world is a text file
// below testdata: what is different, in sentences, and what the program must answer. The package turns it into
// the documents of a bundle; its test asks the program and compares. It exists for tests and decides nothing.
//
// A scenario file:
//
//	The healthy tenant, except that Lena left jira-developers; she is in platform-team, a group inside it.
//	Around it: anything that is there to distract.
//	base: entra-scim
//	== except
//	lena.vogel leaves jira-developers in entra, guard, org, jira
//	== why lena.vogel@fabrikam.example
//	verdict: missing
//	cause: nested-group
//	fail: assignment
//	== check
//	counts: 13 expected, 12 present, 1 missing
//	missing membership lena.vogel@fabrikam.example in jira-developers: nested-group
//
// A line "limit: UsersPerGroup 4" after "base:" lowers a vendor's limit, so that a small world can reach it.
//
// "== why" may stand there several times, also as "== why GROUP" and "== why PERSON in GROUP". Its lines are verdict,
// cause, also and fail (the hops that fail, in order), or "ambiguous" with the names that could be meant; a line that
// is left out means: none. "== check" may go on
// with "expecting" and addresses, as given to --expect; "== check" lists every finding.
//
// "== plan" holds what would change: the steps, the verdicts that no step tells, the limits that count something, and
// the gaps. Behind it may stand the method, if it is not the world's, and the words "in full" (every step with its reason
// in words, every value of somebody new) and "with everybody" (also verdicts of those who are as they should be), as in
// "== plan rollcall, in full, with everybody". "== switch METHOD to METHOD" holds who gains and who loses. "== rules"
// holds what stands below a connection of rollcall.yaml, for the sections after it. A scenario:
//
//	The healthy tenant that rollcall manages, except that Dan left the service desk, and his name was edited at Atlassian.
//	base: managed
//	== except
//	dan.fisher leaves service-desk-agents in entra
//	in atlassian/scim-users.json, dan.fisher: displayName = "Daniel"
//	== rules
//	limits: {remove_members: 0}
//	== plan
//	update user dan.fisher: displayName "Daniel" -> "Dan Fisher"
//	remove from service-desk-agents: dan.fisher (not-in-group), held over-limit
//	guard remove_members run: 1 of at most 0, held
//	guard remove_members day: 1 of at most 0, held
//
// Adoptions that wait for nobody are counted where there are more than three. The base kubernetes is the nested teams of
// a real organization that rollcall manages, where people and groups are named by what they are called there; it stands
// in the folder of shared data.
//
// People are named by a handle with a dot in it (lena.vogel), groups by their name at first (jira-developers); both
// stay what they are even if a sentence renames somebody. Every document uses the handle in its own ids:
//
//	u-lena.vogel  Entra     s-lena.vogel  record (SCIM)     a-lena.vogel  account
//	g-…  Entra group        sg-…  SCIM group                og-…  group of the organization
//
// In the saved bundle Entra's ids are GUIDs, as real ones are; a question may still use the readable id.
//
// Sides are entra, guard (records and groups of the SCIM directory), org, jira (every site that lists the group),
// jira/HOST (one site); atlassian means guard, org, jira; everywhere means all. WHEN is "30 minutes ago",
// "2 hours ago", "3 days ago" or an RFC 3339 time; inside JSON a text such as "30 minutes ago" becomes the time.
//
// The sentences:
//
//	NAME joins GROUP in SIDES                      NAME is a person, or a group that goes inside (entra only)
//	NAME leaves GROUP in SIDES
//	NAME is not in SIDES                           the person or group and all that hangs on it goes from there
//	NAME, NAME are not in SIDES
//	NAME is assigned [WHEN]                        to the application
//	NAME is not assigned
//	NAME is created WHEN                           in Entra
//	person HANDLE "First Last" is like HANDLE      a copy of the person in every document, logs left out
//	group NAME is like NAME
//	in FILE, KEY: PATH = JSON                      KEY is a handle, a name, an address or an id; exactly one record
//	in FILE, KEY: no PATH
//	in FILE: PATH = JSON                           documents that are one object, or objects by key
//	in FILE: no KEY                                takes the record (or the field) away
//	in FILE: add JSON
//	in FILE: add like KEY JSON                     a copy with these fields replaced
//	in FILE: empty                                 a list without records
//	no file FILE
//	new file FILE: JSON
//	file FILE is now FILE
//	log WHEN: ACTION NAME succeeded                an entry of Entra's provisioning log (create, update, disable, …)
//	log WHEN: ACTION NAME failed CODE ["TEXT"]
//	log WHEN: ACTION NAME refused, MAIL exists     the 409 of Atlassian; for a group: "refused, name exists"
//	log WHEN: ACTION NAME skipped CODE ["TEXT"] [JSON details]
//	audit WHEN: NAME added to GROUP                an entry of Entra's audit log; also: removed from
//	audit WHEN: NAME assigned
//	audit WHEN: NAME PROPERTY from JSON to JSON    "Update user", "Update group"
//	audit WHEN: PERSON deleted                     also: restored, deleted for good
//	audit WHEN: PIM "ACTIVITY" PERSON in GROUP
//	audit WHEN: SyncAll from "true" to "false"
//	audit WHEN: activity "ACTIVITY"                any other, about the application
//	cycle WHEN                                     the last cycle began then and succeeded
//	troubleshooting log: TEXT
//	rollcall manages everything                    links every record and group to the one in Entra whose id, or name, it has
//	rollcall manages NAME [with ID]                ID of the record or group, where it is not the usual one
//	rollcall does not manage NAME                  or the id of a record
//	rollcall deactivated N users WHEN              by an earlier run; also: removed N members, deleted N groups
//
// A PATH is keys with dots, "quoted" where a key has dots itself, [n] or [name] into a list; "last" is a KEY for the
// record added last. A sentence that changes nothing is an error. Lines that begin with a blank continue the line above;
// # begins a comment.
package scenario
