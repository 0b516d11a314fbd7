/** Least time between two spoken messages, in milliseconds: a stream must not talk over its reader. */
const PAUSE_MS = 10_000;

class Announcer {
  /** Text of the one polite live region of the page. */
  text = $state('');
  /** Text of the one region that interrupts: a critical alert, and nothing else. */
  urgent = $state('');
  #last = 0;

  /** Speaks politely; what comes too soon after the last message is left out, unless it answers an own action. */
  say(text: string, options: { own?: boolean } = {}): void {
    const now = Date.now();
    if (options.own !== true && now - this.#last < PAUSE_MS) return;
    this.#last = now;
    this.text = text;
  }

  /** Speaks at once, whatever is being read. */
  interrupt(text: string): void {
    this.urgent = text;
  }
}
export const announcer = new Announcer();
