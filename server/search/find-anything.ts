import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Found } from '../contracts/search.js';
import { beginsWith, searchLiteral } from '../people/person-columns.js';
import { addressOf } from '../platform/address.js';
import { shapeOf } from './domain/shape.js';
import { findApplications, findById, findByNumber } from './store/find.js';

/** People found at most. */
const PEOPLE_MAX = 6;

const ip = z.union([z.ipv4(), z.ipv6()]);
const range = z.union([z.cidrv4(), z.cidrv6()]);

/** Resolves what was typed into the box of the console: by its shape where that says it, else by names. */
export class FindAnything {
  constructor(private readonly database: DataSource) {}

  /** The best match first; empty where there is no such thing. */
  async find(typed: string): Promise<Found[]> {
    const shape = shapeOf(typed);
    switch (shape.kind) {
      case 'address':
        return ip.safeParse(shape.text).success ? [plain('address', addressOf(shape.text).ip)] : [];
      case 'range':
        return range.safeParse(shape.text).success ? [plain('range', shape.text)] : [];
      case 'network':
        return [{ ...plain('network', shape.number), label: `AS${shape.number}` }];
      case 'alert':
      case 'incident':
        return findByNumber(this.database, shape.kind, shape.number);
      case 'id':
        return findById(this.database, shape.text);
      case 'name':
        return this.named(shape.text);
    }
  }

  private async named(text: string): Promise<Found[]> {
    const literal = searchLiteral(text);
    const [people, applications] = await Promise.all([
      this.database.query<Found[]>(
        `SELECT 'person' AS kind, p.id::text AS value, p.name AS label, p.email AS note FROM people p WHERE ${beginsWith('$1')}
         ORDER BY lower(p.email) = $2 DESC, lower(p.name), p.id LIMIT ${PEOPLE_MAX}`,
        [literal, text.toLowerCase()],
      ),
      findApplications(this.database, literal),
    ]);
    return [...people, ...applications];
  }
}

const plain = (kind: Found['kind'], value: string): Found => ({ kind, value, label: value, note: null });
