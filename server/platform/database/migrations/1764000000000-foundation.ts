import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
CREATE TYPE attempt_outcome AS ENUM ('success', 'failure', 'challenge', 'blocked');
CREATE TYPE network_kind AS ENUM ('residential', 'mobile', 'hosting', 'vpn', 'tor', 'private', 'reserved', 'unknown');
CREATE TYPE device_class AS ENUM ('desktop', 'mobile', 'tablet', 'bot', 'unknown');
CREATE TYPE factor AS ENUM ('password', 'totp', 'passkey', 'push', 'email', 'sms', 'backup_code', 'sso', 'key', 'none');
CREATE TYPE risk_level AS ENUM ('low', 'medium', 'high', 'critical');

CREATE TABLE installation (
  id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  organisation text NOT NULL DEFAULT '',
  time_zone text NOT NULL DEFAULT 'UTC',
  set_up_at timestamptz,
  simulation_state text NOT NULL DEFAULT 'off' CHECK (simulation_state IN ('off', 'starting', 'running', 'removing')),
  simulation_started_at timestamptz
);
INSERT INTO installation DEFAULT VALUES;

CREATE TABLE applications (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  name_key text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('gatehouse', 'connected', 'simulated')),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_attempt_at timestamptz
);
CREATE TABLE application_keys (
  id uuid PRIMARY KEY,
  application_id uuid NOT NULL REFERENCES applications ON DELETE CASCADE,
  public_id text NOT NULL UNIQUE,
  secret_hash bytea NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX ON application_keys (application_id);
CREATE TABLE refused_requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  ip inet NOT NULL,
  code text NOT NULL
);

CREATE TABLE people (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL,
  username text,
  title text,
  role text NOT NULL CHECK (role IN ('user', 'manager', 'analyst', 'admin', 'auditor')),
  manager_id uuid REFERENCES people ON DELETE SET NULL,
  password_hash text,
  disabled_at timestamptz,
  simulated boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON people (lower(name) text_pattern_ops, id);
CREATE INDEX ON people (manager_id) WHERE manager_id IS NOT NULL;
CREATE INDEX ON people (role) WHERE role = 'admin';
-- Every name by which an attempt may mean a person; application_id is nil for names valid everywhere.
CREATE TABLE person_identifiers (
  value text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('email', 'username', 'application')),
  application_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  PRIMARY KEY (value, kind, application_id)
);
CREATE INDEX ON person_identifiers (person_id);

-- Accepted attempts on their way to scoring: one row holds a whole micro-batch. It lives for milliseconds, so it isn't compressed.
CREATE TABLE attempt_inbox (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempts integer NOT NULL,
  crashes smallint NOT NULL DEFAULT 0,
  payload text NOT NULL,
  -- Positions in the payload of what had been recorded before.
  duplicates integer[] NOT NULL DEFAULT '{}'
);
ALTER TABLE attempt_inbox ALTER COLUMN payload SET STORAGE EXTERNAL;
-- What was accepted already: application and external id (or record) hashed to 128 bits.
CREATE TABLE attempt_keys (key uuid PRIMARY KEY, received_on date NOT NULL);
CREATE INDEX ON attempt_keys USING brin (received_on);
-- Who scores: one worker at a time. The epoch fences a former holder that wakes up late; working_on is kept only after a crash.
CREATE TABLE scoring_lane (
  id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  holder text,
  epoch bigint NOT NULL DEFAULT 0,
  renewed_at timestamptz NOT NULL DEFAULT '-infinity',
  working_on bigint[]
);
INSERT INTO scoring_lane DEFAULT VALUES;
CREATE TABLE quarantined_attempts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  inbox_sequence bigint NOT NULL,
  payload text NOT NULL,
  error text NOT NULL
);

