/** From this difference on the clock of this device is called wrong, in milliseconds. */
const WRONG_MS = 5_000;
/** The server's answer names whole seconds. */
const RESOLUTION_MS = 1_000;

/** How far the clock of this device is from the server's: ages on the screen, and codes of an app, are off by as much. */
class ServerClock {
  /** By how much this device is ahead, in milliseconds, negative where it is behind; null while it is right or nobody knows. */
  ahead = $state<number | null>(null);

  /**
   * Takes the time that an answer names.
   * @param date the `Date` header
   * @param sentAt when the question was sent and `heardAt` when its answer came, by the clock of this device
   */
  heard(date: string | null, sentAt: number, heardAt: number): void {
    const named = Date.parse(date ?? '');
    if (Number.isNaN(named)) return;
    const ahead = (sentAt + heardAt) / 2 - (named + RESOLUTION_MS / 2);
    const unsure = (heardAt - sentAt + RESOLUTION_MS) / 2;
    this.ahead = Math.abs(ahead) - unsure > WRONG_MS ? ahead : null;
  }
}
export const serverClock = new ServerClock();
