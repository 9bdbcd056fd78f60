package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASecretIsReadFromWhereTheFileSays(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("plain", "hunter2\n")
	put("dos", "hunter2\r\n")
	put("blanks inside", " hunter2 x")
	put("key.pem", "-----BEGIN\nhunter2\n-----END\n")
	t.Setenv("ROLLCALL_TEST_SECRET", "hunter2\n")
	for sentence, c := range map[string]struct {
		from Secret
		want string
	}{
		"a variable":                          {Secret{Env: "ROLLCALL_TEST_SECRET"}, "hunter2"},
		"a file beside the configuration":     {Secret{File: "plain"}, "hunter2"},
		"a file by its whole path":            {Secret{File: filepath.Join(dir, "plain")}, "hunter2"},
		"a file with the line end of Windows": {Secret{File: "dos"}, "hunter2"},
		"blanks are part of a secret":         {Secret{File: "blanks inside"}, " hunter2 x"},
		"lines inside are, too, as in a PEM":  {Secret{File: "key.pem"}, "-----BEGIN\nhunter2\n-----END"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := c.from.Read(&File{Path: filepath.Join(dir, "rollcall.yaml")})
			if got != c.want || err != nil {
				t.Errorf("Read = %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestASecretThatIsNotThereIsSaidWithWhatToDo(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"empty": "\n", "huge": strings.Repeat("hunter2", maxSecret)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("ROLLCALL_TEST_EMPTY", "")
	for sentence, c := range map[string]struct {
		from  Secret
		words []string
	}{
		"no variable":       {Secret{Env: "ROLLCALL_TEST_NOT_SET"}, []string{"env:ROLLCALL_TEST_NOT_SET", "set the environment variable"}},
		"an empty variable": {Secret{Env: "ROLLCALL_TEST_EMPTY"}, []string{"env:ROLLCALL_TEST_EMPTY", "it is empty"}},
		"no file":           {Secret{File: "nowhere"}, []string{"file:nowhere", "put the secret into the file " + filepath.Join(dir, "nowhere")}},
		"an empty file":     {Secret{File: "empty"}, []string{"it is empty"}},
		"a huge file":       {Secret{File: "huge"}, []string{"larger than 256 KiB"}},
		"a folder":          {Secret{File: "."}, []string{"cannot be read"}},
		"no reference":      {Secret{}, []string{"the configuration names none"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := c.from.Read(&File{Path: filepath.Join(dir, "rollcall.yaml")})
			if got != "" || err == nil {
				t.Fatalf("Read = %q, %v; want an error", got, err)
			}
			for _, words := range c.words {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%v does not say %q", err, words)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v shows the secret", err)
			}
			if sentence != "a huge file" && !errors.Is(err, ErrNoSecret) {
				t.Errorf("%v is not ErrNoSecret", err)
			}
		})
	}
}

func TestASourceHasOneWayToSignIn(t *testing.T) {
	const head = "    source: {entra: {tenant: t, client_id: c"
	for sentence, c := range map[string]struct{ rest, words string }{
		"none":                        {"}}\n", "there is nothing to sign in with"},
		"a secret and a certificate":  {", client_secret: env:A, certificate: file:b}}\n", "`certificate` beside `client_secret`: one of them signs in"},
		"a certificate and a token":   {", certificate: file:b, token_file: c}}\n", "`token_file` beside `certificate`"},
		"a certificate written out":   {", certificate: \"-----BEGIN\"}}\n", "a secret stands here as text"},
		"a cloud that is not":         {", token_file: c, cloud: chna}}\n", "did you mean `china`?"},
		"an address without https":    {", token_file: c, graph_url: \"http://graph.example/v1.0\"}}\n", "write it as `https://graph.microsoft.com/v1.0`"},
		"logs of less than an hour":   {", token_file: c}}\n    lookback: 5m\n", "at least `1h`"},
		"an address with a password":  {", token_file: c, login_url: \"https://a:b@x.example\"}}\n", "a user or password in it"},
		"a folder of authorities: []": {", token_file: c, ca: []}}\n", "expected the path of a file"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if err := faultsOf(t, acme(head+c.rest)); !strings.Contains(err.Error(), c.words) {
				t.Errorf("%v\ndoes not say %q", err, c.words)
			}
		})
	}
	for sentence, c := range map[string]struct{ rest, login, graph string }{
		"the public cloud":   {", client_secret: env:A}}\n", "https://login.microsoftonline.com", "https://graph.microsoft.com/v1.0"},
		"a national cloud":   {", certificate: env:A, cloud: usgov}}\n", "https://login.microsoftonline.us", "https://graph.microsoft.us/v1.0"},
		"addresses overrule": {", token_file: a, cloud: china, graph_url: \"http://127.0.0.1:1/v1.0\"}}\n", "https://login.chinacloudapi.cn", "http://127.0.0.1:1/v1.0"},
	} {
		t.Run(sentence, func(t *testing.T) {
			e := mustParse(t, acme(head+c.rest)).Connections[0].Source.Entra
			if e.Login() != c.login || e.Graph() != c.graph {
				t.Errorf("asks %s and %s, want %s and %s", e.Login(), e.Graph(), c.login, c.graph)
			}
		})
	}
}
