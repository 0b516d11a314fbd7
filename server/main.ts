import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule, type Foundation } from './app.module.js';
import { Backlog } from './attempts/backlog.js';
import { systemActor } from './audit/append-audit.js';
import { HashPassword } from './authentication/hash-password.js';
import { countUseBeyond } from './authentication/renew-secrets.js';
import { LiveAdapter } from './live/live.adapter.js';
import { LiveSessions } from './live/live-sessions.js';
import { isSetUp, CreateAdmin } from './people/create-admin.js';
import { nameFromEmail } from './people/domain/name-from-email.js';
import { systemClock } from './platform/clock.js';
import { ConfigError, loadConfig, setUpToken } from './platform/config.js';
import { withDatabaseAddress } from './platform/database/address.js';
import { createDataSource } from './platform/database/data-source.js';
import { Listener } from './platform/database/listener.js';
import { migrate } from './platform/database/migrate.js';
import { Refusal } from './platform/errors.js';
import { Metrics } from './platform/health/metrics.js';
import { serveConsole } from './platform/http/console.js';
import { createAdapter, prepareServer } from './platform/http/http-server.js';
import { PublicOrigins } from './platform/http/origins.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { serveApiDocs } from './platform/http/api-docs.js';
import { listRoutes, requireAccessRules } from './platform/http/routes.js';
import { Limits } from './platform/limits.js';
import { connectLiveBus } from './platform/live-bus.js';
import { createLogger, NestLogger } from './platform/logging.js';
import { Heartbeat, newNodeId } from './platform/nodes.js';
import { giveUp, tellParent } from './platform/parent.js';
import { JobQueue } from './platform/queue.js';
import { requireRedis } from './platform/redis.js';
import { Seal } from './platform/seal.js';
import { onShutdown } from './platform/shutdown.js';
import { SwitchSimulation } from './simulation/switch-simulation.js';

async function main(): Promise<void> {
  const foundation = await layFoundation();
  const { config, database, logger, listener, nodeId } = foundation;
  const adapter = createAdapter(config);
  const application = await NestFactory.create<NestFastifyApplication>(AppModule.on(foundation), adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
  });
  const bus = connectLiveBus(config, logger);
  application.useGlobalFilters(new ProblemFilter(logger));
  application.useWebSocketAdapter(new LiveAdapter(application, bus.adapter, application.get(PublicOrigins)));
  const routes = listRoutes(application);
  requireAccessRules(routes);
  const server = adapter.getInstance();
  await prepareServer(server, config, application.get(Metrics));
  serveApiDocs(server, routes, config.publicUrl);
  await serveConsole(server);
  await application.get(HashPassword).ready();
  await makeFirstAdmin(foundation, application.get(CreateAdmin));
  await warnOfUnknownSecrets(foundation, application.get(HashPassword), application.get(Seal));
  if (config.simulate) await application.get(SwitchSimulation).start(systemActor);
  await listener.start();
  const heartbeat = new Heartbeat(database, nodeId, 'server', (error) => logger.warn({ err: error }, 'heartbeat'));
  await heartbeat.start();
  application.get(Backlog).start();
  await application.listen(config.port, config.host);

  onShutdown(logger, async () => {
    application.get(Backlog).stop();
    application.get(LiveSessions).detach();
    await application.close();
    await heartbeat.stop();
    await Promise.all([foundation.queue.close(), foundation.limits.close(), listener.stop(), bus.close()]);
    await database.destroy();
  });
  const setUpLink = (await isSetUp(database)) ? undefined : `${config.publicUrl}/set-up#token=${setUpToken(config)}`;
  if (process.send) tellParent({ type: 'ready', setUpLink });
  else if (setUpLink !== undefined)
    process.stdout.write(`Open this link once to create the first administrator:\n${setUpLink}\n`);
  logger.info({ address: config.publicUrl, node: nodeId }, 'server ready');
}

async function layFoundation(): Promise<Foundation> {
  const loaded = loadConfig(process.env);
  await requireRedis(loaded);
  const config = await withDatabaseAddress(loaded);
  const logger = createLogger(config, 'server');
  const database = await createDataSource(config.databaseUrl).initialize();
  if (config.toMigrate) {
    await migrate(database, config.retentionDays);
    tellParent({ type: 'migrated' });
  }
  return {
    config,
    logger,
    database,
    listener: new Listener(config.databaseUrl, logger),
    queue: new JobQueue(config, logger),
    limits: new Limits(config, logger),
    clock: systemClock,
    nodeId: newNodeId('server'),
  };
}

/** A wrong GATEHOUSE_SECRET would otherwise look like everybody mistyping their password. */
async function warnOfUnknownSecrets({ database, logger }: Foundation, hash: HashPassword, seal: Seal): Promise<void> {
  const use = await countUseBeyond(database, new Set([...hash.knownPeppers(), ...seal.knownKeys()]));
  if (Object.values(use).some((count) => count > 0))
    logger.warn(
      use,
      'made with a secret that this server does not know, and so of no use: see GATEHOUSE_OTHER_SECRETS',
    );
}

/** Unattended set-up: GATEHOUSE_ADMIN_EMAIL and _PASSWORD make the first admin where none exists. */
async function makeFirstAdmin({ config, database }: Foundation, admins: CreateAdmin): Promise<void> {
  if (!config.firstAdmin || (await isSetUp(database))) return;
  try {
    await admins.createFirst(
      { ...config.firstAdmin, name: nameFromEmail(config.firstAdmin.email) },
      { organisation: '', timeZone: 'UTC' },
      systemActor,
    );
  } catch (error) {
    // Another server of the same installation was faster.
    if (error instanceof Refusal && error.code === 'already_set_up') return;
    if (error instanceof Refusal)
      throw new ConfigError(
        `GATEHOUSE_ADMIN_PASSWORD: ${error.info.errors?.[0]?.message ?? error.info.detail ?? error.code}`,
      );
    throw error;
  }
}

main().catch((error: unknown) => giveUp('server', error));
