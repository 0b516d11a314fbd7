import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- How people are told: one row of settings.
CREATE TABLE notification_rules (
  id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  high_minutes integer NOT NULL DEFAULT 30 CHECK (high_minutes BETWEEN 5 AND 1440),
  critical_minutes integer NOT NULL DEFAULT 15 CHECK (critical_minutes BETWEEN 5 AND 1440)
);
INSERT INTO notification_rules DEFAULT VALUES;

-- What the reporting line, then security, are told of an alert until somebody answers. next_step_at is null once nobody else is to be told.
CREATE TABLE warnings (
  alert_id uuid PRIMARY KEY REFERENCES alerts ON DELETE CASCADE,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  attempt_id uuid,
  stepped boolean NOT NULL DEFAULT false,
  next_step_at timestamptz
);
CREATE INDEX warnings_due ON warnings (next_step_at) WHERE next_step_at IS NOT NULL;
CREATE INDEX warnings_person ON warnings (person_id);
-- Each is told once, with a token that only the mail holds.
CREATE TABLE warning_receivers (
  alert_id uuid NOT NULL REFERENCES warnings ON DELETE CASCADE,
  receiver_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  step text NOT NULL CHECK (step IN ('line', 'security')),
  token_hash bytea NOT NULL UNIQUE,
  told_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (alert_id, receiver_id)
);
CREATE INDEX warning_receivers_receiver ON warning_receivers (receiver_id);
-- Each answer is given once.
CREATE TABLE warning_answers (
  alert_id uuid NOT NULL REFERENCES warnings ON DELETE CASCADE,
  answer text NOT NULL CHECK (answer IN ('asking', 'expected', 'not_expected')),
  receiver_id uuid REFERENCES people ON DELETE SET NULL,
  answered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (alert_id, answer)
);
CREATE INDEX warning_answers_receiver ON warning_answers (receiver_id);
`;

export class Warnings1764430000000 implements MigrationInterface {
  readonly name = 'Warnings1764430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE warning_answers, warning_receivers, warnings, notification_rules');
  }
}
