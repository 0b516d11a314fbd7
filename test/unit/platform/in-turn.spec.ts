import { InTurn } from '../../../server/platform/in-turn.js';

describe('work in turn', () => {
  it('of one key never overlaps, whatever became of the one before; another key waits for none of it', async () => {
    const turns = new InTurn();
    const events: string[] = [];
    const opened: Record<string, () => void> = {};
    const work =
      (name: string, fails = false) =>
      async (): Promise<string> => {
        events.push(`${name} begins`);
        await new Promise<void>((resolve) => (opened[name] = resolve));
        events.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      };
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    const first = turns.run('one', work('a', true));
    const second = turns.run('one', work('b'));
    const other = turns.run('other', work('c'));
    await settle();
    expect(events).toEqual(['a begins', 'c begins']);
    opened['c']!();
    expect(await other).toBe('c');
    opened['a']!();
    await expect(first).rejects.toThrow('a');
    await settle();
    opened['b']!();
    expect(await second).toBe('b');
    expect(events).toEqual(['a begins', 'c begins', 'c ends', 'a ends', 'b begins', 'b ends']);
  });
});
