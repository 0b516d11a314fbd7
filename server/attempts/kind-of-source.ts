import type { NetworkKind } from '../contracts/detection.js';
import { addressOf } from '../platform/address.js';
import { networkKindOf } from './domain/network-kind.js';

/** What the network of an address is for. @param organisation its operator, null when unknown */
export const kindOfSource = (ip: string, organisation: string | null): NetworkKind =>
  addressOf(ip).special ?? networkKindOf(organisation);
