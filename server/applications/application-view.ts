import type { CreatedKey, KeyView } from '../contracts/applications.js';
import { prefixOf } from './domain/key.js';
import type { FreshKey } from './create-application.js';
import type { ApplicationKeyEntity } from './store/application-key.entity.js';

/** Picks what may be shown of a key: never its hash. */
export const toKeyView = (key: ApplicationKeyEntity): KeyView => ({
  id: key.id,
  prefix: prefixOf(key.publicId),
  scopes: key.scopes,
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt?.toISOString() ?? null,
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  revokedAt: key.revokedAt?.toISOString() ?? null,
  replaced: key.replacedBy !== null,
});

/** With the secret, for the one answer that shows it. */
export const toCreatedKey = (fresh: FreshKey): CreatedKey => ({ ...toKeyView(fresh.entity), key: fresh.key });
