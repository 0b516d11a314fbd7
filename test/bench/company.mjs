import { Connection } from '../support/connection.mjs';
import { seededRandom } from '../support/seeded-random.mjs';

/** Share of sign-ins that fail: what large identity providers report for ordinary days is 2 to 5 %. */
const FAILURE_SHARE = 0.03;
const PEOPLE = 5_000;
/** Two hundred sites of 25 people: with all in a few, the failures of strangers in one neighbourhood would look like a spray. */
const OFFICES_PER_REGION = 25;
const PEOPLE_A_REQUEST = 500;

/** Networks of eight countries or coasts; each address has a real place and owner in the databases that come with Gatehouse. */
const regions = [
  { fixed: ['84.112', '213.47'], mobile: '77.119', v6: '2001:871' },
  { fixed: ['91.11', '87.152'], mobile: '80.187', v6: '2003:e5' },
  { fixed: ['82.64', '86.193'], mobile: '92.184', v6: '2a01:cb00' },
  { fixed: ['86.3', '109.145'], mobile: '31.94', v6: '2a00:23c4' },
  { fixed: ['24.5', '98.207'], mobile: '172.58', v6: '2601:640' },
  { fixed: ['73.158', '71.202'], mobile: '174.194', v6: '2600:1700' },
  { fixed: ['79.152', '83.44'], mobile: '176.83', v6: '2a02:9130' },
  { fixed: ['87.4', '79.20'], mobile: '151.57', v6: '2a01:e11' },
];

const desktops = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
];
const phones = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
];

const firstNames = ['ana', 'ben', 'chloe', 'david', 'elif', 'farid', 'greta', 'hugo', 'ines', 'jonas', 'kofi', 'lena'];
const lastNames = ['almeida', 'bauer', 'costa', 'dubois', 'eriksen', 'fischer', 'garcia', 'haas', 'ito', 'jansen'];

/**
 * A company of some thousand people who sign in from offices, homes and phones.
 * @param {number} seed
 */
export function makeCompany(seed) {
  const random = seededRandom(seed);
  const offices = regions.flatMap((region) =>
    Array.from({ length: OFFICES_PER_REGION }, () => ({
      region,
      neighbourhood: `${random.pick(region.fixed)}.${random.between(0, 255)}`,
    })),
  );
  const people = Array.from({ length: PEOPLE }, (_, index) => makePerson(random, offices, index));
  return {
    people,
    /** What one attempt says about itself, without id and time. */
    nextAttempt: () => attemptOf(random, random.pick(people), random.chance(FAILURE_SHARE)),
    /** The same without failures: how an installation gets to know its people before anything is measured. */
    nextSignIn: () => attemptOf(random, random.pick(people), false),
  };
}

function makePerson(random, offices, index) {
  const { region, neighbourhood } = random.pick(offices);
  const { mobile, v6 } = region;
  return {
    email: `${random.pick(firstNames)}.${random.pick(lastNames)}.${index}@example.com`,
    office: `${neighbourhood}.7`,
    // Near the office: people who are here and, an hour later, a thousand kilometres away are not the ordinary case.
    home: random.chance(0.1) ? `${v6}:${(index + 1).toString(16)}::7` : `${neighbourhood}.${random.between(10, 250)}`,
    mobile: `${mobile}.${random.between(0, 255)}.${random.between(1, 254)}`,
    desktop: random.pick(desktops),
    phone: random.pick(phones),
    deviceId: random.chance(0.5) ? `device-${index.toString(36)}` : undefined,
    factor: random.pick(['password', 'password', 'password', 'totp', 'passkey']),
  };
}

function attemptOf(random, person, failed) {
  const where = random.next();
  const onPhone = where > 0.9;
  return {
    subject: person.email,
    outcome: failed ? 'failure' : 'success',
    ...(failed ? { reason: 'wrong_password' } : {}),
    ip: onPhone ? person.mobile : where > 0.6 ? person.home : person.office,
    userAgent: onPhone ? person.phone : person.desktop,
    factor: person.factor,
    ...(person.deviceId === undefined || onPhone ? {} : { deviceId: person.deviceId }),
    ...(failed ? {} : { sessionId: `s-${Math.floor(random.next() * 2 ** 40).toString(36)}` }),
  };
}

/** Makes the people of the company known, through the API. */
export async function enrol(url, cookie, people) {
  const connection = new Connection(url);
  for (let start = 0; start < people.length; start += PEOPLE_A_REQUEST) {
    const part = people.slice(start, start + PEOPLE_A_REQUEST);
    const named = part.map(({ email }) => ({ email, name: email.split('@')[0] }));
    const { status, body } = await connection.sendJson('POST', '/api/v1/people', named, { cookie });
    if (status >= 300) throw new Error(`Importing people got ${status}: ${body}`);
  }
  connection.close();
}
