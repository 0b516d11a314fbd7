import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
ALTER TABLE notification_rules
  ADD COLUMN window_minutes integer NOT NULL DEFAULT 10 CHECK (window_minutes BETWEEN 1 AND 1440),
  ADD COLUMN per_window integer NOT NULL DEFAULT 1 CHECK (per_window BETWEEN 1 AND 1000),
  ADD COLUMN per_hour integer NOT NULL DEFAULT 10 CHECK (per_hour BETWEEN 1 AND 1000);
-- When messages about other people wait, in minutes after midnight of the person's own time zone.
CREATE TABLE quiet_hours (
  person_id uuid PRIMARY KEY REFERENCES people ON DELETE CASCADE,
  time_zone text NOT NULL,
  begins smallint CHECK (begins BETWEEN 0 AND 1439),
  ends smallint CHECK (ends BETWEEN 0 AND 1439),
  CHECK ((begins IS NULL) = (ends IS NULL)),
  CHECK (begins <> ends)
);
-- Held messages wait until next_try_at; digested ones were told by the digest that their digest_id names.
ALTER TABLE notifications DROP CONSTRAINT notifications_state_check,
  ADD CONSTRAINT notifications_state_check CHECK (state IN ('queued', 'held', 'digested', 'sent', 'failed', 'bounced')),
  ADD COLUMN budgeted boolean NOT NULL DEFAULT false,
  ADD COLUMN digest_id uuid;
CREATE INDEX notifications_held ON notifications (next_try_at) WHERE state = 'held';
CREATE INDEX notifications_budget ON notifications (person_id) WHERE budgeted AND state NOT IN ('held', 'digested');
`;

const down = `
DROP TABLE quiet_hours;
ALTER TABLE notification_rules DROP COLUMN window_minutes, DROP COLUMN per_window, DROP COLUMN per_hour;
UPDATE notifications SET state = 'queued' WHERE state = 'held';
DELETE FROM notifications WHERE state = 'digested' OR kind = 'digest';
DROP INDEX notifications_held;
DROP INDEX notifications_budget;
ALTER TABLE notifications DROP CONSTRAINT notifications_state_check,
  ADD CONSTRAINT notifications_state_check CHECK (state IN ('queued', 'sent', 'failed', 'bounced')),
  DROP COLUMN budgeted, DROP COLUMN digest_id;
`;

export class MessageBudgets1764441000000 implements MigrationInterface {
  readonly name = 'MessageBudgets1764441000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
