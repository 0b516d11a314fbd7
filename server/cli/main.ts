import { Command, CommanderError } from 'commander';
import { sentenceFor } from './complaint.js';
import { version } from '../platform/version.js';
import { outputFor } from './output.js';
import type { ShipFlags } from './ship-log.js';
import type { SimulateFlags } from './simulate-company.js';

/** Each command loads what it needs when it runs: `version` need not wait for TypeORM. */
function program(): Command {
  const gatehouse = new Command('gatehouse')
    .description('See who is signing in right now, why something is wrong, and end a session everywhere.')
    .showHelpAfterError()
    .exitOverride();

  gatehouse
    .command('start')
    .description('start the database, the server and the worker, and stop them together')
    .option('--simulate', 'also run the simulated company', false)
    .action(async ({ simulate }: { simulate: boolean }) => {
      const { start } = await import('./start.js');
      await start({ simulate, say: (line) => console.log(line) });
    });

  gatehouse
    .command('migrate')
    .description('bring the schema of the database up to date')
    .option('--json', 'answer with one JSON object', false)
    .action(async ({ json }: { json: boolean }) => {
      const { migrateDatabase } = await import('./migrate.js');
      await migrateDatabase(outputFor(json));
    });

  addAdmin(gatehouse);
  addApp(gatehouse);
  addShip(gatehouse);
  addSimulate(gatehouse);
  addDrill(gatehouse);
  addProfiles(gatehouse);
  addAudit(gatehouse);
  addSecret(gatehouse);

  gatehouse
    .command('version')
    .description('print the version')
    .option('--json', 'answer with one JSON object', false)
    .action(({ json }: { json: boolean }) => {
      outputFor(json).answer({ version, node: process.versions.node }, [
        `Gatehouse ${version} on Node ${process.versions.node}`,
      ]);
    });
  return gatehouse;
}

function addAdmin(gatehouse: Command): void {
  const admin = gatehouse.command('admin').description('administrators');
  admin
    .command('recover')
    .description('let an administrator in again who lost the way in; raises an alert')
    .argument('<email>', 'their e-mail address')
    .option('--json', 'answer with one JSON object', false)
    .action(async (email: string, { json }: { json: boolean }) => {
      const { recoverAdmin } = await import('./recover-admin.js');
      await recoverAdmin(email, outputFor(json));
    });
  admin
    .command('create')
    .description('create an administrator')
    .requiredOption('--email <address>', 'e-mail address to sign in with')
    .option('--name <name>', 'name to show (default: from the address)')
    .option('--organisation <name>', 'name of the organisation, when this is the first administrator', '')
    .option('--password-stdin', 'read the password from standard input instead of making one', false)
    .option('--json', 'answer with one JSON object', false)
    .action(
      async ({
        json,
        ...options
      }: {
        json: boolean;
        email: string;
        name?: string;
        organisation: string;
        passwordStdin: boolean;
      }) => {
        const { createAdmin } = await import('./create-admin.js');
        await createAdmin(options, outputFor(json));
      },
    );
}

function addApp(gatehouse: Command): void {
  gatehouse
    .command('app')
    .description('applications that report their sign-ins')
    .command('create')
    .description('create an application and its first key')
    .argument('<name>', 'name of the application')
    .option('--scope <scope...>', 'what the key may do (default: attempts:write)')
    .option('--json', 'answer with one JSON object', false)
    .action(async (name: string, { json, scope }: { json: boolean; scope?: string[] }) => {
      const { createApp } = await import('./create-app.js');
      await createApp(name, scope, outputFor(json));
    });
}

function addShip(gatehouse: Command): void {
  gatehouse
    .command('ship')
    .description('send the sign-ins of a log file (sshd, PAM) to Gatehouse')
    .option('--file <path>', 'the log; "-" or nothing reads standard input')
    .option('--follow', 'go on with what is added to the file', false)
    .option('--from-start', 'begin at the first line instead of where the last run ended', false)
    .option('--key <key>', 'application key (better in GATEHOUSE_KEY, where others cannot see it)')
    .option('--url <url>', 'address of Gatehouse')
    .option('--format <format>', 'auto, syslog, journald or bare', 'auto')
    .option('--zone <zone>', 'time zone of lines that name none, such as Europe/Lisbon')
    .option('--year <year>', 'year of the first line, where lines name none', Number)
    .option('--state <path>', 'file that remembers how far the log was sent')
    .option('--json', 'answer with one JSON object', false)
    .action(async ({ json, ...flags }: ShipFlags & { json: boolean }) => {
      const { shipLog } = await import('./ship-log.js');
      await shipLog(flags, outputFor(json));
    });
}

