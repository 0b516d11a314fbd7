import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- Every version of the detection policy; the highest one is in force. Settings hold only what differs from the program's own.
CREATE TABLE detection_policies (
  version integer PRIMARY KEY,
  author text,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  settings jsonb NOT NULL
);
INSERT INTO detection_policies (version, reason, settings) VALUES (1, 'What Gatehouse comes with.', '{}');

-- Replays of stored attempts under other settings.
CREATE TABLE detection_backtests (
  id uuid PRIMARY KEY,
  author text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  days smallint NOT NULL CHECK (days BETWEEN 1 AND 30),
  base_version integer NOT NULL REFERENCES detection_policies,
  settings jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
  -- Whoever runs it, and when that was last heard of.
  holder text,
  tries smallint NOT NULL DEFAULT 0,
  seen_at timestamptz,
  replayed integer NOT NULL DEFAULT 0,
  total integer,
  finished_at timestamptz,
  failure text,
  result jsonb
);
CREATE UNIQUE INDEX detection_backtests_active ON detection_backtests ((true)) WHERE state IN ('waiting', 'running');
`;

const down = `
DROP TABLE detection_backtests;
DROP TABLE detection_policies;
`;

export class DetectionPolicies1764420000000 implements MigrationInterface {
  readonly name = 'DetectionPolicies1764420000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
