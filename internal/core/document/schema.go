package document

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
