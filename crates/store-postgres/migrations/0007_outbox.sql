-- The outbox's worker: who holds a mail until when, what servers answered, and how often each domain receives.

ALTER TABLE outgoing_mails
    ADD COLUMN domain TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0,
    -- When a waiting mail may be claimed: since it was queued, from its next attempt, or once its holder's lease is over.
    ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0,
    -- The server's words, at the last attempt that it put off.
    ADD COLUMN refusal TEXT;

UPDATE outgoing_mails SET domain = lower(split_part(recipient, '@', 2)), due_at = queued_at;

-- Several processes share a domain's pace.
CREATE TABLE recipient_domains (
    domain TEXT COLLATE "C" PRIMARY KEY,
    receives_at BIGINT NOT NULL
);

DROP INDEX outgoing_mails_queued;
-- From a domain that waits to the next, and in each the mail that has been due the longest.
CREATE INDEX outgoing_mails_due ON outgoing_mails (domain, due_at, id) WHERE delivery = 'queued';
CREATE INDEX outgoing_mails_counted ON outgoing_mails (delivery, (refusal IS NOT NULL), queued_at);
