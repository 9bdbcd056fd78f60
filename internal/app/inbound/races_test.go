package inbound_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

const writers = 64

func TestManyWhoAddToOneGroupAtTheSameTimeAllSucceed(t *testing.T) {
	s := start(t)
	g := "/Groups/" + s.do("POST", "/Groups", `{"displayName":"g"}`).created()
	var ids [writers]string
	for i := range ids {
		ids[i] = s.do("POST", "/Users", fmt.Sprintf(`{"userName":"u%d"}`, i)).created()
	}
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			s.do("PATCH", g, `{"Operations":[{"op":"add","path":"members","value":[{"value":"`+id+`"}]}]}`).is(http.StatusNoContent)
		})
	}
	wg.Wait()
	a := s.do("GET", g, "")
	members, _ := a.json()["members"].([]any)
	if len(members) != writers || a.Header().Get("ETag") != fmt.Sprintf(`W/"%d"`, writers+1) {
		t.Errorf("%d members, version %s", len(members), a.Header().Get("ETag"))
	}
}

func TestOfManyWhoHaveReadTheSameVersionOneSucceeds(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/Users/" + s.do("POST", "/Users", ann).created(), "/Groups/" + s.do("POST", "/Groups", `{"displayName":"g"}`).created()} {
		var wg sync.WaitGroup
		var done, refused atomic.Int32
		for i := range writers {
			wg.Go(func() {
				a := s.do("PATCH", path, fmt.Sprintf(`{"Operations":[{"op":"replace","path":"externalId","value":"x%d"}]}`, i), "If-Match", `W/"1"`)
				switch a.Code {
				case http.StatusOK, http.StatusNoContent:
					done.Add(1)
				case http.StatusPreconditionFailed:
					refused.Add(1)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 || refused.Load() != writers-1 {
			t.Errorf("%s: %d succeeded, %d were refused", path, done.Load(), refused.Load())
		}
		if v := s.do("GET", path, "").Header().Get("ETag"); v != `W/"2"` {
			t.Errorf("version %s", v)
		}
	}
}

func TestOfManyWhoCreateTheSameUserOneSucceeds(t *testing.T) {
	s := start(t)
	var wg sync.WaitGroup
	var made, taken atomic.Int32
	for range writers {
		wg.Go(func() {
			switch s.do("POST", "/Users", ann).Code {
			case http.StatusCreated:
				made.Add(1)
			case http.StatusConflict:
				taken.Add(1)
			}
		})
	}
	wg.Wait()
	if n, _ := s.do("GET", "/Users", "").list(); made.Load() != 1 || taken.Load() != writers-1 || n != 1 {
		t.Errorf("%d made, %d refused, %d there", made.Load(), taken.Load(), n)
	}
}

func TestReadersSeeWholeResourcesWhileOthersWrite(t *testing.T) {
	s := start(t)
	u := s.do("POST", "/Users", ann).created()
	g := s.do("POST", "/Groups", `{"displayName":"g"}`).created()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 50 {
				v := fmt.Sprintf("%d-%d", i, n)
				s.do("PATCH", "/Users/"+u, `{"Operations":[{"op":"replace","value":{"title":"`+v+`","nickName":"`+v+`"}}]}`).is(http.StatusOK)
				op := []string{"add", "remove"}[n%2]
				s.do("PATCH", "/Groups/"+g, `{"Operations":[{"op":"`+op+`","path":"members","value":[{"value":"`+u+`"}]}]}`).is(http.StatusNoContent)
			}
		})
		wg.Go(func() {
			for range 50 {
				if v := s.do("GET", "/Users/"+u, "").is(http.StatusOK).json(); v["title"] != v["nickName"] {
					t.Errorf("half a change is seen: %v", v)
				}
				s.do("GET", "/Groups?filter=members+eq+%22"+u+"%22", "").is(http.StatusOK)
				s.do("GET", "/Users?sortBy=title&filter=title+pr", "").is(http.StatusOK)
			}
		})
	}
	wg.Wait()
}
