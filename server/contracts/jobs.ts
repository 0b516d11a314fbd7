/** Every job, by name, with its payload. The queue only wakes; the database holds the truth, so payloads are hints. */
export type Jobs = {
  /** Something waits in the inbox. */
  'score-attempts': Record<string, never>;
  /** Messages wait in the outbox. */
  'deliver-notifications': Record<string, never>;
  /** Something happened that the webhook's target is told, or a try is due. */
  'deliver-webhooks': Record<string, never>;
  /** Somebody asked for a new password. */
  'issue-reset-links': Record<string, never>;
  /** Reminders and links of account recoveries may be due. */
  'advance-recoveries': Record<string, never>;
  /** A backtest waits, or its worker is gone. */
  'run-backtests': Record<string, never>;
  /** A drill waits. */
  'run-drills': Record<string, never>;
  /** Warnings that nobody answered may have to go to the next in line. */
  'advance-warnings': Record<string, never>;
  /** Rules have something to do about an alert. */
  'respond-to-alerts': Record<string, never>;
  /** Alerts that were put off may have to come back. */
  'return-held': Record<string, never>;
  /** Housekeeping: re-wake what waits, end what is over, make and drop partitions. */
  sweep: Record<string, never>;
};
export type JobName = keyof Jobs;
