import { setTimeout as wait } from 'node:timers/promises';
import { AskAboutSignIn } from '../server/activity/ask-about-sign-in.js';
import { KnownApplications } from '../server/applications/known-applications.js';
import { ownApplicationId } from '../server/applications/own-application.js';
import { Backlog } from '../server/attempts/backlog.js';
import { Enrich } from '../server/attempts/enrich/enrich.js';
import { ChallengedPeople } from '../server/authentication/challenged-people.js';
import { ThrottledSources } from '../server/incidents/throttled-sources.js';
import { AppendAudit } from '../server/audit/append-audit.js';
import { NotifyPerson } from '../server/notifications/notify-person.js';
import { CleanDrills } from '../server/drills/clean-drills.js';
import { PolicyInForce } from '../server/detection/policy-in-force.js';
import { MatchSubjects } from '../server/people/match-subjects.js';
import { systemClock } from '../server/platform/clock.js';
import { loadConfig } from '../server/platform/config.js';
import { withDatabaseAddress } from '../server/platform/database/address.js';
import { createDataSource } from '../server/platform/database/data-source.js';
import { Listener } from '../server/platform/database/listener.js';
import { LivePublisher } from '../server/platform/live-bus.js';
import { rooms } from '../server/platform/live-rooms.js';
import { createLogger } from '../server/platform/logging.js';
import { Heartbeat, newNodeId } from '../server/platform/nodes.js';
import { giveUp, tellParent } from '../server/platform/parent.js';
import { JobQueue } from '../server/platform/queue.js';
import { requireRedis } from '../server/platform/redis.js';
import { Seal } from '../server/platform/seal.js';
import { onShutdown } from '../server/platform/shutdown.js';
import { Revoke } from '../server/sessions/revoke.js';
import { CompanyRecords } from '../server/simulation/company-records.js';
import { SwitchSimulation } from '../server/simulation/switch-simulation.js';
import { openRecoveries } from './advance-recoveries/recoveries.js';
import { openWarningSteps } from './advance-warnings/warning-steps.js';
import { Answers } from './answer-decisions/answers.js';
import { openOutbox } from './deliver-notifications/outbox.js';
import { openWebhooks } from './deliver-webhooks/events.js';
import { openResetLinks } from './issue-reset-links/reset-links.js';
import { Frames } from './score-attempts/frames.js';
import { IncidentNews } from './score-attempts/incident-news.js';
import { Lane } from './score-attempts/lane.js';
import { ScoringPace } from './score-attempts/pace.js';
import { Surge } from './score-attempts/surge.js';
import { WakeUps } from './score-attempts/wake-ups.js';
import { openResponses } from './respond-to-alerts/responses.js';
import { openHeldAlerts } from './return-held/held-alerts.js';
import { openDrills } from './run-drills/drills.js';
import { openBacktests } from './run-backtests/backtests.js';
import { CompanyRunner } from './simulate-company/company-runner.js';
import { sweep } from './sweep/sweep.js';

/** How often the sweep runs, in milliseconds, once for all workers. */
const SWEEP_EVERY_MS = 60_000;
/** How often screens learn how many attempts wait, in milliseconds. */
const BACKLOG_EVERY_MS = 1_000;

/** Connections and identity of this process. */
async function connect() {
  const loaded = loadConfig(process.env);
  await requireRedis(loaded);
  // Read while the database is still starting.
  const enrich = await Enrich.open(loaded);
  const config = await withDatabaseAddress(loaded);
  const logger = createLogger(config, 'worker');
  const warn = (error: unknown): void => logger.warn({ err: error }, 'worker');
  const database = await createDataSource(config.databaseUrl, 6).initialize();
  const id = newNodeId('worker');
  return {
    config,
    enrich,
    logger,
    warn,
    database,
    id,
    queue: new JobQueue(config, logger),
    listener: new Listener(config.databaseUrl, logger),
    publisher: new LivePublisher(config, logger),
    heartbeat: new Heartbeat(database, id, 'worker', warn),
  };
}

async function main(): Promise<void> {
  const worker = await connect();
  const { config, logger, warn, database, queue, listener, publisher, heartbeat } = worker;
  const audit = new AppendAudit(config.keysFor('audit-chain')[0]);
  const seal = new Seal(config.keysFor('secrets-at-rest'));
  const revocations = new Revoke(database, audit);
  const cleanDrills = new CleanDrills(database, audit);
  const company = new CompanyRunner({
    url: config.publicUrl,
    switch: new SwitchSimulation(database, audit),
    company: new CompanyRecords(database, audit),
    logger,
  });
  const tellTarget = await openWebhooks({ ...worker, audit });
  const own = await ownApplicationId(database);
  const { lane, shown, news } = await openLane(worker, own, company, tellTarget);
  await listener.start();
  listener.on('simulation_changed', () => company.look());
  await heartbeat.start();
  queue.handle('sweep', async () => {
    await sweep({ database, revocations, seal, nowMs: systemClock(), retentionDays: config.retentionDays });
    await cleanDrills.sweep();
  });
  await queue.every('sweep', SWEEP_EVERY_MS, {});
  await openOutbox(worker);
  await openResetLinks({ ...worker, audit });
  await openRecoveries({ ...worker, audit });
  const backtests = await openBacktests(worker);
  const drills = await openDrills({ ...worker, audit });
  await openWarningSteps(worker);
  await openResponses({ ...worker, audit, revocations }, own);
  await openHeldAlerts(worker);
  const running = lane.run();
  const backlogTimer = watchBacklog(new Backlog(database, warn), publisher, () => heartbeat.lane, warn);

  onShutdown(logger, async () => {
    clearInterval(backlogTimer);
    await company.stop();
    lane.stop();
    backtests.stop();
    drills.stop();
    await Promise.race([running, wait(8_000)]);
    shown.stop();
    news.stop();
    await queue.close();
    await heartbeat.stop();
    await Promise.all([listener.stop(), publisher.close()]);
    await database.destroy();
  });
  tellParent({ type: 'ready' });
  logger.info({ id: worker.id }, 'worker ready');
}

