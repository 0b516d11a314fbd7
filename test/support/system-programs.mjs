import { spawnSync } from 'node:child_process';
import { Trouble } from '../../server/cli/checkout.mjs';

/** Programs the tests run for real, with the Debian packages they come in, best first: not every archive has all. */
const programs = [
  { names: ['redis-server'], packages: ['redis-server'] },
  { names: ['openssl'], packages: ['openssl'], versionWord: 'version' },
  {
    names: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium-headless-shell', 'chromium'],
  },
];

const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const isOffered = (name) => works('apt-cache', ['show', name]);
const isPresent = ({ names, versionWord = '--version' }) => names.some((name) => works(name, [versionWord]));

/** Installs what is missing of them from the machine's package archive. */
export async function installSystemPrograms({ say }) {
  const missing = programs.filter((program) => !isPresent(program));
  if (missing.length === 0) return;
  const prefix = rootPrefix(missing.map(({ packages }) => packages.at(-1)));
  apt(prefix, ['update', '-qq']);
  const wanted = missing.map(({ packages }) => packages.find(isOffered) ?? packages.at(-1));
  say(`Installing ${wanted.join(' and ')} with apt-get …`);
  apt(prefix, ['install', '-y', '-qq', '--no-install-recommends', ...wanted]);
  const still = programs.filter((program) => !isPresent(program));
  if (still.length > 0) throw new Trouble(`${still[0].names[0]} was installed but does not run: try it by hand.`);
}

/** How to become root: not at all, or with a sudo that asks no questions. */
function rootPrefix(missing) {
  if (!works('apt-get', ['--version'])) {
    throw new Trouble(`The tests need ${missing.join(' and ')}, and there is no apt-get here: install them by hand.`);
  }
  if (process.getuid?.() === 0) return [];
  if (works('sudo', ['-n', 'true'])) return ['sudo', '-n'];
  throw new Trouble(
    `The tests need ${missing.join(' and ')}: run "sudo apt-get install ${missing.join(' ')}" once, then npm test again.`,
  );
}

function apt(prefix, args) {
  const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
  const { status } = spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0)
    throw new Trouble(
      `apt-get ${args[0]} failed (see above): the tests need ${programs.map(({ packages }) => packages.at(-1)).join(', ')}.`,
    );
}
