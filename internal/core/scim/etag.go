package scim

import "strings"

// VersionFits tells whether a version is among the entity tags of an If-Match or If-None-Match header, or the header is *.
// Tags are compared weakly (RFC 9110, 8.8.3.2): a SCIM version says that the values are the same, not the bytes.
func VersionFits(header, version string) bool {
	header = strings.TrimSpace(header)
	if header == "*" {
		return true
	}
	for header != "" {
		tag := header
		quote := strings.IndexByte(header, '"')
		end := -1
		if quote >= 0 {
			end = strings.IndexByte(header[quote+1:], '"')
		}
		if comma := strings.IndexByte(header, ','); end >= 0 && (comma < 0 || comma > quote) {
			tag, header = header[:quote+end+2], header[quote+end+2:]
		} else if comma >= 0 {
			tag, header = header[:comma], header[comma:]
		} else {
			header = ""
		}
		if opaqueTag(tag) == opaqueTag(version) && version != "" {
			return true
		}
		header = strings.TrimLeft(header, ", \t")
	}
	return false
}

// opaqueTag is a tag without W/ and quotes: some clients forget those.
func opaqueTag(tag string) string {
	return strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
}
