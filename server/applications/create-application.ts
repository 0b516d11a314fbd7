import { randomInt, randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { NewKey } from '../contracts/applications.js';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import { sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import { makeKey, prefixOf } from './domain/key.js';
import { ApplicationEntity, type ApplicationKind } from './store/application.entity.js';
import { ApplicationKeyEntity } from './store/application-key.entity.js';

/** A fresh key; `key` is the only place where the secret ever stands. */
export type FreshKey = { entity: ApplicationKeyEntity; key: string };

/** Applications and the keys with which they report. */
export class CreateApplication {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /**
   * Creates an application with its first key.
   * @throws Refusal `already_exists` when another one has that name
   */
  async create(
    name: string,
    kind: ApplicationKind,
    key: NewKey,
    by: Actor,
  ): Promise<{ application: ApplicationEntity; key: FreshKey }> {
    return this.database.transaction(async (tx) => {
      const values = { id: randomUUID(), name, nameKey: name.toLowerCase(), kind };
      const inserted = await tx
        .createQueryBuilder()
        .insert()
        .into(ApplicationEntity)
        .values(values)
        .orIgnore()
        .returning('id')
        .execute();
      if ((inserted.raw as unknown[]).length === 0)
        throw new Refusal('already_exists', { detail: `There is an application named ${name}.` });
      const application = await tx.findOneByOrFail(ApplicationEntity, { id: values.id });
      await this.audit.append(tx, {
        actor: by,
        action: 'application.created',
        target: { kind: 'application', id: values.id },
        detail: { name, before: null, after: { name, kind } },
      });
      return { application, key: await this.addKey(tx, values.id, key, by) };
    });
  }

  /** @throws Refusal `not_found`; `forbidden` for Gatehouse itself, which needs none */
  async createKey(applicationId: string, key: NewKey, by: Actor): Promise<FreshKey> {
    return this.database.transaction(async (tx) => {
      const application = await tx.findOneBy(ApplicationEntity, { id: applicationId });
      if (!application) throw new Refusal('not_found');
      if (application.kind === 'gatehouse')
        throw new Refusal('forbidden', { detail: 'Gatehouse records its own sign-ins and has no key.' });
      return this.addKey(tx, applicationId, key, by);
    });
  }

  /**
   * Replaces a key by a new one of the same scopes; the old one stops after the overlap.
   * @throws Refusal `not_found`; `illegal_transition` for a key that was replaced, was ended or has run out
   */
  async rotateKey(applicationId: string, keyId: string, overlapMinutes: number, by: Actor): Promise<FreshKey> {
    return this.database.transaction(async (tx) => {
      const old = await tx.findOneBy(ApplicationKeyEntity, { id: keyId, applicationId });
      if (!old) throw new Refusal('not_found');
      const fresh = await this.addKey(tx, applicationId, { scopes: old.scopes }, by, keyId);
      const [, replaced] = await tx.query<[unknown, number]>(
        `UPDATE application_keys SET replaced_by = $3, expires_at = least(coalesce(expires_at, 'infinity'), now() + make_interval(mins => $2))
         WHERE id = $1 AND replaced_by IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
        [keyId, overlapMinutes, fresh.entity.id],
      );
      if (replaced === 0)
        throw new Refusal('illegal_transition', {
          detail: 'This key was replaced, was ended or has run out: make a new one.',
        });
      return fresh;
    });
  }

  /** Ends a key at once. Ending it twice is harmless. */
  async revokeKey(applicationId: string, keyId: string, by: Actor): Promise<ApplicationKeyEntity> {
    return this.database.transaction(async (tx) => {
      const found = await tx.findOneBy(ApplicationKeyEntity, { id: keyId, applicationId });
      if (!found) throw new Refusal('not_found');
      if (found.revokedAt) return found;
      const application = await tx.findOneByOrFail(ApplicationEntity, { id: applicationId });
      await tx.query('UPDATE application_keys SET revoked_at = now() WHERE id = $1', [keyId]);
      await this.audit.append(tx, {
        actor: by,
        action: 'key.revoked',
        target: { kind: 'key', id: keyId },
        detail: {
          application: application.name,
          applicationId,
          prefix: prefixOf(found.publicId),
          before: { valid: true },
          after: { valid: false },
        },
      });
      return tx.findOneByOrFail(ApplicationKeyEntity, { id: keyId });
    });
  }

  private async addKey(
    tx: EntityManager,
    applicationId: string,
    input: NewKey,
    by: Actor,
    replaces?: string,
  ): Promise<FreshKey> {
    const { publicId, secret, key } = makeKey((bound) => randomInt(bound));
    const id = randomUUID();
    const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt);
    await tx.insert(ApplicationKeyEntity, {
      id,
      applicationId,
      publicId,
      secretHash: sha256(secret),
      scopes: [...new Set(input.scopes)],
      expiresAt,
    });
    const { name: application } = await tx.findOneByOrFail(ApplicationEntity, { id: applicationId });
    const detail = {
      application,
      applicationId,
      prefix: prefixOf(publicId),
      before: null,
      after: { scopes: input.scopes.join(', ') },
      ...(replaces === undefined ? {} : { replaces }),
    };
    await this.audit.append(tx, {
      actor: by,
      action: replaces === undefined ? 'key.created' : 'key.rotated',
      target: { kind: 'key', id },
      detail,
    });
    return { entity: await tx.findOneByOrFail(ApplicationKeyEntity, { id }), key };
  }
}
