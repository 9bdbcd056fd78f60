package main

// The company. Most people are healthy; the ones who are not carry a note that says what was done to them.

const (
	domain     = "fabrikam.example"
	labsDomain = "fabrikam-labs.example" // used by one team, never verified at Atlassian
	mainSite   = "fabrikam.atlassian.example"
	deskSite   = "fabrikam-support.atlassian.example"
	captured   = "2026-11-20T12:00:00Z"
	cycleBegan = "2026-11-20T11:22:10Z"
	cycleEnded = "2026-11-20T11:24:02Z"
)

type person struct {
	given, family string
	display       string // given and family where empty
	title, dept   string
	since         string // date on which Entra knows them
	upn           string // given.family@domain where empty
	kind          string // employeeType; Employee where empty
	groups        []string
	trouble       string
}

// What was done to some people.
const (
	nestedOnly   = "member of an assigned group only through a group inside it"
	duplicate    = "an older account, invited by hand, holds the address"
	tooRecent    = "added after the last cycle"
	filtered     = "kept out by the scoping filter"
	wrongPolicy  = "in the default authentication policy"
	unverified   = "moved to an address of a domain that is not verified"
	disabled     = "disabled in Entra, deactivated at Atlassian: as it should be"
	stillActive  = "disabled in Entra, still active at Atlassian"
	notInDefault = "member of a group that Atlassian does not let a directory fill"
)