/** The scoring lane with everything that follows from holding it. */
async function openLane(
  worker: Awaited<ReturnType<typeof connect>>,
  own: string,
  company: CompanyRunner,
  tellTarget: () => void,
): Promise<{ lane: Lane; shown: ShownAttempts; news: IncidentNews }> {
  const { config, enrich, logger, warn, database, queue, listener, publisher, heartbeat } = worker;
  const applications = new KnownApplications(database);
  const subjects = new MatchSubjects(database, systemClock);
  const shown = showAttempts(publisher, applications, heartbeat);
  listener.on('people_changed', () => subjects.forget());
  const policies = new PolicyInForce(database);
  listener.on('resumed', () => {
    subjects.forget();
    policies.forget();
  });
  const answers = await openAnswers(worker);
  listener.on('decision_asked', ({ asked }) => answers.hear(asked));
  const news = new IncidentNews(
    database,
    (incident) => publisher.emit(rooms.staff, 'incident.changed', incident),
    warn,
  );
  const lane = new Lane({
    database,
    enrich,
    subjects,
    applications,
    holder: worker.id,
    ownApplicationId: own,
    policies,
    questions: new AskAboutSignIn(new NotifyPerson(new Seal(config.keysFor('outbox-secrets')))),
    logger,
    onScored: (batch) => shown.add(batch.scored),
    onAlerts: (raised, grown) => {
      for (const alert of raised) publisher.emit(rooms.staff, 'alert.raised', alert);
      for (const alert of grown) publisher.emit(rooms.staff, 'alert.changed', alert);
      tellTarget();
    },
    onIncidents: (ids) => news.add(ids),
    onHolding: (held) => {
      const holding = held !== undefined;
      answers.hold(held);
      heartbeat.lane = holding;
      void heartbeat.beat().catch(warn);
      wakeUps.listen(holding);
      company.look(holding);
    },
  });
  listener.on('detection_policy_changed', () => {
    policies.forget();
    lane.wake();
  });
  // Only the holder of the lane hears wake-ups: a standby that took one would let it wait for the lane's own sweep.
  const wakeUps = new WakeUps(queue, () => lane.wake(), warn);
  return { lane, shown, news };
}

/** What is decided before sign-ins, with what holds besides the memory of the lane. */
async function openAnswers({ database, listener, warn }: Parameters<typeof openLane>[0]): Promise<Answers> {
  const throttled = new ThrottledSources(database, warn);
  const challenged = new ChallengedPeople(database, warn);
  listener.on('sources_throttled', () => void throttled.look());
  listener.on('people_challenged', () => void challenged.look());
  const look = () => Promise.all([throttled.look(), challenged.look()]);
  listener.on('resumed', () => void look());
  await look();
  return new Answers(database, throttled, challenged, warn);
}

type ShownAttempts = Pick<Frames, 'add' | 'stop'>;

/** What was scored goes to the screens twice, row by row, and rolled up while there is too much of it; its pace goes with the heartbeat. */
function showAttempts(publisher: LivePublisher, applications: KnownApplications, heartbeat: Heartbeat): ShownAttempts {
  const frames = new Frames(publisher, applications, systemClock);
  const surge = new Surge(publisher, systemClock);
  const pace = new ScoringPace(systemClock);
  heartbeat.pace = () => pace.read();
  return {
    add: (scored) => {
      pace.add(scored);
      frames.add(scored);
      surge.add(scored);
    },
    stop: () => {
      frames.stop();
      surge.stop();
    },
  };
}

function watchBacklog(
  backlog: Backlog,
  publisher: LivePublisher,
  holding: () => boolean,
  onError: (error: unknown) => void,
): NodeJS.Timeout {
  let before = 0;
  return setInterval(() => {
    if (!holding()) return;
    backlog
      .measure()
      .then(({ waiting, oldestSeconds }) => {
        if (waiting > 0 || before > 0) publisher.emit(rooms.watchers, 'scoring.backlog', { waiting, oldestSeconds });
        before = waiting;
      })
      .catch(onError);
  }, BACKLOG_EVERY_MS);
}

main().catch((error: unknown) => giveUp('worker', error));
