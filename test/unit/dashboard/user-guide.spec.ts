import { readFile } from 'node:fs/promises';
import { ACTIVITY_DAYS, QUESTION_HOURS } from '../../../server/contracts/activity.js';
import { BACKUP_CODES } from '../../../server/contracts/factors.js';
import { RESET_LINK_MINUTES } from '../../../server/contracts/passwords.js';
import { RECOVERY_LINK_HOURS } from '../../../server/contracts/recovery.js';

const textOf = (path: string): Promise<string> => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the guide for users', () => {
  it('names a page of the console under each heading', async () => {
    const [guide, routes] = await Promise.all([textOf('docs/user-guide.md'), textOf('dashboard/src/app/routes.ts')]);
    const [, ...parts] = guide.split(/^## /m);
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) {
      const page = /^Page: `([^`]+)`$/m.exec(part)?.[1] ?? `none under "${part.split('\n')[0]!}"`;
      expect(routes).toContain(`pattern: '${page}'`);
    }
  });

  it('names the times and numbers that the server keeps', async () => {
    const guide = (await textOf('docs/user-guide.md')).replaceAll(/\s+/g, ' ');
    const [sessions, shared] = await Promise.all([
      textOf('server/sessions/store/read-sessions.ts'),
      textOf('server/sessions/create-session.ts'),
    ]);
    const kept = (text: string, name: string): number => Number(new RegExp(`${name}(?: =|:) (\\d+)`).exec(text)?.[1]);
    expect(guide).toContain(`in the last ${ACTIVITY_DAYS} days`);
    expect(guide).toContain(`is good for ${QUESTION_HOURS} hours`);
    expect(guide).toContain(`works once, for ${RESET_LINK_MINUTES} minutes`);
    expect(guide).toContain(`It works once, for ${RECOVERY_LINK_HOURS} hours`);
    expect(guide).toContain(`marked as signed out, for ${kept(sessions, 'ENDED_SHOWN_DAYS')} days`);
    expect([kept(sessions, 'MARKED_DAYS'), guide.includes('for two weeks')]).toEqual([14, true]);
    expect([kept(shared, 'lockMinutes'), guide.includes('locks after three minutes without use')]).toEqual([3, true]);
    expect([kept(shared, 'idleMinutes'), guide.includes('signs you out after ten')]).toEqual([10, true]);
    expect([BACKUP_CODES, guide.includes('You get ten when')]).toEqual([10, true]);
  });
});
