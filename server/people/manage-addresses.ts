import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { AppendAudit } from '../audit/append-audit.js';
import { claimLink, issueLink, linkLife, lookAtLink, withdrawOutdated } from '../authentication/account-links.js';
import { type AddressQuestion, type AddressView, FURTHER_ADDRESSES_MAX } from '../contracts/addresses.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { sha256 } from '../platform/crypto.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { Limit, Limits } from '../platform/limits.js';
import { normaliseSubject } from '../platform/subject.js';
import type { ChangeOrigin } from './carry-out-changes.js';
import { lockPerson } from './lock-person.js';
import {
  type AddressRow,
  confirmAddress,
  deleteAddress,
  insertAddress,
  lockAddress,
  readAddresses,
  setNotices,
} from './store/addresses.js';

/** Nobody's mailbox is to be filled with questions to confirm it. */
const mailLimit: Limit = { name: 'address:confirm', points: 6, seconds: 3_600, blockSeconds: 3_600 };

type Parts = {
  database: DataSource;
  limiter: Limits;
  notifications: NotifyPerson;
  audit: AppendAudit;
  now: () => number;
};

/** The addresses of a person beside the main one: written to once their owner has confirmed them by mail. */
export class ManageAddresses {
  constructor(private readonly parts: Parts) {}

  /** The main one first. */
  async list(personId: string): Promise<AddressView[]> {
    const { database } = this.parts;
    const [main] = await database.query<{ address: string; addedAt: Date }[]>(
      'SELECT email AS address, created_at AS "addedAt" FROM people WHERE id = $1',
      [personId],
    );
    if (!main) throw new Refusal('not_found');
    const further = await readAddresses(database, personId);
    return [
      { id: null, address: main.address, confirmed: true, notices: true, addedAt: main.addedAt.toISOString() },
      ...further.map(toAddressView),
    ];
  }

  /**
   * Asks the owner of the address to confirm it. Whether it is somebody else's is not said: their mailbox just can't confirm it.
   * @throws Refusal `already_exists` for one of the own, `conflict` when there are too many, `too_many_tries`
   */
  async add(personId: string, address: string, origin: ChangeOrigin): Promise<void> {
    await this.parts.limiter.take(mailLimit, personId);
    await this.parts.database.transaction(async (tx) => {
      const person = await lockPerson(tx, personId);
      const addressKey = normaliseSubject(address);
      const id = randomUUID();
      if ((await readAddresses(tx, personId)).length >= FURTHER_ADDRESSES_MAX)
        throw new Refusal('conflict', { detail: `${FURTHER_ADDRESSES_MAX} further addresses are the most.` });
      const isMain = addressKey === normaliseSubject(person.email);
      if (isMain || !(await insertAddress(tx, { id, personId, address, addressKey }))) {
        const message = 'You have this address already.';
        throw new Refusal('already_exists', { detail: message, errors: [{ path: 'address', message }] });
      }
      await this.write(tx, personId, 'address.added', { after: { address } }, origin);
      await this.askToConfirm(tx, personId, { id, address });
    });
  }

  /** @throws Refusal `not_found`, `too_many_tries` */
  async askAgain(personId: string, id: string): Promise<void> {
    await this.parts.limiter.take(mailLimit, personId);
    await this.parts.database.transaction(async (tx) => {
      const row = await this.locked(tx, personId, id);
      if (row.confirmedAt === null) await this.askToConfirm(tx, personId, row);
    });
  }

  /** What the mailed link asks; uses nothing up. @throws Refusal `link_invalid` */
  async look(token: string): Promise<AddressQuestion> {
    const { database } = this.parts;
    const { personId, addressId } = await lookAtLink(database, token, ['confirm_address']);
    const [asked] = await database.query<AddressQuestion[]>(
      'SELECT a.address, p.name FROM person_addresses a JOIN people p ON p.id = a.person_id WHERE p.id = $1 AND a.id = $2',
      [personId, addressId],
    );
    if (!asked) throw new Refusal('link_invalid');
    return asked;
  }

