import { boundedName } from '../../../server/detection/domain/text.js';

describe('names of bounded length', () => {
  it('keep short names and tell long ones apart', () => {
    expect(boundedName('sam@example.com')).toBe('sam@example.com');
    expect(boundedName('a'.repeat(200))).not.toBe(boundedName('a'.repeat(201)));
    expect(boundedName('a'.repeat(320)).length).toBeLessThan(140);
  });

  it('never end in half a character, which no database takes', () => {
    for (let before = 120; before < 130; before += 1)
      expect(boundedName(`${'a'.repeat(before)}${'👩'.repeat(40)}`)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});
