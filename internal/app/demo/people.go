package demo

import "time"

// trouble is what was done to a person. Who is in an assigned group only through a group inside it has none of these:
// that follows from the groups.
type trouble string

const (
	well        trouble = ""
	intern      trouble = "an intern, whom the scoping filter keeps out"
	duplicate   trouble = "an older account, invited by hand, holds the address"
	staleRecord trouble = "came back after a year; the record of the former life holds the name"
	otherName   trouble = "signs in with one address and gets mail at another, and has an account at Atlassian for each"
	guest       trouble = "a guest whose sign-in name is no address"
	tooRecent   trouble = "added after the last cycle"
	stillActive trouble = "left, and is still active at Atlassian"
	left        trouble = "left, and deactivated at Atlassian: as it should be"
	unverified  trouble = "has an address of a domain that nobody verified"
	deactivated trouble = "deactivated by hand at Atlassian"
	wrongPolicy trouble = "in the default authentication policy"
	noSeat      trouble = "came when the last seat was taken"
)

type person struct {
	given, family, display string
	nick                   string // what stands before the @
	upn, mail              string
	title, department      string
	kind                   string // employeeType
	days                   int    // since when Entra knows them, in days before the moment
	groups                 []string
	trouble                trouble
}

// department is how many people without a story there are, and where they are.
type department struct {
	name, title string
	many        int
	groups      []string
}

var departments = []department{
	{"Engineering", "Firmware Engineer", 34, []string{"engineering"}},
	{"Engineering", "Software Engineer", 30, []string{"engineering"}},
	{"Engineering", "Platform Engineer", 7, []string{"platform-team"}},
	{"Engineering", "Platform Engineer", 3, []string{"platform-team", "engineering"}},
	{"Engineering", "Reliability Engineer", 4, []string{"on-call"}},
	{"Engineering", "Data Engineer", 4, []string{"data-team"}},
	{"Product", "Product Manager", 17, []string{"product"}},
	{"Product", "Designer", 4, []string{"product", "design-guild"}},
	{"Quality", "Test Engineer", 15, []string{"quality-lab"}},
	{"Support", "Support Agent", 31, []string{"service-desk"}},
	{"Marketing", "Campaign Manager", 21, []string{"marketing"}},
	{"Sales", "Account Manager", 37, []string{"sales"}},
	{"Sales", "Partner Manager", 3, []string{"partner-managers"}},
	{"Operations", "Assembly Lead", 26, []string{"operations"}},
	{"Finance", "Accountant", 13, []string{"finance"}},
	{"People", "Recruiter", 12, []string{"people-team"}},
	{"Legal", "Counsel", 3, []string{"legal"}},
	{"IT", "IT Administrator", 8, []string{"service-desk", "engineering"}},
	{"Leadership", "Director", 5, []string{"leadership"}},
	{"Contractors", "Contractor", 6, []string{"contractors"}},
}

