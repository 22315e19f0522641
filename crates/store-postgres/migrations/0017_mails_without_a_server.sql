-- Attempts that found no server to speak to: they do not count among those of a mail.

ALTER TABLE outgoing_mails ADD COLUMN unreached BIGINT NOT NULL DEFAULT 0;
