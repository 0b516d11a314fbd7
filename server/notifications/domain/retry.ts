/** Pauses before the next try, in seconds: a mail server that greylists lets the second or third in, one that is down gets a day. */
const PAUSES = [10, 60, 300, 900, 3_600, 7_200, 14_400, 28_800, 28_800];

/** How long a message waits after its `tries`-th failed try; undefined when it is given up. */
export const pauseAfter = (tries: number): number | undefined => PAUSES[tries - 1];

/** How a try ended: `later` is worth repeating, `refused` never is. */
export type Delivery = { outcome: 'sent' } | { outcome: 'later' | 'refused'; error: string };

/**
 * Judges what a mail server or the way to it answered (RFC 5321 §4.2.1: 4yz is transient, 5yz permanent).
 * @param duringMessage whether the server spoke about this message; a refused log-in or a missing STARTTLS is our own fault
 */
export function judgeFailure(code: number | undefined, duringMessage: boolean, error: string): Delivery {
  const permanent = code !== undefined && code >= 500 && code < 600 && duringMessage;
  return { outcome: permanent ? 'refused' : 'later', error };
}
