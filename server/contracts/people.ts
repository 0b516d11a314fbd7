import { z } from 'zod';
import { instant, pageQuery } from './paging.js';

export const roles = ['user', 'manager', 'analyst', 'admin', 'auditor'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** Roles that may watch everybody's activity. */
export const staffRoles = ['analyst', 'admin', 'auditor'] as const satisfies readonly Role[];

export const newPerson = z.strictObject({
  email: z.email().max(254),
  name: z.string().trim().min(1).max(120),
  username: z.string().trim().min(1).max(120).optional(),
  title: z.string().trim().max(120).optional(),
  role: role.default('user'),
  managerEmail: z.email().max(254).optional(),
});
export type NewPerson = z.infer<typeof newPerson>;

/** Body of `POST /api/v1/people`: created, or updated where the e-mail is known. */
export const newPeople = z.array(newPerson).min(1).max(500);
export const peopleResult = z.object({ created: z.number().int(), updated: z.number().int() });
export type PeopleResult = z.infer<typeof peopleResult>;

export const personView = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  username: z.string().nullable(),
  title: z.string().nullable(),
  role,
  manager: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  disabled: z.boolean(),
  simulated: z.boolean(),
  createdAt: instant,
});
export type PersonView = z.infer<typeof personView>;

/** The person page: who, how it stands now. Timeline and sessions come from their own lists. */
export const personDetail = personView.extend({
  lastSuccessAt: instant.nullable(),
  openSessions: z.number().int(),
  openAlerts: z.number().int(),
  /** Attempts in each of the last 30 days, oldest first, by UTC day. */
  days: z.array(z.object({ day: z.iso.date(), success: z.number().int(), failure: z.number().int() })),
  countries: z.array(z.object({ value: z.string(), count: z.number().int() })),
  networks: z.array(z.object({ value: z.string(), asn: z.number().int().nullable(), count: z.number().int() })),
  clients: z.array(z.object({ value: z.string(), count: z.number().int() })),
});
export type PersonDetail = z.infer<typeof personDetail>;

export const peopleQuery = pageQuery.extend({ search: z.string().max(120).optional(), role: role.optional() });
export type PeopleQuery = z.infer<typeof peopleQuery>;