var people = []person{
	{given: "Mara", family: "Lindqvist", title: "Head of Engineering", dept: "Engineering", since: "2019-03-04", groups: []string{"jira-developers", "leadership"}},
	{given: "Daniel", family: "Okoye", title: "Staff Engineer", dept: "Engineering", since: "2019-06-17", groups: []string{"jira-developers"}},
	{given: "Sofia", family: "Ricci", title: "Engineer", dept: "Engineering", since: "2021-02-01", groups: []string{"jira-developers"}},
	{given: "Henrik", family: "Aas", title: "Platform Engineer", dept: "Engineering", since: "2020-09-14", groups: []string{"jira-developers", "platform-team"}},
	{given: "Priya", family: "Raman", title: "Platform Engineer", dept: "Engineering", since: "2022-01-10", groups: []string{"jira-developers", "platform-team"}},
	{given: "Yuki", family: "Tanaka", display: "田中 優希", title: "Engineer", dept: "Engineering", since: "2023-04-03", groups: []string{"jira-developers"}},
	{given: "Tom", family: "Baker", title: "Engineer", dept: "Engineering", since: "2026-10-05", groups: []string{"jira-developers"}, trouble: duplicate},
	{given: "Elif", family: "Demir", title: "Engineer", dept: "Engineering", since: "2022-08-15", groups: []string{"jira-developers"}},
	{given: "Marcus", family: "Boone", title: "Test Engineer", dept: "Engineering", since: "2021-11-22", groups: []string{"jira-developers"}},
	{given: "Chloé", family: "Martin", title: "Designer", dept: "Engineering", since: "2023-09-11", upn: "chloe.martin@" + domain, groups: []string{"jira-developers"}},
	{given: "Viktor", family: "Hale", title: "Engineer", dept: "Engineering", since: "2024-05-13", groups: []string{"jira-developers"}},
	{given: "Nadia", family: "Petrova", title: "Engineering Manager", dept: "Engineering", since: "2020-02-03", groups: []string{"jira-developers"}},
	{given: "Lena", family: "Vogel", title: "Platform Engineer", dept: "Engineering", since: "2024-03-01", groups: []string{"platform-team"}, trouble: nestedOnly},
	{given: "Nils", family: "Brandt", title: "Platform Engineer", dept: "Engineering", since: "2026-09-01", groups: []string{"platform-team"}, trouble: nestedOnly},

	{given: "Rosa", family: "Delgado", title: "Support Lead", dept: "Support", since: "2019-10-07", groups: []string{"service-desk-agents"}},
	{given: "Ahmed", family: "Farouk", title: "Support Agent", dept: "Support", since: "2022-03-21", groups: []string{"service-desk-agents"}},
	{given: "Mei", family: "Lin", title: "Support Agent", dept: "Support", since: "2023-01-16", groups: []string{"service-desk-agents"}},
	{given: "Oskar", family: "Blom", title: "Support Agent", dept: "Support", since: "2021-06-14", groups: []string{"service-desk-agents"}},
	{given: "Ines", family: "Costa", title: "Support Agent", dept: "Support", since: "2026-11-20", groups: []string{"service-desk-agents"}, trouble: tooRecent},
	{given: "Liam", family: "Doyle", title: "Support Agent", dept: "Support", since: "2024-02-12", groups: []string{"service-desk-agents"}},
	{given: "Hana", family: "Kim", title: "Support Agent", dept: "Support", since: "2022-11-28", groups: []string{"service-desk-agents"}},
	{given: "Grace", family: "Okafor", title: "Research Support", dept: "Support", since: "2023-07-03", upn: "grace.okafor@" + labsDomain, groups: []string{"service-desk-agents"}, trouble: unverified},

	{given: "Clara", family: "Jensen", title: "Head of Marketing", dept: "Marketing", since: "2020-05-11", groups: []string{"marketing", "leadership"}},
	{given: "Pedro", family: "Alves", title: "Campaign Manager", dept: "Marketing", since: "2022-06-07", groups: []string{"marketing"}},
	{given: "Ivy", family: "Chen", title: "Writer", dept: "Marketing", since: "2023-03-20", groups: []string{"marketing"}},
	{given: "Samir", family: "Nasser", title: "Analyst", dept: "Marketing", since: "2021-09-06", groups: []string{"marketing"}},
	{given: "Julia", family: "Novak", title: "Event Manager", dept: "Marketing", since: "2024-08-19", groups: []string{"marketing"}},
	{given: "Noah", family: "Fischer", title: "Intern", dept: "Marketing", since: "2026-09-15", kind: "Intern", groups: []string{"marketing"}, trouble: filtered},

	{given: "Walter", family: "Stein", title: "Head of Finance", dept: "Finance", since: "2019-01-07", groups: []string{"finance", "leadership"}},
	{given: "Amira", family: "Haddad", title: "Accountant", dept: "Finance", since: "2026-10-26", groups: []string{"finance"}, trouble: wrongPolicy},
	{given: "Lucia", family: "Romano", title: "Accountant", dept: "Finance", since: "2021-04-12", groups: []string{"finance"}},
	{given: "Ben", family: "Carter", title: "Controller", dept: "Finance", since: "2022-10-03", groups: []string{"finance"}},

	{given: "Kofi", family: "Mensah", title: "Head of People", dept: "People", since: "2020-08-24", groups: []string{"people-team", "leadership"}},
	{given: "Emma", family: "Wirth", title: "Recruiter", dept: "People", since: "2023-02-06", groups: []string{"people-team"}},
	{given: "Dina", family: "Rahal", title: "Recruiter", dept: "People", since: "2024-04-22", groups: []string{"people-team"}},

	{given: "Anna", family: "Fabri", title: "Chief Executive", dept: "Leadership", since: "2019-01-02", groups: []string{"leadership"}},
	{given: "Robert", family: "Quist", title: "Chief of Staff", dept: "Leadership", since: "2021-01-18", groups: []string{"leadership", "confluence-users"}, trouble: notInDefault},
	{given: "Selin", family: "Kaya", title: "Assistant", dept: "Leadership", since: "2022-05-02", groups: []string{"leadership", "confluence-users"}, trouble: notInDefault},

	{given: "Olga", family: "Sanz", title: "IT Administrator", dept: "IT", since: "2019-02-18", groups: []string{"service-desk-agents", "jira-developers"}},
	{given: "Karl", family: "Meier", title: "IT Administrator", dept: "IT", since: "2020-11-09", groups: []string{"service-desk-agents"}, trouble: stillActive},
	{given: "Piotr", family: "Nowak", title: "IT Technician", dept: "IT", since: "2021-08-02", groups: []string{"service-desk-agents"}, trouble: disabled},
}

type group struct {
	name, about string
	inside      []string // groups inside it
	assigned    bool
	since       string
	byHand      []string // whom an administrator of Atlassian put into a group of that name
}

var groups = []group{
	{name: "jira-developers", about: "Everybody who works on the product", inside: []string{"platform-team"}, assigned: true, since: "2019-03-04"},
	{name: "platform-team", about: "Build, deployment and databases", since: "2025-02-10"},
	{name: "service-desk-agents", about: "Agents of the service desk", assigned: true, since: "2019-10-07"},
	{name: "marketing", about: "Marketing", assigned: true, since: "2020-05-11"},
	{name: "finance", about: "Finance", assigned: true, since: "2019-01-07"},
	{name: "people-team", about: "Hiring and people", assigned: true, since: "2020-08-24"},
	{name: "leadership", about: "Heads of departments", assigned: true, since: "2019-01-07"},
	{name: "confluence-users", about: "Readers of the wiki", assigned: true, since: "2026-08-31", byHand: []string{"anna.fabri", "mara.lindqvist"}},
}
