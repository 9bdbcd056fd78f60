package scim

import (
	"fmt"
	"testing"
)

// put replaces what a body said with what another one says.
func put(t *testing.T, typ *ResourceType, before, body string) (*Change, error) {
	t.Helper()
	attrs, err := typ.DecodeStored([]byte(before))
	if err != nil {
		t.Fatal(err)
	}
	b, err := typ.Decode([]byte(body))
	if err != nil {
		return nil, err
	}
	return b.Replace(&Resource{Type: typ, Attrs: attrs})
}

func TestAPutReplacesWhatAClientMayWrite(t *testing.T) {
	gadget := lenient(t).Type("Gadget")
	for _, c := range []struct {
		typ                 *ResourceType
		before, body, after string
	}{
		{users(t), `{"userName":"b","title":"x","password":"p"}`, `{"userName":"c","displayName":"d"}`, `{"userName":"c","displayName":"d","password":"p"}`},
		{users(t), `{"userName":"b","password":"p"}`, `{"userName":"b","password":"q"}`, `{"userName":"b","password":"q"}`},
		{users(t), `{"userName":"b","title":"x"}`, `{"title":"x","USERNAME":"b"}`, `{"userName":"b","title":"x"}`},
		{gadget, `{"serial":"s","stamp":"x","label":"l","part":{"name":"n","born":"b"}}`, `{"serial":"s","stamp":"y","part":{"name":"m"}}`, `{"serial":"s","stamp":"x","part":{"name":"m","born":"b"}}`},
	} {
		got, err := put(t, c.typ, c.before, c.body)
		if err != nil {
			t.Errorf("%s: %v", c.body, err)
			continue
		}
		same(t, after(t, c.typ, got), c.after)
		if want := c.before != c.after; got.Changed != want {
			t.Errorf("%s: changed is %v", c.body, got.Changed)
		}
	}
	_, err := put(t, gadget, `{"serial":"s"}`, `{"serial":"t"}`)
	wantError(t, err, "400 mutability: serial is immutable")
	_, err = put(t, gadget, `{"serial":"s","part":{"name":"n","born":"b"}}`, `{"serial":"s","part":{"name":"n","born":"c"}}`)
	wantError(t, err, "400 mutability: part.born is immutable")
}

func TestAPutWithoutMembersEmptiesNoGroup(t *testing.T) {
	typ := groups(t)
	for body, want := range map[string]string{
		`{"displayName":"g"}`:                               "[]",
		`{"displayName":"g","members":[]}`:                  "[{List:members Replace:true Add:[] Remove:[] RemoveWhere:[]}]",
		`{"displayName":"g","members":[{"value":"a"},"a"]}`: "[{List:members Replace:true Add:[{Value:a Type: Display:}] Remove:[] RemoveWhere:[]}]",
	} {
		got, err := put(t, typ, `{"displayName":"g"}`, body)
		if err != nil || got.Changed || fmt.Sprintf("%+v", got.Refs) != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func TestWhatMustBeUniqueIsTold(t *testing.T) {
	if got := fmt.Sprint(users(t).Unique(), groups(t).Unique()); got != "[userName] []" {
		t.Errorf("got %s", got)
	}
}
