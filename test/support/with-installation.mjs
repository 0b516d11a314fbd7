import { Installation } from './installation.mjs';

/** What a shell expects of a program that Ctrl-C ended: 128 + SIGINT. */
const INTERRUPTED = 130;

/**
 * Starts an installation, works with it, and takes it away, also after an error and on Ctrl-C.
 * @param {Parameters<typeof Installation.start>[0]} options
 * @param {(installation: Installation) => Promise<T>} work
 * @template T
 */
export async function withInstallation(options, work) {
  const installation = await Installation.start(options);
  // The work goes on by itself, with connections that hold the process: once the installation is gone nothing is left to wait for.
  const abandon = () => void installation.stop().finally(() => process.exit(INTERRUPTED));
  process.once('SIGINT', abandon);
  process.once('SIGTERM', abandon);
  try {
    return await work(installation);
  } finally {
    process.off('SIGINT', abandon);
    process.off('SIGTERM', abandon);
    await installation.stop();
  }
}
