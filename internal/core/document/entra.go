package document

import "github.com/go-json-experiment/json/jsontext"

// User is a user of Microsoft Graph (CSDL microsoft.graph.user). Attributes that have no field here
// stay in Other, so that a mapping or a filter can read any of them.
type User struct {
	ID                           string              `json:"id"`
	UserPrincipalName            string              `json:"userPrincipalName"`
	Mail                         Opt[string]         `json:"mail"`
	DisplayName                  string              `json:"displayName"`
	GivenName                    string              `json:"givenName"`
	Surname                      string              `json:"surname"`
	MailNickname                 string              `json:"mailNickname"`
	JobTitle                     string              `json:"jobTitle"`
	Department                   string              `json:"department"`
	UserType                     string              `json:"userType"`
	ExternalUserState            string              `json:"externalUserState"`
	AccountEnabled               Opt[bool]           `json:"accountEnabled"`
	ProxyAddresses               []string            `json:"proxyAddresses"`
	OtherMails                   []string            `json:"otherMails"`
	CreatedDateTime              Time                `json:"createdDateTime"`
	DeletedDateTime              Time                `json:"deletedDateTime"`
	OnPremisesSyncEnabled        Opt[bool]           `json:"onPremisesSyncEnabled"`
	OnPremisesLastSyncDateTime   Time                `json:"onPremisesLastSyncDateTime"`
	OnPremisesProvisioningErrors []ProvisioningError `json:"onPremisesProvisioningErrors"`

	Other jsontext.Value `json:",unknown"`
}

// ProvisioningError is an error of directory synchronization from on-premises (onPremisesProvisioningError).
type ProvisioningError struct {
	Category             string `json:"category"`
	PropertyCausingError string `json:"propertyCausingError"`
	Value                string `json:"value"`
	OccurredDateTime     Time   `json:"occurredDateTime"`
}

// Group is a group of Microsoft Graph without its members, which are streamed beside it.
type Group struct {
	ID                            string              `json:"id"`
	DisplayName                   string              `json:"displayName"`
	Description                   string              `json:"description"`
	MailNickname                  string              `json:"mailNickname"`
	MailEnabled                   Opt[bool]           `json:"mailEnabled"`
	SecurityEnabled               Opt[bool]           `json:"securityEnabled"`
	GroupTypes                    []string            `json:"groupTypes"`
	MembershipRule                string              `json:"membershipRule"`
	MembershipRuleProcessingState string              `json:"membershipRuleProcessingState"`
	MembershipRuleProcessing      RuleStatus          `json:"membershipRuleProcessingStatus"` // beta only
	Visibility                    string              `json:"visibility"`
	OnPremisesSyncEnabled         Opt[bool]           `json:"onPremisesSyncEnabled"`
	OnPremisesLastSyncDateTime    Time                `json:"onPremisesLastSyncDateTime"`
	OnPremisesProvisioningErrors  []ProvisioningError `json:"onPremisesProvisioningErrors"`
	CreatedDateTime               Time                `json:"createdDateTime"`
	DeletedDateTime               Time                `json:"deletedDateTime"`

	Members Members        `json:"members"`
	Other   jsontext.Value `json:",unknown"`
}

// RuleStatus is the beta-only state of a dynamic membership rule.
type RuleStatus struct {
	Status               string `json:"status"` // NotStarted, Running, Succeeded, Failed
	LastMembershipUpdate Time   `json:"lastMembershipUpdated"`
	ErrorMessage         string `json:"errorMessage"`
}

// Member is a direct member of an Entra group.
type Member struct {
	Type string `json:"@odata.type"` // #microsoft.graph.user, #microsoft.graph.group, …; empty where not told
	ID   string `json:"id"`
}

// Members are the direct members of a group. Known is false where the document has no members key.
type Members struct {
	Known bool
	List  []Member
}

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

// Schema is a synchronizationSchema: the tenant's own mappings and scoping filters.
type Schema struct {
	ID          string                `json:"id"`
	Version     string                `json:"version"`
	Directories []DirectoryDefinition `json:"directories"`
	Rules       []RuleDefinition      `json:"synchronizationRules"`
}

// DirectoryDefinition describes one side of the job.
type DirectoryDefinition struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Objects []struct {
		Name       string                `json:"name"`
		Attributes []AttributeDefinition `json:"attributes"`
	} `json:"objects"`
}

// AttributeDefinition describes one attribute of one side.
type AttributeDefinition struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Required  bool   `json:"required"`
	CaseExact bool   `json:"caseExact"`
}

// RuleDefinition is a synchronizationRule: it maps objects of one side to objects of the other.
type RuleDefinition struct {
	ID                  string          `json:"id"`
	Name                string          `json:"name"`
	Priority            int             `json:"priority"`
	SourceDirectoryName string          `json:"sourceDirectoryName"`
	TargetDirectoryName string          `json:"targetDirectoryName"`
	ObjectMappings      []ObjectMapping `json:"objectMappings"`
}

// ObjectMapping maps one object type, with its scoping filter.
type ObjectMapping struct {
	Name              string             `json:"name"`
	Enabled           Opt[bool]          `json:"enabled"`
	FlowTypes         string             `json:"flowTypes"` // "Add,Update,Delete"; empty means all
	SourceObjectName  string             `json:"sourceObjectName"`
	TargetObjectName  string             `json:"targetObjectName"`
	Scope             *Filter            `json:"scope"`
	AttributeMappings []AttributeMapping `json:"attributeMappings"`
}

