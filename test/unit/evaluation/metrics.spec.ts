import { metricsOf } from '../../evaluation/metrics.js';

const honest = Array.from({ length: 1000 }, (_, i) => i);

test('a score that ranks every takeover above every honest sign-in is perfect', () => {
  expect(metricsOf([2000, 3000], honest)).toEqual({
    n: 2,
    auc: 1,
    'tpr@0.1%': 1,
    'tpr@1%': 1,
    prAuc: 1,
    reauth90: 0,
  });
});

test('a score that knows nothing is a coin', () => {
  const { auc, 'tpr@1%': tpr } = metricsOf(honest, honest);
  expect(auc).toBeCloseTo(0.5, 3);
  expect(tpr).toBeCloseTo(0.01, 2);
});

test('the cut lies where the share of honest sign-ins says', () => {
  // 990 has 9 honest ones above it, 985 has 14: one per cent is 10.
  const figures = metricsOf([990.5, 985.5, 100.5, 999.5], honest);
  expect(figures['tpr@1%']).toBe(0.5);
  expect(figures['tpr@0.1%']).toBe(0.25);
});
