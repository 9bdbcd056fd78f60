package entra

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
)

// knownSecrets are the members of synchronizationSecret.
var knownSecrets = []string{
	"None", "UserName", "Password", "SecretToken", "AppKey", "BaseAddress", "ClientIdentifier", "ClientSecret", "SingleSignOnType", "Sandbox",
	"Url", "Domain", "ConsumerKey", "ConsumerSecret", "TokenKey", "TokenExpiration", "Oauth2AccessToken", "Oauth2AccessTokenCreationTime",
	"Oauth2RefreshToken", "SyncAll", "InstanceName", "Oauth2ClientId", "Oauth2ClientSecret", "CompanyId", "UpdateKeyOnSoftDelete",
	"SynchronizationSchedule", "SystemOfRecord", "SandboxName", "EnforceDomain", "SyncNotificationSettings", "SkipOutOfScopeDeletions",
	"Oauth2AuthorizationCode", "Oauth2RedirectUri", "ApplicationTemplateIdentifier", "Oauth2TokenExchangeUri", "Oauth2AuthorizationUri",
	"AuthenticationType", "Server", "PerformInboundEntitlementGrants", "HardDeletesEnabled", "SyncAgentCompatibilityKey",
	"SyncAgentADContainer", "ValidateDomain", "TestReferences", "ConnectionString",
}

// secretPair is a synchronizationSecretKeyStringValuePair.
type secretPair struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// settingsOf reads pairs. A key of another spelling is an internal error of the service, as a report of 2022 shows.
func settingsOf(list []secretPair) (secrets, *graphError) {
	out := secrets{}
	for _, p := range list {
		if !slices.Contains(knownSecrets, p.Key) {
			return nil, &graphError{status: http.StatusInternalServerError, code: "InternalError", message: "Requested value '" + p.Key + "' was not found."}
		}
		out[p.Key] = p.Value
	}
	return out, nil
}

// putSecrets replaces all settings and credentials of an application: what is not in the list is forgotten, the
// secret token too. They can be there before there is a job.
func putSecrets(c *call, at place) answer {
	var in struct {
		Value []secretPair `json:"value"`
	}
	err := c.body(&in)
	if err != nil {
		return err.answer(c)
	}
	given, err := settingsOf(in.Value)
	if err == nil {
		err = c.l.putSecrets(at.app, given)
	}
	if err != nil {
		return err.answer(c)
	}
	return answer{status: http.StatusNoContent}
}

func (l *Lab) putSecrets(app string, given secrets) *graphError {
	l.mu.Lock()
	o := l.dir.app(app)
	if o == nil {
		l.mu.Unlock()
		return notFound(app)
	}
	s := l.dir.sync(o)
	for _, j := range l.provisioned {
		if j.app == o {
			l.mu.Unlock() // a job's lock comes before the tenant's
			j.configure(func(all secrets) {
				s.hidden = nil
				clear(all)
				maps.Copy(all, given)
			})
			return nil
		}
	}
	defer l.mu.Unlock()
	s.hidden = nil
	s.hide(given)
	s.secrets = pairs(given)
	l.auditOf(provisioningService, l.now(), updateSecret, about(o))
	return nil
}

// validateCredentials asks the target for somebody and some group that are not there, with the credentials given or,
// if so wanted, those that are saved. The codes of a failure are those that administrators report of the portal's
// connection test; that the status is 400 is open.
func validateCredentials(c *call, j *Job) *graphError {
	var in struct {
		Saved       bool         `json:"useSavedCredentials"`
		Credentials []secretPair `json:"credentials"`
	}
	if err := c.body(&in); err != nil {
		return err
	}
	given, err := settingsOf(in.Credentials)
	if err != nil {
		return err
	}
	if in.Saved {
		given = nil
	}
	why, broken := j.validate(c.r.Context(), given)
	switch {
	case broken != nil:
		return badRequest("%v", broken)
	case why != nil:
		return &graphError{status: http.StatusBadRequest, code: why.Code, message: why.Message}
	}
	return nil
}

// validate tests the connection to the target, with settings in place of the saved ones or, if they are nil, with
// those. It gives why the target cannot be worked with, nil if it can.
func (j *Job) validate(ctx context.Context, given map[string]string) (*jobError, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	c := &cycle{Job: j, ctx: ctx, full: true, began: j.l.now(), bosses: map[string]bool{}, changed: map[string][]delta{}}
	if _, _, err := c.read(); err != nil {
		return nil, err
	}
	if given != nil {
		c.to = c.client(given, given)
	}
	if err := c.test(refusesSome); err != nil && !errors.Is(err, errStopped) {
		return nil, err
	}
	return c.stop, nil
}

// refusesSome tells why a connection test fails: any answer but the wanted one.
func refusesSome(err error) *jobError {
	if why := refusesAll(err); why != nil {
		return why
	}
	code := "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"
	var f *outbound.Failure
	if !errors.As(err, &f) {
		return &jobError{code, err.Error(), true}
	}
	return &jobError{code, "We received this unexpected response from your application: " + httpText(f), true}
}
