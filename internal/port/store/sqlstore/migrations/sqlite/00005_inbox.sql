-- The directories that identity providers push to by SCIM. Whatever is written has a number of the counter inbox: a change
-- is an event, a resource has the number of the event that made it, and its version is the number of an event of its last
-- change. What is named often (directories, types, attributes) is named by such a number, too.

-- +goose Up
INSERT INTO counters (name, value) VALUES ('inbox', 0), ('inbox_pruned', 0), ('inbox_requests', 0);

CREATE TABLE inbox_directories (
	num     INTEGER PRIMARY KEY,
	id      TEXT NOT NULL UNIQUE,
	name    TEXT NOT NULL,
	created INTEGER NOT NULL
) STRICT;
CREATE TABLE inbox_types (
	num       INTEGER PRIMARY KEY,
	directory INTEGER NOT NULL,
	name      TEXT NOT NULL,
	total     INTEGER NOT NULL, -- how many resources there are
	deleted   INTEGER NOT NULL, -- how many there were: while it stays, nothing moves forward in a list
	UNIQUE (directory, name)
) STRICT;
CREATE TABLE inbox_attributes (
	num  INTEGER PRIMARY KEY,
	type INTEGER NOT NULL,
	role TEXT NOT NULL, -- unique, key (has an index), list (of references, kept apart)
	path TEXT NOT NULL,
	UNIQUE (type, role, path)
) STRICT;

-- A row is short, so that a list of members, which needs their names, reads few pages. A row stays when the resource is
-- deleted, as long as events tell of it.
CREATE TABLE inbox_resources (
	num       INTEGER PRIMARY KEY,
	directory INTEGER NOT NULL,
	type      INTEGER NOT NULL,
	id        TEXT NOT NULL,
	name      TEXT NOT NULL,    -- as references show it
	version   INTEGER NOT NULL,
	created   INTEGER NOT NULL,
	modified  INTEGER NOT NULL,
	gone      INTEGER NOT NULL, -- 1: deleted
	UNIQUE (directory, id)
) STRICT;
CREATE INDEX inbox_resources_by_type ON inbox_resources (type, num) WHERE gone = 0;
CREATE INDEX inbox_resources_by_time ON inbox_resources (type, modified) WHERE gone = 0;
CREATE TABLE inbox_texts (resource INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT; -- the attributes, as JSON

-- Values as scim.Attr.Key makes them.
CREATE TABLE inbox_unique (
	attribute INTEGER NOT NULL,
	key       TEXT NOT NULL,
	resource  INTEGER NOT NULL,
	PRIMARY KEY (attribute, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE inbox_keys (
	attribute INTEGER NOT NULL,
	key       TEXT NOT NULL,
	resource  INTEGER NOT NULL,
	PRIMARY KEY (attribute, key, resource)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox_members (
	owner  INTEGER NOT NULL,
	list   INTEGER NOT NULL,
	member INTEGER NOT NULL,
	display TEXT NOT NULL, -- what the provider calls the member; empty: nothing, and its own name is shown
	PRIMARY KEY (owner, list, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_members_by_member ON inbox_members (member, owner);

-- What an event tells of attributes is how they were before it: how they were afterwards stands in the next one, or in
-- inbox_texts, and nothing is written twice.
CREATE TABLE inbox_events (
	num       INTEGER PRIMARY KEY,
	directory INTEGER NOT NULL,
	at        INTEGER NOT NULL,
	what      INTEGER NOT NULL, -- 1 created, 2 changed, 3 deleted, 4 member added, 5 member removed
	resource  INTEGER NOT NULL, -- that was written
	member    INTEGER NOT NULL, -- 0: none
	before    TEXT NOT NULL     -- of 2 and 3
) STRICT;
CREATE INDEX inbox_events_by_resource ON inbox_events (resource, num);
CREATE INDEX inbox_events_by_member ON inbox_events (member, num) WHERE member > 0;

CREATE TABLE inbox_tokens (
	id        TEXT PRIMARY KEY,
	directory TEXT NOT NULL,
	name      TEXT NOT NULL,
	hash      BLOB NOT NULL,
	created   INTEGER NOT NULL,
	expires   INTEGER NOT NULL,
	revoked   INTEGER NOT NULL,
	used      INTEGER NOT NULL,
	sender    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox_requests (
	seq       INTEGER PRIMARY KEY,
	at        INTEGER NOT NULL,
	took      INTEGER NOT NULL,
	directory TEXT NOT NULL,
	token     TEXT NOT NULL,
	method    TEXT NOT NULL,
	path      TEXT NOT NULL,
	query     TEXT NOT NULL,
	status    INTEGER NOT NULL,
	scim_type TEXT NOT NULL,
	reason    TEXT NOT NULL,
	type      TEXT NOT NULL,
	id        TEXT NOT NULL,
	name      TEXT NOT NULL,
	size      INTEGER NOT NULL,
	agent     TEXT NOT NULL,
	sender    TEXT NOT NULL
) STRICT;
CREATE INDEX inbox_requests_by_time ON inbox_requests (at);
CREATE INDEX inbox_requests_by_id ON inbox_requests (id, seq) WHERE id <> '';
CREATE INDEX inbox_requests_by_name ON inbox_requests (name, seq) WHERE name <> '';
CREATE INDEX inbox_requests_refused ON inbox_requests (directory, seq) WHERE status >= 400;
