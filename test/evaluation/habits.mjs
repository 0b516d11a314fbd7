// Streams with other habits than the published one: the generator of the evaluation data with some of its lines changed. It is
// not part of this repository, so what is kept here is where people and attackers differ.
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROBE_SEED = '7';

const TRAVEL = 'R.random()<(.012 if gap>DAY else .001)';
const SIGN_INS = 'math.exp(.50+1.08';
const OFFICE_SHARE = 'u.work=pk() if R.random()<.3';
const NEW_DEVICE = 'R.random()<.4*gap/(365*DAY)';
const CLUSTER =
  'if x<.56: d.os="Windows"; d.br="Chrome"; d.ov=0; d.model=0; h=asns("RO")[2]; a=h[0 if R.random()<.6 else 1]; s=(ip_in(a),"RO",a)';
const OTHER_THEFTS = 'else: s=attk_src(.4)\n';
const THEFTS = 'rep(120)';

/** By name: seed, people, and lines of the generator with what stands there instead. */
export const HABITS = {
  /** Only another seed. */
  plain: { seed: 11, people: 16_000, changes: [] },
  /** Four times the travel, five times the VPN users, devices replaced more than twice as often. */
  movers: {
    seed: 21,
    people: 12_000,
    changes: [
      [TRAVEL, 'R.random()<(.05 if gap>DAY else .004)'],
      ['u.vpn=R.random()<.03', 'u.vpn=R.random()<.15'],
      [NEW_DEVICE, 'R.random()<1.0*gap/(365*DAY)'],
      ['if R.random()<.01: u.devs.append', 'if R.random()<.05: u.devs.append'],
      [SIGN_INS, 'math.exp(.80+1.08'],
    ],
  },
  /** 56 % of the thefts of credentials come from the victim's own country, few share a source. */
  locals: {
    seed: 31,
    people: 12_000,
    changes: [
      [CLUSTER, CLUSTER.replace('.56', '.12')],
      ['elif x<.70: s=attk_src(.5,u.c)', 'elif x<.68: s=attk_src(.3,u.c)'],
      [OTHER_THEFTS, 'else: s=attk_src(.2)\n'],
      [THEFTS, 'rep(250)'],
    ],
  },
  /** Frequent users, four of five behind shared addresses, slower attacks, four times the Mondays. */
  office: {
    seed: 41,
    people: 6_000,
    changes: [
      [SIGN_INS, 'math.exp(1.70+1.0'],
      [OFFICE_SHARE, 'u.work=pk() if R.random()<.8'],
      ['if u.work and x<.30', 'if u.work and x<.60'],
      ['R.uniform(120,900)', 'R.uniform(300,1500)'],
      ['R.expovariate(1/300)', 'R.expovariate(1/700)'],
      ['for k in range(10):', 'for k in range(40):'],
    ],
  },
  /** Most sign-ins come through a carrier's shared addresses, and addresses change sooner. */
  carriers: {
    seed: 51,
    people: 12_000,
    changes: [
      ['-5.144', '-4.3'],
      ['if x<.62: return ip_in(u.home)', 'if x<.25: return ip_in(u.home)'],
      ['ip_in(u.mob,R.random()<.5)', 'ip_in(u.mob,R.random()<.9)'],
      ['.33,["13.3"', '.5,["13.3"'],
    ],
  },
  /** Attackers go through people's own connections instead of data centres, in large pools; more of their guesses are right. */
  proxies: {
    seed: 61,
    people: 12_000,
    changes: [
      ['def attk_src(hosting=.5', 'def attk_src(hosting=.08'],
      ['pool=[attk_src(.3)', 'pool=[attk_src(.05)'],
      ['R.choice([1,5,40,200]))]; uas', 'R.choice([40,200,500]))]; uas'],
      [CLUSTER, 'if x<.25: h=asns("IN")[2]; a=h[0 if R.random()<.6 else 1]; s=(ip_in(a),"IN",a)'],
      [OTHER_THEFTS, 'else: s=attk_src(.05)\n'],
      [THEFTS, 'rep(200)'],
      ['ok=R.random()<.004; emit(t,u.id,*s', 'ok=R.random()<.012; emit(t,u.id,*s'],
    ],
  },
  /** 1,500 people of one country who sign in often, 85 % from one office. */
  firm: {
    seed: 71,
    people: 1_500,
    changes: [
      ['("NO",.66),("US",.14)', '("NO",.9),("US",.02)'],
      [SIGN_INS, 'math.exp(2.6+.7'],
      [OFFICE_SHARE, 'u.work=1021 if R.random()<.85'],
      ['if u.work and x<.30', 'if u.work and x<.50'],
    ],
  },
  /** Thieves with telephones on the networks of another country's people; guessing by hand. */
  phones: {
    seed: 81,
    people: 12_000,
    changes: [
      [
        CLUSTER,
        'if x<.40: d.os="Android"; d.br="Chrome Mobile"; d.ov=2; d.model=int(R.paretovariate(1.1))%90; h=asns("BR")[1][-9:-3]; a=R.choice(h); s=(ip_in(a),"BR",a)',
      ],
      [THEFTS, 'rep(200)'],
      [SIGN_INS, 'math.exp(.7+1.2'],
      [NEW_DEVICE, 'R.random()<.7*gap/(365*DAY)'],
      ['R.choice([.5,2,6,15])', 'R.choice([3,20,60])'],
      ['R.expovariate(1/40)', 'R.expovariate(1/120)'],
    ],
  },
};

/**
 * Makes a stream with these habits, probes included.
 * @param {string} generator folder with `generate_stream.py` and `add_probes.py`
 * @param {string} name one of `HABITS`
 * @param {string} folder where the stream is put
 * @returns {Promise<string>} the file
 */
export async function makeStream(generator, name, folder) {
  const { seed, people, changes } = HABITS[name];
  let program = await readFile(join(generator, 'generate_stream.py'), 'utf8');
  for (const [from, to] of changes) {
    if (!program.includes(from)) throw new Error(`The generator has no ${from.trim()}, which ${name} changes.`);
    program = program.replace(from, () => to);
  }
  const [changed, raw, file] = [`${name}.py`, `${name}-raw.csv.gz`, `${name}.csv.gz`].map((part) => join(folder, part));
  await writeFile(changed, program);
  await run('python3', [changed, String(seed), String(people), raw]);
  await run('python3', [join(generator, 'add_probes.py'), raw, file, PROBE_SEED]);
  await rm(raw);
  return file;
}
