import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- The one target that events are told to; its secrets are sealed.
CREATE TABLE webhook (
  id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  url text NOT NULL,
  events text[] NOT NULL,
  severity risk_level NOT NULL,
  per_window integer NOT NULL CHECK (per_window > 0),
  sealed text NOT NULL,
  former_sealed text,
  former_until timestamptz,
  -- What happened before is not told.
  since timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  failing_since timestamptz,
  disabled_at timestamptz,
  disabled_reason text
);
-- Messages of the outbox to the target belong to no person.
ALTER TABLE notifications ALTER COLUMN person_id DROP NOT NULL,
  ADD CONSTRAINT notifications_receiver CHECK ((person_id IS NULL) = (kind = 'webhook_event'));
CREATE INDEX notifications_events ON notifications (created_at DESC, id) WHERE person_id IS NULL;
CREATE INDEX notifications_events_due ON notifications (next_try_at) WHERE person_id IS NULL AND state IN ('queued', 'held');
CREATE INDEX alerts_resolved ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX revocations_at ON revocations (revoked_at);`;

/** One webhook target, told through the outbox of notifications. */
export class Webhooks1764450644000 implements MigrationInterface {
  readonly name = 'Webhooks1764450644000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX revocations_at, alerts_resolved, notifications_events_due, notifications_events;
      DELETE FROM notifications WHERE person_id IS NULL OR kind = 'webhook_disabled';
      ALTER TABLE notifications DROP CONSTRAINT notifications_receiver, ALTER COLUMN person_id SET NOT NULL;
      DROP TABLE webhook;`);
  }
}
