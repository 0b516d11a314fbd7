import { spawnSync } from 'node:child_process';
import { Trouble } from '../../server/cli/checkout.mjs';

/** Programs the tests run for real, with the Debian packages they come in. */
const programs = [
  { names: ['redis-server'], package: 'redis-server' },
  { names: ['openssl'], package: 'openssl', versionWord: 'version' },
  { names: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
];

const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const isPresent = ({ names, versionWord = '--version' }) => names.some((name) => works(name, [versionWord]));

/** Installs what is missing of them from the machine's package archive. */
export async function installSystemPrograms({ say }) {
  const missing = programs.filter((program) => !isPresent(program)).map((program) => program.package);
  if (missing.length === 0) return;
  const prefix = rootPrefix(missing);
  say(`Installing ${missing.join(' and ')} with apt-get …`);
  apt(prefix, ['update', '-qq']);
  apt(prefix, ['install', '-y', '-qq', '--no-install-recommends', ...missing]);
  const still = programs.filter((program) => !isPresent(program));
  if (still.length > 0) throw new Trouble(`${still[0].package} was installed but does not run: try it by hand.`);
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
      `apt-get ${args[0]} failed (see above): the tests need ${programs.map((program) => program.package).join(', ')}.`,
    );
}
