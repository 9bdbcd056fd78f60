package entra

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// jobState is the synchronizationJob as Graph gives it.
type jobState struct {
	ID       string      `json:"id"`
	Template string      `json:"templateId"`
	Schedule jobSchedule `json:"schedule"`
	Status   jobStatus   `json:"status"`
	Settings []nameValue `json:"synchronizationJobSettings"`

	Other jsontext.Value `json:",embed"` // of a loaded job
}

type jobSchedule struct {
	Expiration *string `json:"expiration"`
	Interval   string  `json:"interval"`
	State      string  `json:"state"`
}

type nameValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type jobStatus struct {
	Code          string         `json:"code"`
	Failures      int            `json:"countSuccessiveCompleteFailures"`
	EscrowsPruned bool           `json:"escrowsPruned"`
	Last          *execution     `json:"lastExecution"`
	LastGood      *execution     `json:"lastSuccessfulExecution"`
	LastExports   *execution     `json:"lastSuccessfulExecutionWithExports"`
	Progress      []progress     `json:"progress"`
	Quarantine    *quarantine    `json:"quarantine"`
	SteadyFirst   string         `json:"steadyStateFirstAchievedTime"`
	SteadyLast    string         `json:"steadyStateLastAchievedTime"`
	Counts        []keyCount     `json:"synchronizedEntryCountByType"`
	Help          *string        `json:"troubleshootingUrl"`
	Other         jsontext.Value `json:",embed"`
}

type progress struct {
	Completed int    `json:"completedUnits"`
	Observed  string `json:"progressObservationDateTime"`
	Total     int    `json:"totalUnits"`
	Units     string `json:"units"`
}

type keyCount struct {
	Key   string `json:"key"`
	Value int    `json:"value"`
}

// execution is one cycle.
type execution struct {
	Activity        string    `json:"activityIdentifier"`
	State           string    `json:"state"` // Succeeded, Failed, EntryLevelErrors
	Began           string    `json:"timeBegan"`
	Ended           string    `json:"timeEnded"`
	Entitled        int       `json:"countEntitled"`
	EntitledFor     int       `json:"countEntitledForProvisioning"`
	Escrowed        int       `json:"countEscrowed"`
	EscrowedRaw     int       `json:"countEscrowedRaw"`
	Exported        int       `json:"countExported"`
	Exports         int       `json:"countExports"`
	Imported        int       `json:"countImported"`
	Deltas          int       `json:"countImportedDeltas"`
	ReferenceDeltas int       `json:"countImportedReferenceDeltas"`
	Error           *jobError `json:"error"`
}

type jobError struct {
	Code       string `json:"code"`
	Message    string `json:"message"`
	Actionable bool   `json:"tenantActionable"`
}

type quarantine struct {
	Reason       string    `json:"reason"`
	CurrentBegan string    `json:"currentBegan"`
	NextAttempt  string    `json:"nextAttempt"`
	SeriesBegan  string    `json:"seriesBegan"`
	SeriesCount  int       `json:"seriesCount"`
	Error        *jobError `json:"error"`
}

// never is the moment of what has not happened yet, as the real service writes it.
const never = "0001-01-01T00:00:00Z"

// newJobState is a job that was made and never started: its schedule Disabled, its code Paused (a real answer of 2021).
func newJobState(template string) jobState {
	return jobState{
		Template: template, Schedule: jobSchedule{Interval: "PT40M", State: "Disabled"},
		Status:   jobStatus{Code: "Paused", SteadyFirst: never, SteadyLast: never},
		Settings: []nameValue{{"AzureIngestionAttributeOptimization", "False"}},
	}
}

// read takes over a job that the tenant has. One that says something else than a job says begins anew.
func (s *jobState) read(o *object) {
	b := append(view{}.write(nil, o), '}')
	if err := json.Unmarshal(b, s, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		*s = newJobState(o.text("templateId"))
	}
	for _, t := range []*string{&s.Status.SteadyFirst, &s.Status.SteadyLast} {
		if *t == "" {
			*t = never
		}
	}
}

// publish makes the job's state what Graph answers. The caller holds the tenant's lock.
func (j *Job) publish() error {
	j.state.ID = j.id
	raw, err := json.Marshal(j.state, json.Deterministic(true), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	if err != nil {
		return err
	}
	o, err := (&reader{}).object(jsontext.NewDecoder(strings.NewReader(string(raw))), "synchronizationJob")
	if err != nil {
		return err
	}
	jobs := &j.l.dir.sync(j.app).jobs
	if old := jobs.find(j.id); old != nil {
		old.fields = o.fields
		return nil
	}
	o.seq = j.l.dir.next()
	jobs.add(o)
	return nil
}

// precise is a moment as the service's answers have it.
func precise(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// on tells whether cycles run.
func (s *jobState) on() bool { return s.Schedule.State == "Active" }

// next tells when the job's next cycle is due.
func (j *Job) next() (at time.Time, waits bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.due, j.state.on()
}
