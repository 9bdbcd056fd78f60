package document

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
	TargetSystem       Identity           `json:"targetSystem"`
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
