package atlassian

import (
	"net/http"
	"time"
)

// grace is how long an account waits for its deletion, deactivated and still with its address.
const grace = 14 * 24 * time.Hour

func (c *call) lifecycle(a *account, what string) answer {
	done := ok(object{"message": "Success"})
	switch what {
	case "disable", "enable":
		if refused := notAllowed(a, "lifecycle.enablement"); refused != nil {
			return *refused
		}
		c.w.setEnabled(c.actor(), a, what == "enable")
		return noContent()
	case "delete":
		if !a.deleteOn.IsZero() {
			return keyError(http.StatusConflict, "conflict.lifecycleErrors", object{
				"message": "Account cannot be deleted", "accountId": a.id,
				"errorCodes": []object{{"code": "already-scheduled", "message": "The account is scheduled for deletion"}},
			})
		}
		c.w.scheduleDeletion(c.actor(), a)
		return done
	case "cancel-delete":
		c.w.cancelDeletion(c.actor(), a)
		return done
	}
	return keyError(http.StatusNotFound, "notFound", nil)
}

func (w *world) setEnabled(actor object, a *account, on bool) {
	if on {
		w.setStatus(a, active)
		w.happened(actor, "user_reactivated", []subject{a.subject()}, "Reactivated %s", a.name)
	} else {
		w.setStatus(a, inactive)
		w.happened(actor, "user_deactivated", []subject{a.subject()}, "Deactivated %s", a.name)
	}
	w.touch()
}

func (w *world) scheduleDeletion(actor object, a *account) {
	until := w.at.Add(grace)
	w.setStatus(a, inactive)
	a.deleteOn = until
	w.happened(actor, "user_deletion_scheduled", []subject{a.subject()}, "Scheduled deletion of %s", a.name)
	w.touch()
	w.when(until, func() {
		if !a.deleteOn.Equal(until) {
			return
		}
		about := []subject{a.subject()}
		for _, g := range append([]*group(nil), a.groups.all()...) {
			w.leave(g, a)
		}
		for _, r := range append([]*record(nil), a.records...) {
			w.unlink(r)
		}
		w.setStatus(a, closed)
		w.happened(actor, "user_deleted", about, "Deleted %s", a.name)
		w.touch()
	})
}

func (w *world) cancelDeletion(actor object, a *account) {
	if a.deleteOn.IsZero() {
		return
	}
	a.deleteOn = time.Time{}
	w.setStatus(a, active)
	w.happened(actor, "user_deletion_canceled", []subject{a.subject()}, "Canceled deletion of %s", a.name)
	w.touch()
}
