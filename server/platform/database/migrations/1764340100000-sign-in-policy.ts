import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- What a role has to show at sign-in, and how long its sessions live.
CREATE TABLE role_rules (
  role text PRIMARY KEY CHECK (role IN ('user', 'manager', 'analyst', 'admin', 'auditor')),
  factor_required_since timestamptz,
  idle_minutes integer NOT NULL CHECK (idle_minutes >= 5),
  absolute_minutes integer NOT NULL CHECK (absolute_minutes BETWEEN 60 AND 43200),
  CHECK (idle_minutes <= absolute_minutes)
);
INSERT INTO role_rules (role, factor_required_since, idle_minutes, absolute_minutes)
SELECT role, CASE WHEN role = ANY(required_roles) THEN required_since END, idle, absolute FROM sign_in_policy,
  (VALUES ('user', 10080, 43200), ('manager', 10080, 43200), ('analyst', 480, 1440), ('admin', 480, 1440), ('auditor', 480, 1440)) AS r (role, idle, absolute);
ALTER TABLE sign_in_policy DROP COLUMN required_roles, DROP COLUMN required_since;
`;

const down = `
ALTER TABLE sign_in_policy ADD COLUMN required_roles text[] NOT NULL DEFAULT '{}', ADD COLUMN required_since timestamptz NOT NULL DEFAULT now();
UPDATE sign_in_policy SET required_roles = ARRAY(SELECT role FROM role_rules WHERE factor_required_since IS NOT NULL),
  required_since = coalesce((SELECT min(factor_required_since) FROM role_rules), now());
DROP TABLE role_rules;
`;

export class SignInPolicy1764340100000 implements MigrationInterface {
  readonly name = 'SignInPolicy1764340100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