  /** By the mailed link, signed in or not. @throws Refusal `link_invalid` */
  async confirm(token: string, origin: Omit<ChangeOrigin, 'by'>): Promise<{ address: string }> {
    return this.parts.database.transaction(async (tx) => {
      // The person comes first, as everywhere else: whoever disables them voids this very link.
      const { personId } = await lookAtLink(tx, token, ['confirm_address']);
      const { name } = await lockPerson(tx, personId);
      const { addressId } = await claimLink(tx, token, ['confirm_address']);
      const row = addressId === null ? undefined : await lockAddress(tx, personId, addressId);
      if (!row || !(await confirmAddress(tx, personId, row.id))) throw new Refusal('link_invalid');
      const { address } = row;
      const by = { kind: 'person', id: personId, name } as const;
      const change = { before: { confirmed: false }, after: { confirmed: true }, address };
      await this.write(tx, personId, 'address.confirmed', change, { ...origin, by });
      await this.tell(tx, personId, 'address_added', address, origin);
      return { address };
    });
  }

  /** @throws Refusal `not_found` */
  async chooseNotices(personId: string, id: string, notices: boolean, origin: ChangeOrigin): Promise<void> {
    await this.parts.database.transaction(async (tx) => {
      const { address, notices: former } = await this.locked(tx, personId, id);
      if (former === notices) return;
      // Told before, so that the address that goes silent hears it: whoever holds a session must not quietly switch messages off.
      if (!notices) await this.tell(tx, personId, 'notices_stopped', address, origin);
      await setNotices(tx, id, notices);
      const change = { address, before: { notices: former }, after: { notices } };
      await this.write(tx, personId, 'address.notices_changed', change, origin);
    });
  }

  /** Tells the others, and for the last time the one that goes. @throws Refusal `not_found` */
  async remove(personId: string, id: string, origin: ChangeOrigin): Promise<void> {
    await this.parts.database.transaction(async (tx) => {
      const { address, confirmedAt } = await this.locked(tx, personId, id);
      await deleteAddress(tx, id);
      await withdrawOutdated(tx, { moved: [personId], promoted: [] });
      await this.write(tx, personId, 'address.removed', { before: { address } }, origin);
      if (confirmedAt === null) return;
      await this.tell(tx, personId, 'address_removed', address, origin);
      await this.tell(tx, personId, 'address_removed', address, origin, address);
    });
  }

  private async locked(tx: EntityManager, personId: string, id: string): Promise<AddressRow> {
    const row = await lockAddress(tx, personId, id);
    if (!row) throw new Refusal('not_found');
    return row;
  }

  private async askToConfirm(tx: EntityManager, personId: string, row: { id: string; address: string }): Promise<void> {
    const token = await issueLink(tx, 'confirm_address', personId, [row.address], row.id);
    await this.parts.notifications.notify(tx, personId, {
      kind: 'address_confirmation',
      payload: { address: row.address, hours: linkLife.confirm_address / 3_600 },
      secret: token,
      to: row.address,
      dedupKey: `address_confirmation:${sha256(token).toString('base64url')}`,
      expiresInSeconds: linkLife.confirm_address,
    });
  }

  private async tell(
    tx: EntityManager,
    personId: string,
    kind: 'address_added' | 'address_removed' | 'notices_stopped',
    address: string,
    origin: Omit<ChangeOrigin, 'by'>,
    to?: string,
  ): Promise<void> {
    const payload = { circumstances: circumstancesOf(origin, this.parts.now()), by: null, address };
    const dedupKey = `${kind}:${randomUUID()}`;
    await this.parts.notifications.notify(tx, personId, {
      kind,
      payload,
      dedupKey,
      ...(to === undefined ? {} : { to }),
    });
  }

  private async write(
    tx: EntityManager,
    personId: string,
    action: string,
    detail: Record<string, unknown>,
    { by, ip }: ChangeOrigin,
  ): Promise<void> {
    await this.parts.audit.append(tx, { actor: by, action, target: { kind: 'person', id: personId }, detail, ip });
    await notify(tx, 'account_changed', { personId, what: 'addresses' });
  }
}

const toAddressView = ({ id, address, addedAt, confirmedAt, notices }: AddressRow): AddressView => ({
  id,
  address,
  confirmed: confirmedAt !== null,
  notices,
  addedAt: addedAt.toISOString(),
});
