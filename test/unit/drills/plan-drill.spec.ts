import { uuidAt } from '../../../server/platform/clock.js';
import { newAttempt } from '../../../server/contracts/attempts.js';
import { acceptAttempt } from '../../../server/attempts/domain/packed-attempts.js';
import { Enrich } from '../../../server/attempts/enrich/enrich.js';
import { type DrillAttack, drillAttacks, drillAttackNames } from '../../../server/contracts/drills.js';
import { judge } from '../../../server/detection/domain/judge.js';
import { createMemory } from '../../../server/detection/domain/memory.js';
import { defaultPolicy } from '../../../server/detection/domain/policy.js';
import { type DrillPlan, planDrill } from '../../../server/drills/domain/plan-drill.js';

const applicationId = '00000000-0000-4000-8000-000000000001';
const now = Date.UTC(2026, 10, 28, 12);

describe('the plan of a drill', () => {
  let enrich: Enrich;
  const planned: DrillPlan = planDrill('run', now);
  const found = new Map<DrillAttack | null, Set<string>>();

  beforeAll(async () => {
    enrich = await Enrich.open({ cityDatabase: undefined, asnDatabase: undefined });
    const memory = createMemory(defaultPolicy);
    for (const { attack, at, attempt } of [...planned.history, ...planned.attacks]) {
      const ids = { attemptId: uuidAt(at), applicationId, occurredAt: at, receivedAt: now };
      const { findings } = judge(
        enrich.enrichDrill(acceptAttempt(newAttempt.parse(attempt), ids)),
        memory,
        defaultPolicy,
      );
      for (const { kind } of findings) found.set(attack, (found.get(attack) ?? new Set()).add(kind));
    }
  }, 30_000);

  it.each(drillAttackNames)('has %s caught by the policy that an installation begins with', (attack) => {
    const expected: readonly string[] = drillAttacks[attack];
    expect(
      [...(found.get(attack) ?? [])].some((kind) => expected.includes(kind)) || [...(found.get(attack) ?? [])],
    ).toBe(true);
  });

  it('has honest sign-ins that raise nothing', () => {
    expect([...(found.get(null) ?? [])]).toEqual([]);
  });

  it('uses nobody and no address that could be real, and a millisecond for each attempt', () => {
    const all = [...planned.history, ...planned.attacks];
    expect(all.every(({ attempt }) => attempt.subject.endsWith('@drill.invalid'))).toBe(true);
    expect(all.every(({ attempt }) => /^198\.1[89]\./.test(attempt.ip))).toBe(true);
    expect(new Set(all.map(({ at }) => at)).size).toBe(all.length);
    expect(all.every(({ at }) => at < now)).toBe(true);
    const networks = new Map<string, Set<DrillAttack>>();
    for (const { attack, attempt } of planned.attacks.filter(({ attempt }) => attempt.outcome !== 'success')) {
      const { asn } = enrich.enrichDrill(
        acceptAttempt(newAttempt.parse(attempt), {
          attemptId: uuidAt(now),
          applicationId,
          occurredAt: now,
          receivedAt: now,
        }),
      ).network;
      networks.set(String(asn), (networks.get(String(asn)) ?? new Set()).add(attack!));
    }
    for (const names of networks.values()) expect(names.size).toBe(1);
  });

  it('gives an address of the world no place', () => {
    const attempt = newAttempt.parse({ ...planned.attacks[0]!.attempt, ip: '8.8.8.8' });
    const ids = { attemptId: uuidAt(now), applicationId, occurredAt: now, receivedAt: now };
    expect(enrich.enrichDrill(acceptAttempt(attempt, ids))).toMatchObject({
      place: null,
      network: { kind: 'reserved' },
    });
  });
});
