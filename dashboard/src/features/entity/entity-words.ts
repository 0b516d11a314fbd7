import type { AlertView, EntityView, NetworkKind } from '../../api/types.js';
import { networkName } from '../../ui/naming.js';
import type { Part } from '../../ui/signal-sentence.js';
import { showTime } from '../../ui/time.svelte.js';
import { count, whole } from '../../ui/wording.js';
import { alertHeadline } from '../alerts/alert-sentence.js';

export const networkKindWords: Record<NetworkKind, string> = {
  residential: 'Residential',
  mobile: 'Mobile',
  hosting: 'Hosting',
  vpn: 'VPN',
  tor: 'Tor exit',
  private: 'Private range',
  reserved: 'Reserved range',
  unknown: 'Not known',
};

/** What the page is about, in words. */
export function entityName({ address, application, network }: EntityView, asn: string | undefined): string {
  if (address) return address.ip;
  if (application) return application.name;
  const name = network?.organisation ? ` ${network.organisation}` : '';
  return `AS${asn ?? ''}${name}`;
}

const data = (text: string): Part => ({ text, data: true });
const plain = (text: string): Part => ({ text });

/** How it stands with an address, a network or an application: the worst open alert, or its attempts in one sentence. */
export function entitySentence(view: EntityView, name: string, alerts: readonly AlertView[]): Part[] {
  const { address, counts } = view;
  if (address?.throttledUntil)
    return [
      plain('Sign-ins from '),
      data(name),
      plain(` are refused until ${showTime(address.throttledUntil, 'minute')}.`),
    ];
  const [worst] = alerts;
  if (worst) return alertHeadline(worst);
  const where = view.application ? 'to' : 'from';
  if (counts.attempts === 0) return [data(name), plain(' had no attempts in 30 days.')];
  const inside = address?.special === 'private' ? ', an address inside,' : '';
  const tried = `${count(counts.attempts, 'attempt')} ${where} `;
  const failed =
    counts.failures === 0
      ? ' failed none of the time.'
      : `: ${whole(counts.failures)} failed, ${whole(counts.successes)} got in.`;
  if (counts.failures === 0) return [plain('Nothing failed in '), plain(tried), data(name), plain(`${inside}.`)];
  return [plain(tried), data(name), plain(`${inside}${failed}`)];
}

/** `83 % failed`. */
export function failedShare({ attempts, failures }: EntityView['counts']): string {
  return attempts === 0 ? 'None' : `${whole(Math.round((failures / attempts) * 100))} %`;
}

/** The network in a word: its operator, or that it is inside. */
export const networkOf = (view: EntityView): string => (view.network ? networkName(view.network) : 'Not known');
