-- Times are nanoseconds since 1970 in UTC, 0 for none. Numbers of entries, subjects and names come from the table
-- counters, never from the database, so that they are never given twice and the same statements serve PostgreSQL.

-- +goose Up
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('entries', 0), ('subjects', 0), ('names', 0), ('mirrors', 0), ('kinds', 0), ('pruned', 0);

CREATE TABLE leases (
	connection TEXT PRIMARY KEY,
	holder     TEXT NOT NULL, -- '': nobody
	token      INTEGER NOT NULL,
	expires    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
	id         TEXT PRIMARY KEY,
	connection TEXT NOT NULL,
	command    TEXT NOT NULL,
	plan       TEXT NOT NULL,
	starter    TEXT NOT NULL,
	started    INTEGER NOT NULL,
	ended      INTEGER NOT NULL,
	state      TEXT NOT NULL,
	text       TEXT NOT NULL,
	done       INTEGER NOT NULL,
	failed     INTEGER NOT NULL,
	stale      INTEGER NOT NULL,
	blocked    INTEGER NOT NULL,
	held       INTEGER NOT NULL
) STRICT;
CREATE INDEX runs_by_start ON runs (connection, started, id);

-- Whom entries are about. A million memberships name the same people over and over: each is written once, and entries
-- hold its number. The keys are folded.
CREATE TABLE subjects (
	num        INTEGER PRIMARY KEY,
	id         TEXT NOT NULL,
	name       TEXT NOT NULL,
	target     TEXT NOT NULL,
	id_key     TEXT NOT NULL,
	name_key   TEXT NOT NULL,
	target_key TEXT NOT NULL,
	UNIQUE (id, name, target)
) STRICT;
CREATE INDEX subjects_by_id ON subjects (id_key);
CREATE INDEX subjects_by_name ON subjects (name_key);
CREATE INDEX subjects_by_target ON subjects (target_key);

CREATE TABLE entries (
	seq        INTEGER PRIMARY KEY,
	connection TEXT NOT NULL,
	run        TEXT NOT NULL,
	step       TEXT NOT NULL,
	op         TEXT NOT NULL,
	kind       TEXT NOT NULL,
	subject    INTEGER NOT NULL,
	fields     TEXT NOT NULL,
	adds       INTEGER NOT NULL, -- how many members
	removes    INTEGER NOT NULL,
	reason     TEXT NOT NULL,
	why        TEXT NOT NULL,
	at         INTEGER NOT NULL,
	took       INTEGER NOT NULL,
	outcome    TEXT NOT NULL,
	class      TEXT NOT NULL,
	text       TEXT NOT NULL,
	status     INTEGER NOT NULL,
	request    TEXT NOT NULL,
	approved   TEXT NOT NULL
) STRICT;
CREATE INDEX entries_by_run ON entries (run, seq);
CREATE INDEX entries_by_subject ON entries (subject, seq);
CREATE INDEX entries_by_time ON entries (at);
CREATE INDEX entries_open ON entries (connection, seq) WHERE outcome = 'intended';
CREATE INDEX entries_taken ON entries (connection, at) WHERE op IN ('deactivate', 'delete') OR removes > 0;

CREATE TABLE entry_members (
	seq     INTEGER NOT NULL,
	pos     INTEGER NOT NULL,
	subject INTEGER NOT NULL,
	adds    INTEGER NOT NULL, -- 1: added, 0: taken out
	PRIMARY KEY (seq, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_members_by_subject ON entry_members (subject, seq);

CREATE TABLE links (
	connection TEXT NOT NULL,
	kind       TEXT NOT NULL,
	source     TEXT NOT NULL,
	target     TEXT NOT NULL,
	PRIMARY KEY (connection, kind, source)
) STRICT, WITHOUT ROWID;

-- Mirrors. version rises with every change, so that a reading that was overtaken is not kept.
CREATE TABLE mirrors (
	num        INTEGER PRIMARY KEY,
	connection TEXT NOT NULL,
	side       TEXT NOT NULL,
	version    INTEGER NOT NULL,
	cursor     TEXT NOT NULL,
	at         INTEGER NOT NULL,
	full_at    INTEGER NOT NULL,
	UNIQUE (connection, side)
) STRICT;

CREATE TABLE files (
	mirror INTEGER NOT NULL,
	file   TEXT NOT NULL,
	whole  INTEGER NOT NULL,
	PRIMARY KEY (mirror, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE gaps (
	mirror  INTEGER NOT NULL,
	file    TEXT NOT NULL,
	pos     INTEGER NOT NULL,
	subject TEXT NOT NULL,
	what    TEXT NOT NULL,
	why     TEXT NOT NULL,
	call    TEXT NOT NULL,
	PRIMARY KEY (mirror, file, pos)
) STRICT, WITHOUT ROWID;

CREATE TABLE objects (
	mirror INTEGER NOT NULL,
	file   TEXT NOT NULL,
	id     TEXT NOT NULL,
	object TEXT NOT NULL,
	PRIMARY KEY (mirror, file, id)
) STRICT, WITHOUT ROWID;

-- A membership is three small numbers instead of five texts: a tenth of the size, and as much faster. Names of groups
-- carry their file, names of members ''.
CREATE TABLE names (
	num    INTEGER PRIMARY KEY,
	mirror INTEGER NOT NULL,
	file   TEXT NOT NULL,
	id     TEXT NOT NULL,
	UNIQUE (mirror, file, id)
) STRICT;
CREATE TABLE kinds (num INTEGER PRIMARY KEY, kind TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE members (
	grp    INTEGER NOT NULL,
	member INTEGER NOT NULL,
	kind   INTEGER NOT NULL,
	PRIMARY KEY (grp, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE holds (
	connection TEXT NOT NULL,
	step       TEXT NOT NULL,
	item       TEXT NOT NULL,
	run        TEXT NOT NULL,
	op         TEXT NOT NULL,
	kind       TEXT NOT NULL,
	subject    TEXT NOT NULL, -- JSON
	member     TEXT NOT NULL, -- JSON
	code       TEXT NOT NULL,
	text       TEXT NOT NULL,
	detail     TEXT NOT NULL,
	found      INTEGER NOT NULL,
	approved   TEXT NOT NULL,
	note       TEXT NOT NULL,
	approved_at INTEGER NOT NULL,
	PRIMARY KEY (connection, step, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_calls (
	connection TEXT NOT NULL,
	at         INTEGER NOT NULL,
	counts     TEXT NOT NULL,
	findings   TEXT NOT NULL,
	PRIMARY KEY (connection, at)
) STRICT;
