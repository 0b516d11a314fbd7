/**
 * Counts the attempts of an sshd log by a rule of its own, which shares nothing with the product's parser: sshd writes one verdict
 * (`Accepted`, `Failed`) for each try, and `Invalid user`, PAM and `maximum authentication attempts` speak of the same tries again.
 * So a connection has as many failures as verdicts against it, and where there is no verdict at all, as many as its most talkative witness.
 *
 * It reads classic syslog lines with addresses in them, as a plain auth.log has; it is no parser for every sshd there is.
 */

/** An address that fails this often within this time is attacking (server/detection/domain/policy.ts says what the product thinks). */
const ATTACK_FAILURES = 5;
const ATTACK_SECONDS = 600;

const LINE = /^([A-Z][a-z]{2}) +(\d+) (\d\d):(\d\d):(\d\d) (\S+) sshd(?:-session)?\[(\d+)\]: (.*)$/;
const REPEATED = /^message repeated (\d+) times: \[ (.*)\]$/;
/** The last place that looks like one: names come from attackers and may hold ` from 192.0.2.1 port 1`. */
const ADDRESS = /.* from (\S+?)(?: port \d+.*)?$|.* rhost=(\S+)/;
/** Process ids come round again; sshd gives a connection two minutes to authenticate. */
const NEW_CONNECTION_SECONDS = 900;
/** Only differences count, so any leap year will do for lines that carry none. */
const SOME_YEAR = 2024;
const SECONDS_PER_DAY = 86_400;

const WITNESSES = [
  { name: 'success', pattern: /^Accepted / },
  { name: 'failure', pattern: /^Failed (?!none )/ },
  { name: 'unknown', pattern: /^Invalid user / },
  { name: 'pam', pattern: /^pam_\w+\(sshd:auth\): authentication failure/ },
  { name: 'pam', pattern: /^PAM (\d+) more authentication failures?/ },
  { name: 'maximum', pattern: /^error: maximum authentication attempts exceeded/ },
];

/**
 * @param {string} text
 * @returns {{ attempts: number, successes: number, attackers: string[] }} `attackers`: addresses with five failures within ten minutes
 */
export function countLog(text) {
  const failures = new Map();
  const counts = { attempts: 0, successes: 0 };
  for (const { ip, said } of connectionsOf(text)) {
    const { success, failure, unknown, pam, maximum } = said;
    const silent = success.length + failure.length === 0;
    const failed = silent ? [unknown, pam, maximum].sort((a, b) => b.length - a.length)[0] : failure;
    counts.attempts += success.length + failed.length;
    counts.successes += success.length;
    failures.set(ip, [...(failures.get(ip) ?? []), ...failed]);
  }
  const attackers = [...failures].filter(([, times]) => isAttack(times)).map(([ip]) => ip);
  return { ...counts, attackers };
}

function isAttack(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.some((at, index) => at - sorted[index - ATTACK_FAILURES + 1] <= ATTACK_SECONDS);
}

function connectionsOf(text) {
  const all = [];
  const byProcess = new Map();
  const clock = new Clock();
  for (const raw of text.split('\n')) {
    const match = LINE.exec(raw);
    if (!match) continue;
    const [, month, day, hour, minute, second, host, pid, body] = match;
    const at = clock.read(month, [day, hour, minute, second].map(Number));
    const process = `${host} ${pid}`;
    let connection = byProcess.get(process);
    if (!connection || at - connection.at > NEW_CONNECTION_SECONDS) {
      connection = { at, ip: null, said: { success: [], failure: [], unknown: [], pam: [], maximum: [] } };
      byProcess.set(process, connection);
      all.push(connection);
    }
    hear(connection, at, body);
  }
  return all.filter(({ ip }) => ip !== null);
}

function hear(connection, at, body) {
  const repeated = REPEATED.exec(body);
  const message = (repeated?.[2] ?? body).replace(/ \[preauth\]$/, '');
  const witness = WITNESSES.find(({ pattern }) => pattern.test(message));
  if (!witness) return;
  const times = Number(witness.pattern.exec(message)[1] ?? 1) * Number(repeated?.[1] ?? 1);
  connection.at = at;
  connection.said[witness.name].push(...Array.from({ length: times }, () => at));
  const address = ADDRESS.exec(message);
  connection.ip ??= address?.[1] ?? address?.[2] ?? null;
}

/** Seconds since a first of January; goes on counting over New Year. */
class Clock {
  #year = SOME_YEAR;
  #last = 0;

  read(month, [day, hour, minute, second]) {
    const index = 'JanFebMarAprMayJunJulAugSepOctNovDec'.indexOf(month) / 3;
    const inYear = () => Date.UTC(this.#year, index, day, hour, minute, second) / 1_000;
    if (inYear() < this.#last - 2 * SECONDS_PER_DAY) this.#year += 1;
    this.#last = inYear();
    return this.#last;
  }
}
