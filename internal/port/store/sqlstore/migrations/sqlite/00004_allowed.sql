-- What a person let go counts in no limit.

-- +goose Up
ALTER TABLE entries ADD COLUMN allowed INTEGER NOT NULL DEFAULT 0; -- of what it takes away, how much a person had let go