function addSimulate(gatehouse: Command): void {
  gatehouse
    .command('simulate')
    .description('live a simulated company that reports to this Gatehouse')
    .option('--drill <name>', 'only this attack: brute-force, spray, stuffing, travel or fatigue')
    .option('--once', 'stop after the history, or after the one attack', false)
    .option('--days <days>', 'days of history', Number)
    .option('--seed <seed>', 'seed of everything that is left to chance', Number)
    .option('--url <url>', 'address of Gatehouse')
    .option('--remove', 'remove the simulated company with everything it reported', false)
    .option('--json', 'answer with one JSON object', false)
    .action(async ({ json, ...flags }: SimulateFlags & { json: boolean }) => {
      const { simulateCompany } = await import('./simulate-company.js');
      await simulateCompany(flags, outputFor(json));
    });
}

function addDrill(gatehouse: Command): void {
  gatehouse
    .command('drill')
    .description('run every attack against this Gatehouse with invented people, and tell what was caught and how fast')
    .option('--json', 'answer with one JSON object', false)
    .action(async ({ json }: { json: boolean }) => {
      const { runDrill } = await import('./run-drill.js');
      await runDrill(outputFor(json));
    });
}

function addSecret(gatehouse: Command): void {
  const secret = gatehouse.command('secret').description('the root secret, from which all keys are derived');
  secret
    .command('rotate')
    .description('make a new secret; what the former one made stays usable, and is renewed bit by bit')
    .option('--json', 'answer with one JSON object', false)
    .action(async ({ json }: { json: boolean }) => {
      const { rotate } = await import('./rotate-secret.js');
      await rotate(outputFor(json));
    });
  secret
    .command('status')
    .description('tell what still needs a former secret')
    .option('--json', 'answer with one JSON object', false)
    .action(async ({ json }: { json: boolean }) => {
      const { secretStatus } = await import('./rotate-secret.js');
      await secretStatus(outputFor(json));
    });
  secret
    .command('forget')
    .description('remove the former secrets')
    .option('--force', 'even where passwords or backup codes still need them', false)
    .option('--json', 'answer with one JSON object', false)
    .action(async ({ force, json }: { force: boolean; json: boolean }) => {
      const { forget } = await import('./rotate-secret.js');
      await forget(force, outputFor(json));
    });
}

function addProfiles(gatehouse: Command): void {
  gatehouse
    .command('profiles')
    .description('what is usual for each person')
    .command('rebuild')
    .description('make all profiles anew from the stored sign-ins; scoring waits meanwhile')
    .option('--json', 'answer with one JSON object', false)
    .action(async ({ json }: { json: boolean }) => {
      const { rebuildAllProfiles } = await import('./rebuild-profiles.js');
      await rebuildAllProfiles(outputFor(json));
    });
}

function addAudit(gatehouse: Command): void {
  gatehouse
    .command('audit')
    .description('the log of privileged acts')
    .command('verify')
    .description('check that no entry was changed, removed or put in later')
    .option(
      '--at-least <entries>',
      'how many there must be, as noted elsewhere: a cut-off end shows only so',
      Number,
      0,
    )
    .option('--json', 'answer with one JSON object', false)
    .action(async ({ atLeast, json }: { atLeast: number; json: boolean }) => {
      const { verifyAudit } = await import('./verify-audit.js');
      await verifyAudit(atLeast, outputFor(json));
    });
}

try {
  await program().parseAsync();
} catch (error) {
  // Commander has printed its own complaint (or the help that was asked for).
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
  } else {
    console.error(sentenceFor(error));
    process.exitCode = 1;
  }
}
