import { networkKindOf } from '../../../server/attempts/domain/network-kind.js';

test.each([
  ['The Constant Company, LLC', 'hosting'],
  ['Hetzner Online GmbH', 'hosting'],
  ['Amazon.com, Inc.', 'hosting'],
  ['M247 Europe SRL', 'vpn'],
  ['Vodafone Portugal - Communicacoes Pessoais S.A.', 'mobile'],
  ['T-Mobile Austria GmbH', 'mobile'],
  ['SPACEX-STARLINK', 'mobile'],
  ['Viasat Inc.', 'mobile'],
  ['Deutsche Telekom AG', 'residential'],
  ['Comcast Cable Communications, LLC', 'residential'],
  [null, 'unknown'],
] as const)('%s is %s', (organisation, kind) => {
  expect(networkKindOf(organisation)).toBe(kind);
});
