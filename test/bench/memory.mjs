import { residentMb } from '../support/processes.mjs';

const SAMPLE_EVERY_MS = 250;

/** Follows the resident memory of server and worker together. */
export class MemoryWatch {
  peakMb = 0;

  /** @param {import('../support/installation.mjs').Installation} installation */
  constructor(installation) {
    this.pids = [installation.servers[0].pid, installation.workers[0].pid];
    this.timer = setInterval(() => void this.look(), SAMPLE_EVERY_MS);
  }

  async look() {
    const mb = await residentMb(this.pids);
    this.peakMb = Math.max(this.peakMb, mb);
    return mb;
  }

  stop() {
    clearInterval(this.timer);
  }
}
