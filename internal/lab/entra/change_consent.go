package entra

import "fmt"

var (
	updateServicePri = act{"Update service principal", "ApplicationManagement", "Update"}
	giveConsent      = act{"Consent to application", "ApplicationManagement", "Assign"}
	removeConsent    = act{"Remove delegated permission grant", "ApplicationManagement", "Unassign"}
)

// UpdateServicePrincipal changes properties of an application's service principal; nil clears one. One whose
// accountEnabled is false gets no token at Microsoft; the lab leaves that to whoever asks for tokens in its name.
func (l *Lab) UpdateServicePrincipal(id string, p Props) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.dir.app(id)
	if o == nil {
		return fmt.Errorf("updating: service principal %q: %w", id, ErrUnknown)
	}
	return l.update(o, p, updateServicePri)
}

// Consent writes that an administrator consented to what an application asks for, or took that back. The lab keeps
// no grants of other applications: whoever plays one heeds it.
func (l *Lab) Consent(application string, given bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	app := l.dir.app(application)
	if app == nil {
		return fmt.Errorf("consenting: service principal %q: %w", application, ErrUnknown)
	}
	a := giveConsent
	if !given {
		a = removeConsent
	}
	l.audit(l.now(), a, about(app))
	return nil
}