// stories are the people about whom there is more to say.
var stories = []person{
	{given: "Ingrid", family: "Solberg", title: "Reliability Engineer", department: "Engineering", days: 74, groups: []string{"on-call"}},
	{given: "Haruka", family: "Mori", title: "Firmware Engineer", department: "Engineering", days: 900, groups: []string{"engineering"}},
	{given: "Minseo", family: "Park", title: "Data Engineer", department: "Engineering", days: 410, groups: []string{"data-team"}},
	{given: "Oksana", family: "Kovalenko", title: "Test Engineer", department: "Quality", days: 1300, groups: []string{"quality-lab"}},
	{given: "Nikos", family: "Pappas", title: "Account Manager", department: "Sales", days: 640, groups: []string{"sales"}},

	{given: "Leo", family: "Barlow", title: "Intern", department: "Marketing", days: 60, kind: "Intern", groups: []string{"marketing"}, trouble: intern},
	{given: "Tessa", family: "Winkler", title: "Intern", department: "Product", days: 45, kind: "Intern", groups: []string{"product"}, trouble: intern},
	{given: "Daniel", family: "Whitaker", title: "Software Engineer", department: "Engineering", days: 30, groups: []string{"engineering"}, trouble: duplicate},
	{given: "Rosa", family: "Ibarra", title: "Product Manager", department: "Product", days: 26, groups: []string{"product"}, trouble: duplicate},
	{given: "Hugh", family: "Ashdown", title: "Account Manager", department: "Sales", days: 21, groups: []string{"sales"}, trouble: duplicate},
	{given: "Petra", family: "Novotná", title: "Accountant", department: "Finance", days: 18, groups: []string{"finance"}, trouble: staleRecord},
	{given: "Maya", family: "Brandt", title: "Campaign Manager", department: "Marketing", days: 1100, groups: []string{"marketing"}, trouble: otherName},
	{given: "Jules", family: "Picard", title: "Contractor", department: "Contractors", days: 120, kind: "Contractor", groups: []string{"contractors"}, trouble: guest},
	{given: "Nadia", family: "Sorel", title: "Contractor", department: "Contractors", days: 118, kind: "Contractor", groups: []string{"contractors"}, trouble: guest},
	{given: "Emeka", family: "Obi", title: "Support Agent", department: "Support", groups: []string{"operations"}, trouble: tooRecent},
	{given: "Clara", family: "Voss", title: "Recruiter", department: "People", groups: []string{"people-team"}, trouble: tooRecent},
	{given: "Viktor", family: "Hale", title: "Account Manager", department: "Sales", days: 1500, groups: []string{"sales"}, trouble: stillActive},
	{given: "Bram", family: "de Wit", title: "Assembly Lead", department: "Operations", days: 1700, groups: []string{"operations"}, trouble: left},
	{given: "Ruth", family: "Alder", title: "Test Engineer", department: "Quality", days: 800, groups: []string{"quality-lab"}, trouble: left},
	{given: "Sanjay", family: "Kapoor", title: "Optics Engineer", department: "Engineering", days: 210, groups: []string{"engineering"}, trouble: unverified},
	{given: "Lotte", family: "Visser", title: "Optics Engineer", department: "Engineering", days: 205, groups: []string{"engineering"}, trouble: unverified},
	{given: "Goran", family: "Babić", title: "Assembly Lead", department: "Operations", days: 950, groups: []string{"operations"}, trouble: deactivated},
	{given: "Amira", family: "Haddad", title: "Accountant", department: "Finance", days: 25, groups: []string{"finance"}, trouble: wrongPolicy},
	{given: "Owen", family: "Pryce", title: "Controller", department: "Finance", days: 24, groups: []string{"finance"}, trouble: wrongPolicy},
	{given: "Yara", family: "Costa", title: "Director", department: "Leadership", days: 40, groups: []string{"leadership"}, trouble: wrongPolicy},
	{given: "Sunniva", family: "Aas", title: "Support Agent", department: "Support", days: 14, groups: []string{"service-desk"}, trouble: noSeat},
	{given: "Dario", family: "Melis", title: "Support Agent", department: "Support", days: 13, groups: []string{"service-desk"}, trouble: noSeat},
	{given: "Robert", family: "Quist", title: "Chief of Staff", department: "Leadership", days: 2100, groups: []string{"leadership", "confluence-users"}},
	{given: "Selma", family: "Kaya", title: "Assistant", department: "Leadership", days: 700, groups: []string{"leadership", "confluence-users"}},
	{given: "Olga", family: "Sanz", title: "Head of IT", department: "IT", days: 2300, groups: []string{"leadership"}},
}

type group struct {
	name, about string
	inside      []string // groups inside it
	assigned    bool
	was         string   // its name at Atlassian, where it was renamed since
	local       local    // who has a group of that name at Atlassian
	byHand      []string // whom an administrator of Atlassian put into it
	products    []string
	days        int
}

// local is what a group that is Atlassian's own is to it.
type local int

const (
	noLocal local = iota
	madeByHand
	defaultAccess
)

var groups = []group{
	{name: "engineering", about: "Everybody who builds instruments", inside: []string{"platform-team", "data-team"}, assigned: true, products: []string{"jira-software"}, days: 2400},
	{name: "platform-team", about: "Build, deployment and databases", inside: []string{"on-call"}, days: 640},
	{name: "on-call", about: "Who is called at night", days: 300},
	{name: "data-team", about: "Measurements and models", days: 420},
	{name: "product", about: "Product managers and designers", assigned: true, products: []string{"jira-software"}, days: 2100},
	{name: "design-guild", about: "Everybody who draws", assigned: true, local: madeByHand, byHand: []string{"olga.sanz"}, products: []string{"jira-software"}, days: 160},
	{name: "quality-lab", about: "Tests and calibration", assigned: true, was: "test-lab", products: []string{"jira-software"}, days: 1800},
	{name: "service-desk", about: "Agents of the service desk", assigned: true, products: []string{"jira-servicedesk"}, days: 2400},
	{name: "marketing", about: "Marketing", assigned: true, products: []string{"jira-software"}, days: 2000},
	{name: "sales", about: "Sales", inside: []string{"partner-managers"}, assigned: true, products: []string{"jira-software"}, days: 2000},
	{name: "partner-managers", about: "Resellers and their managers", days: 200},
	{name: "operations", about: "Assembly, stock and shipping", assigned: true, products: []string{"jira-software"}, days: 1500},
	{name: "finance", about: "Finance", assigned: true, products: []string{"jira-software"}, days: 2400},
	{name: "people-team", about: "Hiring and people", assigned: true, products: []string{"jira-software"}, days: 1900},
	{name: "legal", about: "Contracts and patents", assigned: true, products: []string{"jira-software"}, days: 900},
	{name: "leadership", about: "Heads of departments", assigned: true, products: []string{"jira-software"}, days: 2400},
	{name: "contractors", about: "People of other companies", assigned: true, products: []string{"jira-software"}, days: 1200},
	{name: "confluence-users", about: "Readers of the wiki", assigned: true, local: defaultAccess, byHand: []string{"olga.sanz"}, products: []string{"confluence"}, days: 80},
}

// When things happened, before the moment.
const (
	cycleBegan = 38 * time.Minute
	cycleTook  = 2 * time.Minute
	justNow    = 19 * time.Minute // later than the last cycle
	setUp      = 1100             // days since the directory at Atlassian is there
)
