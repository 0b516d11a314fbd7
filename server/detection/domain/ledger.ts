import { Campaign } from './campaign.js';
import type { CampaignKey, CampaignKind } from './campaigns/kind.js';
import type { Policy } from './policy.js';
import { boundedName } from './text.js';

/** Weight (names, addresses, clients) of the campaigns that one kind and scope may hold: about 6 MB. */
const WEIGHT_MAX = 60_000;

interface Shelf {
  held: Map<CampaignKey, Campaign>;
  weight: number;
}

/** The campaigns that are held; the ones that have not grown for longest are forgotten first. */
export class Ledger {
  private readonly shelves = new Map<CampaignKind, Shelf>();

  constructor(private readonly policy: Policy) {}

  find(kind: CampaignKind, key: CampaignKey, at: number): Campaign | undefined {
    const campaign = this.shelves.get(kind)?.held.get(key);
    if (campaign === undefined) return undefined;
    const quiet = kind.quietMs(this.policy);
    return at <= campaign.lastAt + quiet && at >= campaign.startedAt - quiet ? campaign : undefined;
  }

  open(kind: CampaignKind, key: CampaignKey, subject: string, startedAt: number): Campaign {
    // Two campaigns of one cause lie more than the quiet time apart, so the number of the quiet time tells them apart,
    // and a worker that starts anew finds the same key.
    const period = Math.floor(startedAt / kind.quietMs(this.policy));
    const name = typeof key === 'number' ? String(key) : boundedName(key);
    return new Campaign(`${kind.kind}:${kind.scope}:${name}:${period.toString(36)}`, subject, startedAt);
  }

  /** A campaign goes on as another kind. */
  move(from: CampaignKind, to: CampaignKind, key: CampaignKey, campaign: Campaign): void {
    const shelf = this.shelves.get(from);
    if (shelf?.held.delete(key)) shelf.weight -= campaign.weight;
    this.grown(to, key, campaign, campaign.weight);
  }

  /** @param growth by how much the campaign's weight has grown */
  grown(kind: CampaignKind, key: CampaignKey, campaign: Campaign, growth: number): void {
    let shelf = this.shelves.get(kind);
    if (shelf === undefined) this.shelves.set(kind, (shelf = { held: new Map(), weight: 0 }));
    const before = shelf.held.get(key);
    if (before !== undefined && before !== campaign) shelf.weight -= before.weight;
    shelf.held.delete(key);
    shelf.held.set(key, campaign);
    shelf.weight += growth;
    for (const [oldest, stale] of shelf.held) {
      if (shelf.weight <= WEIGHT_MAX || stale === campaign) break;
      shelf.held.delete(oldest);
      shelf.weight -= stale.weight;
    }
  }
}
