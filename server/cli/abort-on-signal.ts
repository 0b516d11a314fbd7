/** Aborts on Ctrl-C or SIGTERM, so that a long command can end in order. */
export function abortOnSignal(): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  return controller.signal;
}
