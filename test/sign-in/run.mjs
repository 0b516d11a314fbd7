// `npm run prove:sign-in`: what a stranger learns from 500 pairs of sign-ins as known and unknown people, and whether somebody who
// guesses ten passwords a second, at one account and at all of them, keeps an owner out. `-- --json` prints one JSON object and
// nothing else on standard output; `--pairs N` and `--seconds N` set the size. Ends with code 1 when anything is wrong.
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { install } from '../../server/cli/install.mjs';
import { INSTALLED_PARTS, Installation } from '../support/installation.mjs';
import { attack } from './attack.mjs';
import { TRIES_EACH, comparePairs } from './pairs.mjs';
import { addPeople } from './people.mjs';

const { values: asked } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    pairs: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '60' },
  },
});
const [pairs, seconds] = [Number(asked.pairs), Number(asked.seconds)];
/** As unlikely as this by chance, two sets of times count as different. */
const DIFFERENT = 0.001;
/** Owners that sign in during the attack on everybody. */
const OWNERS = 5;

const say = (line) => console.error(line);

async function prove(installation) {
  const [url] = installation.urls;
  const people = await addPeople(installation, Math.ceil(pairs / TRIES_EACH) + OWNERS);
  const owners = people.slice(-OWNERS);
  say(`Comparing ${pairs} pairs …`);
  const pairing = await comparePairs(url, people, pairs);
  say(`Guessing at one account for ${seconds} s …`);
  const oneAccount = await attack(url, { victims: owners.slice(0, 1), owners: owners.slice(0, 1), seconds });
  say(`Guessing at all accounts for ${seconds} s …`);
  const allAccounts = await attack(url, { victims: people, owners: owners.slice(1), seconds });
  return { pairing, oneAccount, allAccounts };
}

async function main() {
  await install({ say });
  await build({ say, only: INSTALLED_PARTS });
  // Tries come from many networks, which only a trusted proxy can say.
  process.env.TRUSTED_PROXIES = '127.0.0.1';
  const installation = await Installation.start({ say });
  const abandon = () => void installation.stop().then(() => process.exit(130));
  process.once('SIGINT', abandon);
  process.once('SIGTERM', abandon);
  try {
    const figures = await prove(installation);
    console.log(JSON.stringify(figures, null, asked.json ? undefined : 2));
    const { pairing, oneAccount, allAccounts } = figures;
    const isRight = pairing.answers === 1 && pairing.p > DIFFERENT;
    if (!isRight || oneAccount.ownerFailed + allAccounts.ownerFailed > 0) process.exitCode = 1;
  } finally {
    await installation.stop();
  }
}

await main();
