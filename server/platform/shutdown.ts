import type { Logger } from './logging.js';

/** Longest an orderly end may take, in milliseconds; what hangs longer is left to the database's transactions. */
const DEADLINE_MS = 10_000;

/**
 * Ends the process in order on SIGTERM and SIGINT, and when the process that started it is gone: without its parent nobody would
 * restart or stop it, and it would hold the port.
 */
export function onShutdown(logger: Logger, close: () => Promise<void>): void {
  let closing = false;
  const end = (why: string): void => {
    if (closing) return;
    closing = true;
    logger.info({ why }, 'shutting down');
    setTimeout(() => process.exit(1), DEADLINE_MS).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'did not shut down in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  if (process.send) process.on('disconnect', () => end('parent gone'));
  // It may have gone while this process was still starting.
  if (process.send && !process.connected) end('parent gone');
  process.on('unhandledRejection', (error) => {
    logger.fatal({ err: error }, 'unhandled rejection');
    end('unhandled rejection');
  });
}