CREATE TABLE attempts (
  id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  application_id uuid NOT NULL,
  person_id uuid,
  subject text NOT NULL,
  outcome attempt_outcome NOT NULL,
  reason text,
  ip inet NOT NULL,
  asn bigint,
  organisation text,
  network_kind network_kind NOT NULL,
  country char(2),
  region text,
  city text,
  latitude real,
  longitude real,
  accuracy_km integer,
  device device_class NOT NULL,
  os text,
  browser text,
  user_agent text,
  factor factor,
  device_id text,
  session_id text,
  correlation_id text,
  password_fingerprint text,
  attributes jsonb,
  score smallint NOT NULL,
  level risk_level NOT NULL,
  signals jsonb,
  missing text[],
  policy_version integer NOT NULL,
  simulated boolean NOT NULL,
  PRIMARY KEY (occurred_at, id)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX attempts_person ON attempts (person_id, occurred_at) WHERE person_id IS NOT NULL;
CREATE INDEX attempts_subject ON attempts (subject, occurred_at) WHERE person_id IS NULL;
CREATE INDEX attempts_ip ON attempts (ip, occurred_at);
CREATE INDEX attempts_asn ON attempts (asn, occurred_at) WHERE asn IS NOT NULL;
CREATE INDEX attempts_risky ON attempts (occurred_at, id) WHERE score >= 60;
CREATE INDEX attempts_received ON attempts USING brin (received_at) WITH (pages_per_range = 16);
CREATE TABLE attempt_hours (
  hour timestamptz NOT NULL,
  application_id uuid NOT NULL,
  outcome attempt_outcome NOT NULL,
  attempts bigint NOT NULL,
  PRIMARY KEY (hour, application_id, outcome)
);

-- States are JSON, written and read whole: text, because checking their hundred numbers would cost more than storing them.
CREATE TABLE profiles (
  subject_key text PRIMARY KEY,
  state text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 60);

CREATE TABLE alerts (
  id uuid PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY (START WITH 1001) UNIQUE,
  kind text NOT NULL,
  severity risk_level NOT NULL,
  status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'in_progress', 'resolved')),
  verdict text CHECK (verdict IN ('true_positive', 'false_positive', 'benign')),
  dedup_key text NOT NULL UNIQUE,
  subject text NOT NULL,
  person_id uuid,
  ip inet,
  application_id uuid,
  score smallint,
  evidence jsonb NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  raised_at timestamptz NOT NULL DEFAULT now(),
  assignee_id uuid REFERENCES people ON DELETE SET NULL,
  simulated boolean NOT NULL DEFAULT false
);
CREATE INDEX alerts_open ON alerts (severity DESC, raised_at DESC, id) WHERE status <> 'resolved';
CREATE INDEX alerts_raised ON alerts (raised_at DESC, id);
CREATE INDEX alerts_person ON alerts (person_id, raised_at) WHERE person_id IS NOT NULL;
CREATE INDEX alerts_ip ON alerts (ip, raised_at) WHERE ip IS NOT NULL;
CREATE TABLE alert_attempts (
  alert_id uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
  attempt_id uuid NOT NULL,
  PRIMARY KEY (alert_id, attempt_id)
);
CREATE INDEX ON alert_attempts (attempt_id);
CREATE TABLE alert_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alert_id uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL,
  person_id uuid REFERENCES people ON DELETE SET NULL,
  note text
);
CREATE INDEX ON alert_events (alert_id, id);

CREATE TABLE revocations (
  id uuid PRIMARY KEY,
  revoked_at timestamptz NOT NULL DEFAULT now(),
  by_kind text NOT NULL CHECK (by_kind IN ('self', 'staff', 'system', 'key')),
  by_id uuid,
  by_name text NOT NULL,
  reason text
);
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  aal smallint NOT NULL CHECK (aal IN (1, 2)),
  amr text[] NOT NULL,
  device device_class NOT NULL,
  os text,
  browser text,
  user_agent text,
  ip inet NOT NULL,
  place jsonb,
  network jsonb NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  idle_limit interval NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text,
  revocation_id uuid REFERENCES revocations
);
CREATE INDEX sessions_person ON sessions (person_id, started_at DESC);
CREATE INDEX sessions_live ON sessions (last_seen_at DESC, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended ON sessions (ended_at DESC, id) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_revocation ON sessions (revocation_id) WHERE revocation_id IS NOT NULL;
-- Servers and workers that are alive; a revocation waits for the confirmation of each server in it.
CREATE TABLE nodes (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('server', 'worker')),
  lane boolean NOT NULL DEFAULT false,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE revocation_nodes (
  revocation_id uuid NOT NULL REFERENCES revocations ON DELETE CASCADE,
  node text NOT NULL,
  confirmed_at timestamptz,
  sockets_cut integer NOT NULL DEFAULT 0,
  PRIMARY KEY (revocation_id, node)
);

CREATE TABLE audit_entries (
  sequence bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('person', 'key', 'system', 'cli')),
  actor_id uuid,
  actor_name text NOT NULL,
  action text NOT NULL,
  target_kind text NOT NULL,
  target_id text,
  detail jsonb NOT NULL,
  ip inet,
  previous_hash bytea NOT NULL UNIQUE,
  hash bytea NOT NULL
);
CREATE INDEX ON audit_entries (action, sequence);

-- Used by socket.io's adapter for frames above PostgreSQL's 8,000 byte limit on NOTIFY.
CREATE TABLE socket_io_attachments (
  id bigserial UNIQUE,
  created_at timestamptz DEFAULT now(),
  payload bytea
);
-- Used by rate-limiter-flexible.
CREATE TABLE limits (key varchar(255) PRIMARY KEY, points integer NOT NULL DEFAULT 0, expire bigint);
`;

const tables = [
  'limits',
  'socket_io_attachments',
  'audit_entries',
  'revocation_nodes',
  'nodes',
  'sessions',
  'revocations',
  'alert_events',
  'alert_attempts',
  'alerts',
  'profiles',
  'attempt_hours',
  'attempts',
  'quarantined_attempts',
  'scoring_lane',
  'attempt_keys',
  'attempt_inbox',
  'person_identifiers',
  'people',
  'refused_requests',
  'application_keys',
  'applications',
  'installation',
];
const types = ['risk_level', 'factor', 'device_class', 'network_kind', 'attempt_outcome'];

export class Foundation1764000000000 implements MigrationInterface {
  readonly name = 'Foundation1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table} CASCADE`);
    for (const type of types) await runner.query(`DROP TYPE ${type}`);
  }
}
