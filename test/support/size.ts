/**
 * How many rounds a proof by repetition takes: few in every run of `npm test`, so that it stays quick, and all of them with
 * `npm test -- --full`.
 */
export const rounds = (full: number, quick: number): number =>
  process.env['GATEHOUSE_TEST_FULL'] === '1' ? full : quick;
