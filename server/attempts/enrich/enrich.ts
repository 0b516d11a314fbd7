import { LRUCache } from 'lru-cache';
import type { Client, Network, Place } from '../../contracts/detection.js';
import type { EnrichedAttempt } from '../../detection/domain/enriched-attempt.js';
import type { MatchedPerson } from '../../people/match-subjects.js';
import { normaliseSubject } from '../../platform/subject.js';
import { type Address, addressOf } from '../../platform/address.js';
import { clientKeyOf } from '../domain/client-key.js';
import type { AcceptedAttempt } from '../domain/packed-attempts.js';
import { clientOf } from '../../platform/client.js';
import { drillSourceOf } from './drill-source.js';
import { type FindNetwork, openNetworks } from './networks.js';
import { type FindPlace, openPlaces } from './places.js';

/** Addresses and user agents remembered; an attacker who invents new ones pays with look-ups, not with our memory. */
const REMEMBERED_MAX = 50_000;

export type Source = Address & { place: Place | null; network: Network };

/** Adds to an accepted attempt what can be known about it from the outside: who, from where, with what. */
export class Enrich {
  private readonly sources = new LRUCache<string, Source>({ max: REMEMBERED_MAX });
  private readonly clients = new LRUCache<string, { client: Client; clientKey: string }>({ max: REMEMBERED_MAX });

  private constructor(
    private readonly findPlace: FindPlace,
    private readonly findNetwork: FindNetwork,
  ) {}

  static async open(databases: { cityDatabase: string | undefined; asnDatabase: string | undefined }): Promise<Enrich> {
    const [findPlace, findNetwork] = await Promise.all([
      openPlaces(databases.cityDatabase),
      openNetworks(databases.asnDatabase),
    ]);
    return new Enrich(findPlace, findNetwork);
  }

  enrich(attempt: AcceptedAttempt, person: MatchedPerson | null): EnrichedAttempt {
    return this.from(attempt, person, this.sourceOf(attempt.ip));
  }

  /** The same for an attempt of a drill: its people are known by name only, and its networks are invented. */
  enrichDrill(attempt: AcceptedAttempt): EnrichedAttempt {
    return { ...this.from(attempt, null, drillSourceOf(attempt.ip)), subjectKnown: true };
  }

  private from(attempt: AcceptedAttempt, person: MatchedPerson | null, source: Source): EnrichedAttempt {
    const { client, clientKey } = this.client(attempt.userAgent ?? '');
    return {
      id: attempt.attemptId,
      occurredAt: attempt.occurredAt,
      subjectKey: person?.id ?? `${attempt.applicationId}:${normaliseSubject(attempt.subject)}`,
      personId: person?.id ?? null,
      subjectKnown: person !== null,
      applicationId: attempt.applicationId,
      outcome: attempt.outcome,
      reason: attempt.reason ?? null,
      ip: source.ip,
      addressKey: source.addressKey,
      prefixKey: source.prefixKey,
      network: source.network,
      place: source.place,
      client,
      clientKey,
      userAgent: attempt.userAgent ?? null,
      factor: attempt.factor ?? null,
      deviceId: attempt.deviceId ?? null,
      sessionId: attempt.sessionId ?? null,
      passwordFingerprint: attempt.passwordFingerprint ?? null,
    };
  }

  /** Where an address is and whose it is. */
  sourceOf(ip: string): Source {
    let source = this.sources.get(ip);
    if (!source) {
      const address = addressOf(ip);
      const special = address.special;
      source = special
        ? { ...address, place: null, network: { asn: null, organisation: null, kind: special } }
        : { ...address, place: this.findPlace(address.ip), network: this.findNetwork(address.ip) };
      this.sources.set(ip, source);
    }
    return source;
  }

  private client(userAgent: string): { client: Client; clientKey: string } {
    let known = this.clients.get(userAgent);
    if (!known) {
      const client = clientOf(userAgent);
      known = { client, clientKey: clientKeyOf(client) };
      this.clients.set(userAgent, known);
    }
    return known;
  }
}
