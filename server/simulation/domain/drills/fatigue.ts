import { attemptOf, type SimulatedAttempt } from '../attempts.js';
import { SECOND } from '../calendar.js';
import { hexOf } from '../random.js';
import { blocksFor } from '../networks.js';
import { addressesOf, deskPeople, machine, strangerVisit, type Campaign } from './campaign.js';

/**
 * The attacker has the password and pushes the phone seven to ten times within two minutes; the owner refuses, lets
 * it ring, and in the end gives in. Every push is a challenge followed by its answer under one correlation id.
 */
export function* fatigue(campaign: Campaign): Generator<SimulatedAttempt> {
  const { random, company, startsAt } = campaign;
  const victim = random.pick(deskPeople(company).filter(({ factor }) => factor === 'push'));
  const [ip = ''] = addressesOf(random.pick(blocksFor('hosting')), 1, random);
  const visit = strangerVisit(campaign, victim, 'Webmail', ip, machine(campaign, 'windows-chrome'));
  const pushes = random.int(7, 10);
  let at = startsAt;
  for (let push = 1; push <= pushes; push++) {
    const correlationId = `c-${hexOf(`${campaign.id}/${push}`, 16)}`;
    const asked = { outcome: 'challenge', reason: 'factor_required', factor: 'push', correlationId } as const;
    yield attemptOf(visit, at, { ...asked, password: 'stolen' });
    at += random.between(4, 9) * SECOND;
    if (push === pushes) yield attemptOf(visit, at, { outcome: 'success', factor: 'push', correlationId });
    else {
      const reason = random.chance(0.75) ? 'factor_denied' : 'factor_timeout';
      yield attemptOf(visit, at, { outcome: 'failure', reason, factor: 'push', correlationId });
    }
    at += random.between(2, 4) * SECOND;
  }
}
