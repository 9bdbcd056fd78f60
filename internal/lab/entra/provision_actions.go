package entra

import (
	"context"
	"fmt"
	"slices"
)

// Reset says what a restart forgets (synchronizationJobRestartCriteria).
type Reset int

// The parts of a job that can be reset. ResetFull drops the links between objects as well, so that everything is
// matched anew.
const (
	ResetLinks      Reset = 1 // ConnectorDataStore
	ResetEscrows    Reset = 2
	ResetWatermark  Reset = 4
	ResetQuarantine Reset = 8
	ResetFull       Reset = 15
	ForceDeletes    Reset = 32 // carry out what the threshold holds (synchronizationJobRestartCriteria); the page's "Allow deletes"

	// Restarted is what the administrator's page resets.
	Restarted = ResetEscrows | ResetWatermark | ResetQuarantine
)

// Start lets cycles run, the first at once. It continues where the job was paused and ends a quarantine.
func (j *Job) Start() error {
	return j.steer(startJob, func() {
		j.state.Schedule.State, j.state.Status.Code, j.state.Status.Quarantine, j.due = "Active", "Active", nil, j.l.now()
	})
}

// Pause ends cycles until the next start. What the job knows stays.
func (j *Job) Pause() error {
	return j.steer(pauseJob, func() { j.state.Schedule.State, j.state.Status.Code = "Paused", "Paused" })
}

// Restart begins a new cycle at once, after forgetting what is named.
func (j *Job) Restart(what Reset) error {
	return j.steer(restartJob, func() {
		if what&ResetLinks != 0 {
			clear(j.links)
		}
		if what&ResetEscrows != 0 {
			clear(j.escrow)
			j.state.Status.EscrowsPruned = false
		}
		if what&ResetWatermark != 0 {
			j.watermark = -1
		}
		if what&ResetQuarantine != 0 {
			j.state.Status.Quarantine = nil
		}
		j.force = j.force || what&ForceDeletes != 0
		j.state.Schedule.State, j.state.Status.Code, j.due = "Active", "Active", j.l.now()
		if j.state.Status.Quarantine != nil {
			j.state.Status.Code = "Quarantine"
		}
	})
}

// AllowDeletes carries out the deletions that the threshold holds, all of them, with a cycle at once.
func (j *Job) AllowDeletes() error { return j.Restart(ForceDeletes | ResetQuarantine) }

// Delete stops the job and forgets all that it knows. What it provisioned stays at the target.
func (j *Job) Delete() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	l := j.l
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.dir.sync(j.app)
	o := s.jobs.find(j.id)
	if j.deleted || o == nil {
		return fmt.Errorf("job %s: %w", j.id, ErrUnknown)
	}
	j.deleted, j.state.Schedule.State = true, "Disabled"
	s.jobs.remove(o)
	delete(s.schemas, j.id)
	l.provisioned = slices.DeleteFunc(l.provisioned, func(x *Job) bool { return x == j })
	l.auditOf(provisioningService, l.now(), deleteJob, about(j.app))
	return nil
}

func (j *Job) steer(a act, change func()) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.deleted {
		return fmt.Errorf("job %s: %w", j.id, ErrUnknown)
	}
	err := j.update(func() {
		change()
		j.l.auditOf(provisioningService, j.l.now(), a, about(j.app))
	})
	if err != nil {
		return fmt.Errorf("job %s: %w", j.id, err)
	}
	return nil
}

// Run runs a cycle now, due or not, if the job is on. It is for tests that do not care about the time of day.
func (j *Job) Run(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.state.on() {
		return fmt.Errorf("job %s does not run: its schedule is %s", j.id, j.state.Schedule.State)
	}
	return j.cycle(ctx, j.l.now())
}
