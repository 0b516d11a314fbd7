import type { DataSource, EntityManager } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type {
  DetectionPolicyChange,
  DetectionPolicyVersion,
  DetectionPolicyView,
  DetectionSettings,
} from '../contracts/detection-policy.js';
import type { Page } from '../contracts/paging.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Cursors } from '../platform/paging.js';
import { policyText } from './domain/policy-text.js';
import { defaultSettings, differing, faultsOf } from './domain/policy-settings.js';
import {
  insertPolicy,
  lockPolicies,
  readPolicyInForce,
  readPolicyVersion,
  readPolicyVersions,
} from './store/detection-policies.js';

/** @throws Refusal `invalid_request` for settings that don't fit together */
export function requireSound(settings: DetectionSettings): void {
  const errors = faultsOf(settings);
  if (errors.length > 0) throw new Refusal('invalid_request', { errors });
}

/** What detection weighs, looks for and leaves alone; each change is a new version, and none is ever taken away. */
export class ChangeDetectionPolicy {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
    private readonly cursors: Cursors,
  ) {}

  async read(): Promise<DetectionPolicyView> {
    return view(await readPolicyInForce(this.database));
  }

  /** Every version, newest first. */
  async list(query: { cursor?: string | undefined; limit: number }): Promise<Page<DetectionPolicyVersion>> {
    const position = this.cursors.decode('detection-policies', query.cursor);
    const rows = await readPolicyVersions(this.database, position ? Number(position[0]) : null, query.limit + 1);
    return this.cursors.page('detection-policies', rows, query.limit, (row) => [row.version]);
  }

  /** @throws Refusal `not_found` */
  async readVersion(version: number): Promise<DetectionPolicyVersion> {
    const found = await readPolicyVersion(this.database, version);
    if (!found) throw new Refusal('not_found');
    return found;
  }

  /**
   * Puts new settings in force for every attempt from the next batch on.
   * @throws Refusal `invalid_request`, or `conflict` when another version came into force since
   */
  async change(
    caller: PersonCaller,
    { settings, reason, basedOn }: DetectionPolicyChange,
  ): Promise<DetectionPolicyView> {
    requireSound(settings);
    return this.database.transaction((tx) => this.replace(tx, caller, { settings, reason, basedOn }));
  }

  /** Makes the settings of an earlier version a new one. @throws Refusal `not_found`, `conflict` */
  async restore(
    caller: PersonCaller,
    version: number,
    given: { reason: string; basedOn: number },
  ): Promise<DetectionPolicyView> {
    const { settings } = await this.readVersion(version);
    return this.database.transaction((tx) => this.replace(tx, caller, { ...given, settings }));
  }

  private async replace(
    tx: EntityManager,
    caller: PersonCaller,
    { settings, reason, basedOn }: DetectionPolicyChange,
  ): Promise<DetectionPolicyView> {
    await lockPolicies(tx);
    const before = await readPolicyInForce(tx);
    if (before.version !== basedOn) throw new Refusal('conflict');
    const version = before.version + 1;
    await insertPolicy(tx, { version, author: caller.name, reason, settings: differing(settings) });
    const after = await readPolicyInForce(tx);
    await this.audit.append(tx, {
      actor: actorOf(caller),
      action: 'detection_policy.changed',
      target: { kind: 'detection_policy', id: String(version) },
      detail: { reason, before: policyText(before.settings), after: policyText(after.settings) },
    });
    await notify(tx, 'detection_policy_changed', {});
    return view(after);
  }
}

const view = (policy: DetectionPolicyVersion): DetectionPolicyView => ({ ...policy, defaults: defaultSettings });
