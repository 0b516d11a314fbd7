import type { EnrichedAttempt } from './enriched-attempt.js';
import { countryNumber, hashText } from './text.js';

/** The attempt has no such trait. No network, country or (practically) hash has this number. */
export const NOTHING = -1;

/** What an attempt shows of its source, as whole numbers: computed once, compared often. */
export interface Traits {
  country: number;
  network: number;
  prefix: number;
  client: number;
  device: number;
}

export function traitsOf(attempt: EnrichedAttempt): Traits {
  const { place, network, deviceId } = attempt;
  return {
    country: place === null ? NOTHING : countryNumber(place.country),
    network: network.asn ?? NOTHING,
    prefix: hashText(attempt.prefixKey),
    client: hashText(attempt.clientKey),
    device: deviceId === null ? NOTHING : hashText(deviceId),
  };
}
