// `npm run prove:sign-in`: what a stranger learns from 500 pairs of each question about known and unknown people (wrong passwords,
// forgotten ones, passkeys, links of invitations), and whether somebody who guesses ten passwords a second, at one account, from its
// own network and at all of them, keeps an owner out who has a known device or a passkey. `-- --json` prints one JSON object and
// nothing else on standard output; `--pairs N` and `--seconds N` set the size. Ends with code 1 when anything is wrong.
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { install } from '../../server/cli/install.mjs';
import { INSTALLED_PARTS } from '../support/installation.mjs';
import { withInstallation } from '../support/with-installation.mjs';
import { attack } from './attack.mjs';
import { TRIES_EACH, comparePairs } from './pairs.mjs';
import { addPeople, signIn, spendLinks, withPasskey } from './people.mjs';

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
  // Each has signed in before, on a device that is known from then on.
  for (const owner of owners) owner.cookies = (await signIn(url, owner, { ip: '84.112.0.20' })).cookies;
  const [first, second, ...others] = owners;
  say(`Comparing ${pairs} pairs of each question …`);
  const pairing = await comparePairs(url, people, await spendLinks(installation, pairs), pairs);
  const runs = {};
  const attacked = async (name, what, asAttack) => {
    say(`Guessing ${what} for ${seconds} s …`);
    runs[name] = await attack(url, { seconds, ...asAttack });
  };
  const keyed = await withPasskey(url, second);
  await attacked('oneAccount', 'at one account', { victims: [first], owners: [first] });
  const neighbour = { victims: [first], owners: [first], isNeighbour: true };
  await attacked('sameNetwork', 'at one account from its own network', neighbour);
  await attacked('passkey', 'at an account with a passkey', { victims: [keyed], owners: [keyed] });
  await attacked('allAccounts', 'at all accounts', { victims: people, owners: others });
  await attacked('allAccountsPasskey', 'at all accounts, one with a passkey', { victims: people, owners: [keyed] });
  return { pairing, attacks: runs };
}

async function main() {
  await install({ say });
  await build({ say, only: INSTALLED_PARTS });
  // Tries come from many networks, which only a trusted proxy can say.
  process.env.TRUSTED_PROXIES = '127.0.0.1';
  await withInstallation({ say }, async (installation) => {
    const figures = await prove(installation);
    console.log(JSON.stringify(figures, null, asked.json ? undefined : 2));
    const tellsNothing = Object.values(figures.pairing).every(({ answers, p }) => answers === 1 && p > DIFFERENT);
    const letsOwnersIn = Object.values(figures.attacks).every(({ ownerFailed }) => ownerFailed === 0);
    if (!tellsNothing || !letsOwnersIn) process.exitCode = 1;
  });
}

await main();
