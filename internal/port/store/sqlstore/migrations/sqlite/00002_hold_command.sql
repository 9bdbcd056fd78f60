-- What waits is replaced by the command that found it: a plan knows nothing of repairs, and a repair nothing of plans.

-- +goose Up
ALTER TABLE holds ADD COLUMN command TEXT NOT NULL DEFAULT 'apply';
