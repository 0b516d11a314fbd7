import { strengthOf } from '../../../dashboard/src/ui/strength.js';

describe('the strength of a password', () => {
  it('tells words that do not belong together from what guessers try first', () => {
    expect(strengthOf('three green kites over Lisbon', []).score).toBe(4);
    expect(strengthOf('password12345678', []).score).toBeLessThanOrEqual(1);
    expect(strengthOf('qwertyuiopasdfgh', []).score).toBeLessThanOrEqual(2);
  });

  it('counts names and addresses of the account as known', () => {
    const own = ['Ana Silva', 'ana.silva@example.com'];
    expect(strengthOf('ana.silva@example.com', []).score).toBe(4);
    const { score, advice } = strengthOf('ana.silva@example.com', own);
    expect(score).toBe(0);
    expect(advice).toContain('Your name or address');
  });
});
