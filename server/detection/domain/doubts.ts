/** Three whole numbers a sign-in: network, client, time of the first one. */
const STRIDE = 3;
/** More doubts than this at a time are a person whose account is passed around; the oldest is forgotten. */
const MOST = 4;

/**
 * Sign-ins of a person that looked too strange to be learnt. What comes back after its alert was in the open for a while and
 * nobody objected is the person's own: a new phone must not be suspected for ever.
 */
export class Doubts {
  constructor(private cells: number[] = []) {}

  /**
   * Notes a doubtful sign-in of this network and client.
   * @param provenAfterMs how long after the first one the same is believed
   * @returns whether that time is over; the doubt is then forgotten
   */
  outlived(network: number, client: number, at: number, provenAfterMs: number): boolean {
    const { cells } = this;
    for (let i = 0; i < cells.length; i += STRIDE) {
      if (cells[i] !== network || cells[i + 1] !== client) continue;
      if (at - (cells[i + 2] as number) < provenAfterMs) return false;
      cells.splice(i, STRIDE);
      return true;
    }
    if (cells.length >= MOST * STRIDE) cells.splice(0, STRIDE);
    cells.push(network, client, at);
    return false;
  }

  encode(): number[] {
    return [...this.cells];
  }
}
