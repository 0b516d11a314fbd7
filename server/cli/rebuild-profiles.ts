import { leaveLane, seizeLane } from '../attempts/scoring-lane.js';
import { PolicyInForce } from '../detection/policy-in-force.js';
import { type Rebuilt, rebuildProfiles } from '../detection/rebuild-profiles.js';
import { loadConfig } from '../platform/config.js';
import type { Output } from './output.js';
import { withDatabase } from './with-database.js';

/** `gatehouse profiles rebuild`: makes everybody's profile anew from the stored sign-ins; scoring waits meanwhile. */
export async function rebuildAllProfiles(output: Output): Promise<void> {
  const rebuilt = await withDatabase(loadConfig(process.env), output.say, async (database) => {
    const policy = await new PolicyInForce(database).current();
    const lease = await seizeLane(database, `profiles rebuild ${process.pid}`);
    try {
      return await rebuildProfiles(database, lease, policy);
    } finally {
      await leaveLane(database, lease);
    }
  });
  output.answer({ ...rebuilt }, [sentence(rebuilt)]);
}

const sentence = ({ people, same, changed, removed }: Rebuilt): string =>
  `Of ${people} people ${same} profiles came out as they were, ${changed} otherwise, ${removed} have nothing left to learn from.`;
