package document

// ServicePrincipal is the enterprise application.
type ServicePrincipal struct {
	ID                  string               `json:"id"`
	AppID               string               `json:"appId"`
	DisplayName         string               `json:"displayName"`
	AccountEnabled      Opt[bool]            `json:"accountEnabled"`
	AppRoles            Opt[[]AppRole]       `json:"appRoles"`
	PasswordCredentials []PasswordCredential `json:"passwordCredentials"`
}

// AppRole is a role that the application offers.
type AppRole struct {
	ID                 string    `json:"id"`
	DisplayName        string    `json:"displayName"`
	Value              string    `json:"value"`
	IsEnabled          Opt[bool] `json:"isEnabled"`
	AllowedMemberTypes []string  `json:"allowedMemberTypes"`
}

// PasswordCredential is a secret of the application, without the secret.
type PasswordCredential struct {
	DisplayName string `json:"displayName"`
	Hint        string `json:"hint"`
	EndDateTime Time   `json:"endDateTime"`
}

// AppRoleAssignment assigns a user or a group to the application.
type AppRoleAssignment struct {
	ID                   string `json:"id"`
	AppRoleID            string `json:"appRoleId"` // all zeros: default access
	PrincipalID          string `json:"principalId"`
	PrincipalType        string `json:"principalType"` // User, Group, ServicePrincipal
	PrincipalDisplayName string `json:"principalDisplayName"`
	ResourceID           string `json:"resourceId"`
	CreatedDateTime      Time   `json:"createdDateTime"`
	DeletedDateTime      Time   `json:"deletedDateTime"`
}

// Job is a synchronizationJob.
type Job struct {
	ID         string      `json:"id"`
	TemplateID string      `json:"templateId"`
	Schedule   JobSchedule `json:"schedule"`
	Status     JobStatus   `json:"status"`
}

// JobSchedule says how often the job runs and whether it is switched on.
type JobSchedule struct {
	Interval   string `json:"interval"` // ISO 8601 duration, PT40M
	State      string `json:"state"`    // Active, Disabled, Paused
	Expiration Time   `json:"expiration"`
}

// JobStatus is the state of the job.
type JobStatus struct {
	Code                     string      `json:"code"` // NotConfigured, NotRun, Active, Paused, Quarantine
	CountSuccessiveFailures  int         `json:"countSuccessiveCompleteFailures"`
	EscrowsPruned            bool        `json:"escrowsPruned"`
	LastExecution            *Execution  `json:"lastExecution"`
	LastSuccessfulExecution  *Execution  `json:"lastSuccessfulExecution"`
	LastSuccessWithExports   *Execution  `json:"lastSuccessfulExecutionWithExports"`
	SteadyStateFirstAchieved Time        `json:"steadyStateFirstAchievedTime"`
	SteadyStateLastAchieved  Time        `json:"steadyStateLastAchievedTime"`
	Quarantine               *Quarantine `json:"quarantine"`
}

// Execution is one cycle of the job.
type Execution struct {
	ActivityIdentifier string    `json:"activityIdentifier"`
	State              string    `json:"state"` // Succeeded, Failed, EntryLevelErrors
	TimeBegan          Time      `json:"timeBegan"`
	TimeEnded          Time      `json:"timeEnded"`
	Error              *JobError `json:"error"`
}

// Quarantine says why and since when the job runs at a reduced pace.
type Quarantine struct {
	Reason       string    `json:"reason"`
	CurrentBegan Time      `json:"currentBegan"`
	NextAttempt  Time      `json:"nextAttempt"`
	SeriesBegan  Time      `json:"seriesBegan"`
	SeriesCount  int       `json:"seriesCount"`
	Error        *JobError `json:"error"`
}

// JobError is an error of a cycle as a whole.
type JobError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}
