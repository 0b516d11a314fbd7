// `npm run prove:flood`: 100,000 attempts of one attack within a minute on a Gatehouse of its own, in which some passwords work; tells how
// many incidents, alerts and mails came of it, that a digest counts exactly what was held back, and how fast the console answered
// meanwhile. `--json` prints one JSON object and nothing else on standard output. Ends with code 1 when anything is wrong.
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { install } from '../../server/cli/install.mjs';
import { Sessions } from '../bench/signed-in.mjs';
import { Installation, INSTALLED_PARTS } from '../support/installation.mjs';
import { attackOf, historyOf, PEOPLE, peopleOf } from './attack.mjs';

const { values: asked } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const say = (line) => console.error(line);
const ATTEMPTS = 100_000;
const MINUTE_MS = 60_000;
const LINES = 2_500;
/** How long the worker may take to judge what came in a minute, and to write the mails, in milliseconds. */
const JUDGED_MS = 180_000;
const MAILS_MS = 15_000;
/** One critical mail at once and one with all the others: the attack gets in within the minutes that they are gathered for. */
const CRITICAL_MOST = 2;
/** What a usable console answers within, at the 95th percentile, in milliseconds. */
const USABLE_MS = 1_000;

async function main() {
  await install({ say });
  await build({ say, only: INSTALLED_PARTS });
  const installation = await Installation.start({ say });
  try {
    return await prove(installation);
  } finally {
    await installation.stop();
  }
}

