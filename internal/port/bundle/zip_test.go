package bundle

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"
)

const manifestText = `{"version":1,"captured_at":"2026-11-20T12:00:00Z","connection":{"method":"entra-scim"}}`

// packed writes a zip; content that is not a string is written by the function.
func packed(t *testing.T, name string, write func(*zip.Writer)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	write(z)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func entryOf(t *testing.T, z *zip.Writer, name, text string) {
	t.Helper()
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

func TestAZipIsReadWhateverItsNameAndTop(t *testing.T) {
	for sentence, c := range map[string]struct{ file, top string }{
		"documents at the top":  {"x.zip", ""},
		"another ending":        {"x.bundle", ""},
		"the folder was packed": {"x.zip", "recording/"},
	} {
		t.Run(sentence, func(t *testing.T) {
			path := packed(t, c.file, func(z *zip.Writer) {
				entryOf(t, z, c.top+"bundle.json", manifestText)
				entryOf(t, z, c.top+"entra/users.json", `{"value":[{"id":"a","userPrincipalName":"a@x.example"},{"id":"b","userPrincipalName":"b@x.example"},{"id":"c","userPrincipalName":"c@x.example"}]}`)
				entryOf(t, z, "__MACOSX/bundle.json", "x")
				entryOf(t, z, c.top+"entra/.DS_Store", "x")
				entryOf(t, z, c.top+"pictures/users.json", "x")
			})
			if w, err := read(t, path, nil); err != nil || len(w.Users) != 3 {
				t.Errorf("error %v", err)
			}
			if w := load(t, path, "c@x.example"); !w.Focused() || len(w.Users) != 1 || w.Users[0].ID != "c" {
				t.Errorf("focused on c: %v", w.Users)
			}
		})
	}
}

func TestAHostileZipIsRefused(t *testing.T) {
	for sentence, c := range map[string]struct {
		write func(*zip.Writer)
		words []string
	}{
		"a name that climbs":      {func(z *zip.Writer) { entryOf(t, z, "../../etc/passwd", "x") }, []string{`"../../etc/passwd"`, "leads out of the bundle"}},
		"a name inside that does": {func(z *zip.Writer) { entryOf(t, z, "entra/../../users.json", "x") }, []string{"leads out of the bundle"}},
		"an absolute name":        {func(z *zip.Writer) { entryOf(t, z, "/etc/passwd", "x") }, []string{`"/etc/passwd"`}},
		"backslashes":             {func(z *zip.Writer) { entryOf(t, z, `entra\users.json`, "x") }, []string{"backslash", "forward slashes"}},
		"one name twice":          {func(z *zip.Writer) { entryOf(t, z, "entra/users.json", "{}"); entryOf(t, z, "entra/users.json", "{}") }, []string{"users.json", "holds it twice"}},
		"a folder as a document":  {func(z *zip.Writer) { entryOf(t, z, "entra/users.json/", "") }, nil},
		"an encrypted document":   {func(z *zip.Writer) { raw(t, z, &zip.FileHeader{Name: "entra/users.json", Flags: 1}, []byte("x")) }, []string{"users.json", "encrypted"}},
		"a strange method":        {func(z *zip.Writer) { raw(t, z, &zip.FileHeader{Name: "entra/users.json", Method: 93}, []byte("x")) }, []string{"users.json", "method (93)"}},
		"a broken stream": {func(z *zip.Writer) {
			raw(t, z, &zip.FileHeader{Name: "entra/users.json", Method: zip.Deflate, UncompressedSize64: 9}, []byte("\xff\xff\xff"))
		}, []string{"users.json", "damaged"}},
		"a wrong checksum": {func(z *zip.Writer) {
			raw(t, z, &zip.FileHeader{Name: "entra/users.json", Method: zip.Store, CRC32: 1, UncompressedSize64: 12}, []byte(`{"value":[]}`))
		}, []string{"users.json", "damaged"}},
		"a link": {func(z *zip.Writer) {
			h := &zip.FileHeader{Name: "entra/users.json"}
			h.SetMode(os.ModeSymlink | 0o777)
			raw(t, z, h, []byte("/etc/passwd"))
		}, []string{"users.json", "no regular file"}},
		"a size that is announced": {func(z *zip.Writer) {
			raw(t, z, &zip.FileHeader{Name: "entra/users.json", Method: zip.Deflate, UncompressedSize64: 3 << 30}, []byte("x"))
		}, []string{"users.json", "3.0 GiB"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			path := packed(t, "x.zip", func(z *zip.Writer) {
				entryOf(t, z, "bundle.json", manifestText)
				c.write(z)
			})
			w, err := read(t, path, nil)
			if c.words == nil {
				if err != nil || w.Has("entra/users.json") {
					t.Errorf("error %v", err)
				}
				return
			}
			refusedWith(t, err, c.words...)
		})
	}
}

func raw(t *testing.T, z *zip.Writer, h *zip.FileHeader, content []byte) {
	t.Helper()
	h.CompressedSize64 = uint64(len(content))
	w, err := z.CreateRaw(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
}

// bomb is what unpacks to so many blanks inside a list.
func bomb(t *testing.T, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	_, _ = w.Write([]byte(`{"value":[`))
	for n := 0; n < size; n += len(blanks) {
		_, _ = w.Write(blanks)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAZipThatUnpacksToFarMoreThanItSaysIsRefused(t *testing.T) {
	content := bomb(t, 64<<20)
	path := packed(t, "x.zip", func(z *zip.Writer) {
		entryOf(t, z, "bundle.json", manifestText)
		raw(t, z, &zip.FileHeader{Name: "entra/users.json", Method: zip.Deflate, UncompressedSize64: 100}, content)
	})
	began := time.Now()
	_, err := read(t, path, func(b *Bundle) { b.Limits.Document = 8 << 20 })
	refusedWith(t, err, "users.json")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the refusal took %s", took)
	}
}

func TestAZipThatListsMillionsOfFilesIsRefused(t *testing.T) {
	header := make([]byte, 46)
	copy(header, "PK\x01\x02")
	list := bytes.Repeat(header, 1<<20)
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[8:], 0xfffe)
	binary.LittleEndian.PutUint16(end[10:], 0xfffe)
	binary.LittleEndian.PutUint32(end[12:], uint32(len(list)))
	binary.LittleEndian.PutUint32(end[16:], 4)
	path := filepath.Join(t.TempDir(), "x.zip")
	if err := os.WriteFile(path, append(append([]byte("PK\x03\x04"), list...), end...), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := read(t, path, nil)
	refusedWith(t, err, "far more files")
}

func TestATruncatedZipIsRefused(t *testing.T) {
	path := packed(t, "x.zip", func(z *zip.Writer) { entryOf(t, z, "bundle.json", manifestText) })
	all, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{4, len(all) / 2, len(all) - 1} {
		if err := os.WriteFile(path, all[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := read(t, path, nil)
		refusedWith(t, err, "damaged")
	}
}
