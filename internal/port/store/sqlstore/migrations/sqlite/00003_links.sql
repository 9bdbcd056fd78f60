-- +goose Up

-- What is ours is told by its id at the target: a record that is taken over belongs to one person only, and a renamed
-- group has two groups at the target until the old one is deleted.
CREATE TABLE links_by_target (
	connection TEXT NOT NULL,
	kind       TEXT NOT NULL,
	source     TEXT NOT NULL,
	target     TEXT NOT NULL,
	PRIMARY KEY (connection, kind, target)
) STRICT, WITHOUT ROWID;
-- Where several had one target it is not known whose it is: it is found anew by its values.
INSERT INTO links_by_target (connection, kind, source, target)
	SELECT connection, kind, min(source), target FROM links GROUP BY connection, kind, target HAVING count(*) = 1;
DROP TABLE links;
ALTER TABLE links_by_target RENAME TO links;
CREATE INDEX links_by_source ON links (connection, kind, source);
