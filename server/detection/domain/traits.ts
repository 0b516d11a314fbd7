import type { EnrichedAttempt } from './enriched-attempt.js';
import { countryNumber, hashText } from './text.js';

/** The attempt has no such trait. No network, country or (practically) hash has this number. */
export const NOTHING = -1;

/** What an attempt shows of its source, as whole numbers: computed once, compared often. */
export interface Traits {
  country: number;
  network: number;
  prefix: number;
  address: number;
  /** Country and device class, OS and browser family together; `NOTHING` without a country. */
  visit: number;
  /** Device class, OS and browser family; the user agent to the last letter. */
  client: number;
  agent: number;
  /** The application's own id of the device. */
  device: number;
}

export function traitsOf(attempt: EnrichedAttempt): Traits {
  const { place, network, userAgent, deviceId } = attempt;
  const family = hashText(attempt.clientKey);
  const country = place === null ? NOTHING : countryNumber(place.country);
  return {
    country,
    visit: country === NOTHING ? NOTHING : Math.imul(family, 31) ^ country,
    network: network.asn ?? NOTHING,
    prefix: hashText(attempt.prefixKey),
    address: hashText(attempt.addressKey),
    client: family,
    // Without a user agent the family is all there is.
    agent: userAgent === null ? family : hashText(userAgent),
    device: deviceId === null ? NOTHING : hashText(deviceId),
  };
}
