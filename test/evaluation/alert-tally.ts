import type { AlertKind } from '../../server/contracts/alerts.js';
import type { RiskLevel } from '../../server/contracts/detection.js';
import type { Finding } from '../../server/detection/domain/campaigns.js';
import type { Truth } from './read-stream.js';

/** Which alert says what a campaign of the stream is. */
const EXPECTED: Readonly<Record<string, readonly AlertKind[]>> = {
  brute: ['brute-force-source', 'brute-force-person'],
  slow_brute: ['brute-force-source', 'brute-force-person'],
  dist_brute: ['brute-force-person'],
  spray: ['spray'],
  slow_spray: ['spray'],
  stuffing: ['credential-stuffing'],
  enum: ['user-enumeration'],
  mfa: ['factor-fatigue'],
};

export interface CampaignFigures {
  n: number;
  caught: number;
  medianAttemptsToDetect: number | null;
}

export interface FalseAlert {
  kind: AlertKind;
  severity: RiskLevel;
  /** What the stream says about the first attempt of its evidence, e.g. `forgot`; empty for an ordinary one. */
  note: string;
}

interface Held extends FalseAlert {
  hostile: boolean;
}

interface Campaign {
  kind: string;
  attempts: number;
  caughtAt: number | null;
}

export const isHostile = (truth: Truth): boolean => truth.label !== 'legit';

/** Compares findings with the truth: which campaigns were caught, after how many attempts, and which alerts were false. */
export class AlertTally {
  private readonly alerts = new Map<string, Held>();
  private readonly campaigns = new Map<string, Campaign>();
  private benign = 0;

  /**
   * Only attempts that gave a finding count as evidence, not the earlier ones that it took in: an alert that is
   * opened by an honest attempt and never joined by a hostile one is false.
   */
  add(findings: readonly Finding[], truth: Truth): void {
    const hostile = isHostile(truth);
    if (!hostile) this.benign += 1;
    for (const { dedupKey, kind, severity } of findings) {
      const alert = this.alerts.get(dedupKey);
      if (alert === undefined) this.alerts.set(dedupKey, { kind, severity, hostile, note: truth.campaign });
      else {
        alert.hostile ||= hostile;
        alert.severity = severity;
      }
    }
    const [kind = ''] = truth.campaign.split('#');
    if (hostile && kind in EXPECTED) this.follow(kind, truth.campaign, findings);
  }

  private follow(kind: string, name: string, findings: readonly Finding[]): void {
    let campaign = this.campaigns.get(name);
    if (campaign === undefined) this.campaigns.set(name, (campaign = { kind, attempts: 0, caughtAt: null }));
    campaign.attempts += 1;
    const told = findings.some((finding) => EXPECTED[kind]?.includes(finding.kind));
    if (told) campaign.caughtAt ??= campaign.attempts;
  }

  get benignAttempts(): number {
    return this.benign;
  }

  get alertCount(): number {
    return this.alerts.size;
  }

  falseAlerts(): FalseAlert[] {
    return [...this.alerts.values()].filter(({ hostile }) => !hostile);
  }

  byKind(): Record<string, CampaignFigures> {
    const figures: Record<string, CampaignFigures> = {};
    const kinds = new Set([...this.campaigns.values()].map(({ kind }) => kind));
    for (const kind of [...kinds].sort()) {
      const all = [...this.campaigns.values()].filter((campaign) => campaign.kind === kind);
      const caught = all.flatMap(({ caughtAt }) => caughtAt ?? []).sort((a, b) => a - b);
      figures[kind] = {
        n: all.length,
        caught: caught.length,
        medianAttemptsToDetect: caught[caught.length >> 1] ?? null,
      };
    }
    return figures;
  }
}
