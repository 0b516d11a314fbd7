import { readFileSync } from 'node:fs';
import { Freeman } from '../../evaluation/freeman.js';

type Login = Parameters<Freeman['score']>[0];

/** Successes in order, with the score that the published reference gives before it learns the event. */
const { events } = JSON.parse(readFileSync(new URL('reference-vectors.json', import.meta.url), 'utf8')) as {
  events: (Login & { score?: number })[];
};

test('the reference score is reproduced to a billionth', () => {
  const freeman = new Freeman();
  let compared = 0;
  for (const { score, ...login } of events) {
    const own = freeman.score(login);
    if (score !== undefined) {
      compared += 1;
      expect(Math.abs((own ?? NaN) - score)).toBeLessThanOrEqual(1e-9 * Math.max(1, score));
    }
    freeman.learn(login);
  }
  expect(compared).toBe(19);
});