// Filter is a scoping filter: groups are joined by OR, the clauses of a group by AND.
type Filter struct {
	Groups              []FilterGroup `json:"groups"`
	InputFilterGroups   []FilterGroup `json:"inputFilterGroups"`
	CategoryFilterGroup []FilterGroup `json:"categoryFilterGroups"`
}

// FilterGroup is one named set of clauses.
type FilterGroup struct {
	Name    string         `json:"name"`
	Clauses []FilterClause `json:"clauses"`
}

// FilterClause compares one source attribute.
type FilterClause struct {
	SourceOperandName string `json:"sourceOperandName"`
	OperatorName      string `json:"operatorName"`
	TargetOperand     struct {
		Values []string `json:"values"`
	} `json:"targetOperand"`
}

// AttributeMapping fills one target attribute.
type AttributeMapping struct {
	TargetAttributeName string         `json:"targetAttributeName"`
	DefaultValue        Opt[string]    `json:"defaultValue"`
	MatchingPriority    int            `json:"matchingPriority"` // 0: not used for matching; else the lowest is tried first
	FlowType            string         `json:"flowType"`
	FlowBehavior        string         `json:"flowBehavior"`
	Source              *MappingSource `json:"source"`
}

// MappingSource is an attribute, a constant or an expression.
type MappingSource struct {
	Type       string `json:"type"` // Attribute, Constant, Function
	Name       string `json:"name"`
	Expression string `json:"expression"`
}

// KeyValue is a setting of the job.
type KeyValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// ProvisioningRecord is a provisioningObjectSummary: one object in one cycle.
type ProvisioningRecord struct {
	ID                 string             `json:"id"`
	ActivityDateTime   Time               `json:"activityDateTime"`
	JobID              string             `json:"jobId"`
	CycleID            string             `json:"cycleId"`
	ChangeID           string             `json:"changeId"`
	Action             string             `json:"provisioningAction"` // create, update, disable, delete, stagedDelete, other
	Status             ProvisioningStatus `json:"provisioningStatusInfo"`
	Steps              []ProvisioningStep `json:"provisioningSteps"`
	ModifiedProperties []ModifiedProperty `json:"modifiedProperties"`
	ServicePrincipal   Identity           `json:"servicePrincipal"`
	SourceIdentity     Identity           `json:"sourceIdentity"`
	TargetIdentity     Identity           `json:"targetIdentity"`
}

// ProvisioningStatus is the outcome; the error is in errorInformation, in older copies in errorInfo.
type ProvisioningStatus struct {
	Status           string        `json:"status"` // success, failure, skipped, warning
	ErrorInformation *ErrorDetails `json:"errorInformation"`
	ErrorInfo        *ErrorDetails `json:"errorInfo"`
}

// Error is the error of the record, whichever spelling carried it; nil where there is none.
func (s ProvisioningStatus) Error() *ErrorDetails {
	if s.ErrorInformation != nil {
		return s.ErrorInformation
	}
	return s.ErrorInfo
}

// ErrorDetails explains a failure.
type ErrorDetails struct {
	ErrorCode         string `json:"errorCode"`
	ErrorCategory     string `json:"errorCategory"`
	Reason            string `json:"reason"`
	AdditionalDetails string `json:"additionalDetails"`
	RecommendedAction string `json:"recommendedAction"`
}

// ProvisioningStep is one step of a record. Details values may be strings, numbers or booleans.
type ProvisioningStep struct {
	Name        string         `json:"name"`
	Type        string         `json:"provisioningStepType"`
	Status      string         `json:"status"`
	Description string         `json:"description"`
	Details     map[string]any `json:"details"`
}

// ModifiedProperty is a changed attribute; audit records put JSON text into the values.
type ModifiedProperty struct {
	DisplayName string      `json:"displayName"`
	OldValue    Opt[string] `json:"oldValue"`
	NewValue    Opt[string] `json:"newValue"`
}

// Identity is one side of a provisioning record.
type Identity struct {
	ID           string         `json:"id"`
	DisplayName  string         `json:"displayName"`
	IdentityType string         `json:"identityType"` // User, Group
	Details      map[string]any `json:"details"`
}

// DirectoryAudit is an entry of Entra's audit log.
type DirectoryAudit struct {
	ID                  string    `json:"id"`
	ActivityDateTime    Time      `json:"activityDateTime"`
	ActivityDisplayName string    `json:"activityDisplayName"`
	Category            string    `json:"category"`
	LoggedByService     string    `json:"loggedByService"`
	OperationType       string    `json:"operationType"`
	Result              string    `json:"result"`
	ResultReason        string    `json:"resultReason"`
	InitiatedBy         Initiator `json:"initiatedBy"`
	TargetResources     []Target  `json:"targetResources"`
}

// Initiator says who did it.
type Initiator struct {
	User *struct {
		ID                string `json:"id"`
		UserPrincipalName string `json:"userPrincipalName"`
		DisplayName       string `json:"displayName"`
	} `json:"user"`
	App *struct {
		DisplayName        string `json:"displayName"`
		ServicePrincipalID string `json:"servicePrincipalId"`
	} `json:"app"`
}

// Target is an object that an audit entry speaks of.
type Target struct {
	ID                 string             `json:"id"`
	Type               string             `json:"type"`
	DisplayName        string             `json:"displayName"`
	UserPrincipalName  string             `json:"userPrincipalName"`
	ModifiedProperties []ModifiedProperty `json:"modifiedProperties"`
}