async function prove(installation) {
  const [url] = installation.urls;
  const sessions = await Sessions.open(installation);
  const { database } = sessions;
  const { cookie } = await sessions.begin();
  const { key } = await installation.createApplication('Webmail');
  const call = async (path, body, headers) => {
    const answer = await fetch(url + path, { ...(body === undefined ? {} : { method: 'POST', body }), headers });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const one = async (sql) => (await database.query(sql))[0];
  const scored = async () => (await one('SELECT count(*)::int AS n FROM attempt_inbox')).n === 0;
  const send = (attempts) =>
    call('/api/v1/attempts', attempts.map((each) => JSON.stringify(each)).join('\n'), {
      authorization: `Bearer ${key}`,
      'content-type': 'application/x-ndjson',
    });
  const until = async (look, limitMs, what) => {
    for (const deadline = Date.now() + limitMs; !(await look()); await wait(200))
      if (Date.now() > deadline) throw new Error(`Not in time: ${what}.`);
  };
  await addPeople(database, peopleOf());
  await send(historyOf());
  await until(scored, MINUTE_MS, 'the history is judged');

  say(`${ATTEMPTS} attempts against ${PEOPLE} people …`);
  const answers = [];
  let attacking = true;
  const looking = (async () => {
    for (const paths = ['/api/v1/alerts?folded=true', '/api/v1/incidents', '/api/v1/attempts?limit=50']; attacking;) {
      for (const path of paths) {
        const at = performance.now();
        await call(path, undefined, { cookie });
        answers.push(performance.now() - at);
      }
      await wait(100);
    }
  })();
  const began = Date.now();
  for (let first = 0; first < ATTEMPTS; first += LINES) {
    await wait(Math.max(0, began + (first / ATTEMPTS) * MINUTE_MS * 0.9 - Date.now()));
    await send(attackOf(first, LINES));
  }
  const sentSeconds = (Date.now() - began) / 1_000;
  await until(scored, JUDGED_MS, 'the attack is judged');
  const judgedSeconds = (Date.now() - began) / 1_000;
  attacking = false;
  await looking;
  await wait(MAILS_MS);
  const before = await mailsOf(database);
  // The window passes: what was held is let go as one digest a receiver.
  await database.query(`UPDATE notifications SET next_try_at = now() WHERE state = 'held'`);
  await until(
    async () => (await one(`SELECT count(*)::int AS n FROM notifications WHERE state = 'held'`)).n === 0,
    MINUTE_MS,
    'digests',
  );
  const digests = await one(
    `SELECT (SELECT max(n)::int FROM (SELECT count(*) AS n FROM notifications WHERE critical AND state NOT IN ('held', 'digested') GROUP BY recipient) r) AS "mostCritical",
       count(*)::int AS digests, coalesce(sum((SELECT sum((c->>'count')::int) FROM jsonb_array_elements(payload->'counts') c)), 0)::int AS counted,
       (SELECT count(*)::int FROM notifications WHERE state = 'digested') AS digested FROM notifications WHERE kind = 'digest'`,
  );
  const found = await one(
    `SELECT (SELECT count(*)::int FROM incidents) AS incidents, count(*)::int AS alerts,
       count(*) FILTER (WHERE kind IN ('brute-force-source', 'spray', 'credential-stuffing', 'user-enumeration'))::int AS "aboutSources",
       (SELECT count(*)::int FROM attempts WHERE ip << '107.172.87.0/24') AS attempts, (SELECT max(attempts)::int FROM incidents) AS "inIncident" FROM alerts`,
  );
  const list = await call('/api/v1/alerts?folded=true&limit=200', undefined, { cookie });
  answers.sort((a, b) => a - b);
  const console = { asked: answers.length, medianMs: at(answers, 0.5), p95Ms: at(answers, 0.95) };
  await database.destroy();
  return judge({ sentSeconds, judgedSeconds, ...found, inboxRows: list.items.length, ...before, ...digests, console });
}

/** Managers' warnings by receiver: how many went out at once, and how many are held; critical ones only until they are told together. */
async function mailsOf(database) {
  const [row] = await database.query(
    `SELECT count(*)::int AS receivers, coalesce(max(n), 0)::int AS "mostBudgeted", coalesce(sum(n), 0)::int AS budgeted, coalesce(sum(held), 0)::int AS held,
       coalesce(sum(critical), 0)::int AS critical FROM (
       SELECT recipient, count(*) FILTER (WHERE budgeted AND state <> 'held') AS n, count(*) FILTER (WHERE state = 'held') AS held,
         count(*) FILTER (WHERE critical AND state <> 'held') AS critical FROM notifications WHERE kind = 'manager_warning' GROUP BY 1) r`,
  );
  return row;
}

async function addPeople(database, people) {
  for (const { id, name, email, manager, role } of people) {
    await database.query('INSERT INTO people (id, name, email, role, manager_id) VALUES ($1, $2, $3, $4, $5)', [
      id,
      name,
      email,
      role,
      manager,
    ]);
    await database.query(`INSERT INTO person_identifiers (value, kind, person_id) VALUES ($1, 'email', $2)`, [
      email,
      id,
    ]);
  }
}

const at = (sorted, q) => Math.round(sorted[Math.floor(q * (sorted.length - 1))] ?? 0);

function judge(figures) {
  const { attempts, sentSeconds, incidents, aboutSources, mostBudgeted, mostCritical, counted, digested, console } =
    figures;
  const wrong = [
    attempts !== ATTEMPTS && `${attempts} attempts are stored, not ${ATTEMPTS}`,
    sentSeconds > 75 && `sending took ${sentSeconds} s`,
    incidents !== 1 && `${incidents} incidents`,
    aboutSources > 10 && `${aboutSources} alerts about sources`,
    mostBudgeted > 1 && `a receiver got ${mostBudgeted} mails in one window`,
    mostCritical > CRITICAL_MOST && `a receiver got ${mostCritical} critical mails`,
    counted !== digested && `digests count ${counted} of ${digested} held messages`,
    console.p95Ms > USABLE_MS && `the console took ${console.p95Ms} ms`,
  ].filter(Boolean);
  return { right: wrong.length === 0, ...figures, wrong };
}

const figures = await main();
if (asked.json) console.log(JSON.stringify(figures));
else console.log(figures, figures.right ? 'All as it should be.' : 'Something is wrong.');
process.exitCode = figures.right ? 0 : 1;
