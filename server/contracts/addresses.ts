import { z } from 'zod';
import { instant } from './paging.js';

/** Further addresses that a person may have beside the main one. */
export const FURTHER_ADDRESSES_MAX = 4;

/** An address of a person. The main one is the one to sign in with; it is always confirmed and always written to. */
export const addressView = z.object({
  /** Null for the main address, which only an administrator changes. */
  id: z.uuid().nullable(),
  address: z.string(),
  confirmed: z.boolean(),
  /** Whether security messages go there. */
  notices: z.boolean(),
  addedAt: instant,
});
export type AddressView = z.infer<typeof addressView>;
export const addressList = z.object({ items: z.array(addressView) });
export type AddressList = z.infer<typeof addressList>;

/** What a mailed link asks to confirm: the address, and the name on the account. The mail says both. */
export const addressQuestion = z.object({ address: z.string(), name: z.string() });
export type AddressQuestion = z.infer<typeof addressQuestion>;

export const newAddress = z.strictObject({ address: z.email().max(254) });
export type NewAddress = z.infer<typeof newAddress>;
export const addressChange = z.strictObject({ notices: z.boolean() });
