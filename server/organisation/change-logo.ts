import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import { LOGO_BYTES_MAX, LOGO_SIDE_MAX, LOGO_SIDE_MIN, type OrganisationView } from '../contracts/organisation.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Picture, PictureFault } from './domain/picture.js';
import { readPicture } from './domain/read-picture.js';
import {
  deleteLogo,
  lockOrganisation,
  readLogo,
  readOrganisation,
  type StoredLogo,
  writeLogo,
} from './store/organisation.js';

const faults: Record<PictureFault, string> = {
  unknown: 'It is neither a PNG nor a JPEG nor a WebP. SVG is not taken, as it can hold programs.',
  broken: 'The file is damaged.',
  moves: 'It moves; a logo stands still.',
};

/** The picture of the organisation: kept without anything that isn't drawn, and served by the hash of what is kept. */
export class ChangeLogo {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `logo_unusable` with the reason */
  async set(caller: PersonCaller, image: string, ip: string): Promise<OrganisationView> {
    const picture = usable(Buffer.from(image, 'base64'));
    const hash = createHash('sha256').update(picture.bytes).digest('hex').slice(0, 32);
    return this.database.transaction(async (tx) => {
      await lockOrganisation(tx);
      const before = describe(await readOrganisation(tx));
      await writeLogo(tx, hash, picture);
      const after = await readOrganisation(tx);
      await this.note(tx, caller, 'organisation.logo_set', { before, after: describe(after) }, ip);
      return after;
    });
  }

  /** Removing what isn't there changes nothing. */
  async remove(caller: PersonCaller, ip: string): Promise<OrganisationView> {
    return this.database.transaction(async (tx) => {
      await lockOrganisation(tx);
      const before = describe(await readOrganisation(tx));
      if ((await deleteLogo(tx)) !== null)
        await this.note(tx, caller, 'organisation.logo_removed', { before, after: {} }, ip);
      return readOrganisation(tx);
    });
  }

  read(hash: string): Promise<StoredLogo | undefined> {
    return readLogo(this.database, hash);
  }

  private async note(
    tx: Parameters<AppendAudit['append']>[0],
    caller: PersonCaller,
    action: string,
    detail: Record<string, unknown>,
    ip: string,
  ): Promise<void> {
    await this.audit.append(tx, {
      actor: actorOf(caller),
      action,
      target: { kind: 'organisation', id: null },
      detail,
      ip,
    });
  }
}

/** A logo as the audit log keeps it: which picture it was, not the picture. */
function describe({ logo }: OrganisationView): Record<string, string> {
  return logo ? { logo: logo.url.split('/').at(-1) ?? '', size: `${logo.width} × ${logo.height}` } : {};
}

function usable(bytes: Uint8Array): Picture {
  const refuse = (detail: string): Refusal =>
    new Refusal('logo_unusable', { detail, errors: [{ path: 'image', message: detail }] });
  if (bytes.length > LOGO_BYTES_MAX) throw refuse(`It is larger than ${LOGO_BYTES_MAX / 1024} KiB.`);
  const picture = readPicture(bytes);
  if (typeof picture === 'string') throw refuse(faults[picture]);
  const { width, height } = picture;
  const fits = (side: number): boolean => side >= LOGO_SIDE_MIN && side <= LOGO_SIDE_MAX;
  if (!fits(width) || !fits(height))
    throw refuse(`It is ${width} × ${height} pixels; each side must have ${LOGO_SIDE_MIN} to ${LOGO_SIDE_MAX}.`);
  return picture;
}
