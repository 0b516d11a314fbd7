import { decide } from '../../../server/detection/domain/decide.js';
import { judge } from '../../../server/detection/domain/judge.js';
import { defaultPolicy } from '../../../server/detection/domain/policy.js';
import { aMemory, anAttack, anAttempt, MINUTE, SECOND, series, T0 } from './builders.js';

const people = ['sam', 'lee', 'kim', 'ana', 'bo', 'cy', 'dee', 'eve', 'fay', 'gus', 'hal', 'ida'];
const later = { occurredAt: T0 + 10 * MINUTE };

describe('what to do with a sign-in', () => {
  it('lets the owner in at home, also while others attack the account from elsewhere', () => {
    const memory = aMemory(people);
    for (const attack of series(60, 5 * SECOND, (i, occurredAt) => anAttack({ occurredAt, ip: `203.0.${i}.77` })))
      judge(attack, memory, defaultPolicy);
    expect(decide(anAttempt(later), memory, defaultPolicy)).toMatchObject({ decision: 'allow' });
  });

  it('asks for more where nothing is familiar, and refuses only what comes from a source that attacks', () => {
    const stranger = anAttack({ ...later, outcome: 'success', reason: null });
    const memory = aMemory(people);
    expect(decide(stranger, memory, defaultPolicy).decision).toBe('challenge');
    for (const attack of series(24, 5 * SECOND, (i, occurredAt) =>
      anAttack({ occurredAt, personId: people[i % people.length]! }),
    ))
      judge(attack, memory, defaultPolicy);
    const { decision, risk } = decide(stranger, memory, defaultPolicy);
    expect(risk.score).toBeGreaterThanOrEqual(defaultPolicy.decisions.denyFrom);
    expect(decision).toBe('deny');
  });

  it('leaves no trace: asking a hundred times changes no judgement', () => {
    const [asked, untouched] = [aMemory(), aMemory()];
    for (let i = 0; i < 100; i += 1) decide(anAttack(later), asked, defaultPolicy);
    const then = { id: 'then', ...later };
    expect(judge(anAttack(then), asked, defaultPolicy)).toEqual(judge(anAttack(then), untouched, defaultPolicy));
  });
});
