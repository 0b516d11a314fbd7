import { z } from 'zod';
import { addressView } from './addresses.js';
import { instant, pageQuery } from './paging.js';
import { shownName } from './shown-name.js';

export const roles = ['user', 'manager', 'analyst', 'admin', 'auditor'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** Roles that may watch everybody's activity. */
export const staffRoles = ['analyst', 'admin', 'auditor'] as const satisfies readonly Role[];
/** Roles that see how the installation itself is set up and runs. */
export const auditRoles = ['admin', 'auditor'] as const satisfies readonly Role[];

/** What is known of a person, field by field, wherever it comes from: the API, the console or a file. */
const shortText = shownName(120);
export const personFields = { email: z.email().max(254), name: shortText, username: shortText, title: shortText };

export const newPerson = z.strictObject({
  email: personFields.email,
  name: personFields.name,
  username: personFields.username.optional(),
  title: z.union([z.literal(''), personFields.title]).optional(),
  role: role.default('user'),
  managerEmail: personFields.email.optional(),
});
export type NewPerson = z.infer<typeof newPerson>;

/** Body of `POST /api/v1/people`: created, or updated where the e-mail is known. */
export const newPeople = z.array(newPerson).min(1).max(500);
export const peopleResult = z.object({ created: z.number().int(), updated: z.number().int() });
export type PeopleResult = z.infer<typeof peopleResult>;

/**
 * `active` can sign in to Gatehouse. `invited` has a link to choose a password. `known` is only recognised in attempts. `disabled` can
 * neither sign in nor be invited.
 */
export const personStates = ['active', 'invited', 'known', 'disabled'] as const;
export const personState = z.enum(personStates);
export type PersonState = z.infer<typeof personState>;

export const personView = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  username: z.string().nullable(),
  title: z.string().nullable(),
  role,
  manager: z.object({ id: z.uuid(), name: z.string(), email: z.string() }).nullable(),
  state: personState,
  /** Whether sign-in asks for a second factor. */
  twoStep: z.boolean(),
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

export const peopleFilter = z.object({
  search: z.string().max(120).optional(),
  role: role.optional(),
  state: personState.optional(),
  twoStep: z.enum(['on', 'off']).optional(),
});
export type PeopleFilter = z.infer<typeof peopleFilter>;
/** How many a filter finds. */
export const peopleCount = z.object({ total: z.number().int() });
export type PeopleCount = z.infer<typeof peopleCount>;
export const peopleQuery = pageQuery.extend(peopleFilter.shape);
export type PeopleQuery = z.infer<typeof peopleQuery>;

/** Body of `POST /api/v1/people/invite`: everybody of these addresses who can't sign in yet is mailed a link. */
export const invitedPeople = z.strictObject({ emails: z.array(personFields.email).min(1).max(2_000) });
export type InvitedPeople = z.infer<typeof invitedPeople>;
/** `left`: who needed none, as they can sign in or have a link that works, or who may have none. */
export const invitationsResult = z.object({ invited: z.number().int(), left: z.number().int() });
export type InvitationsResult = z.infer<typeof invitationsResult>;

/** What an administrator changes of a person; what is left out stays, null empties. */
export const personChange = z.strictObject({
  email: personFields.email.optional(),
  name: personFields.name.optional(),
  username: personFields.username.nullable().optional(),
  title: personFields.title.nullable().optional(),
  role: role.optional(),
  managerEmail: personFields.email.nullable().optional(),
});
export type PersonChange = z.infer<typeof personChange>;

/** Why something was done to a person: for the audit log, and where it says so for the person. */
export const reasonGiven = z.strictObject({ reason: z.string().trim().max(200).optional() });
export type ReasonGiven = z.infer<typeof reasonGiven>;

/** How a person gets in: for administrators and auditors only. */
export const personAccount = z.object({
  /** The main address first. */
  addresses: z.array(addressView),
  passwordChangedAt: instant.nullable(),
  /** Since when nothing but a new password is let through. */
  passwordChangeRequiredAt: instant.nullable(),
  invitation: z.object({ sentAt: instant, expiresAt: instant }).nullable(),
});
export type PersonAccount = z.infer<typeof personAccount>;

/** Largest file of people: characters, and people in it. */
export const IMPORT_CHARS_MAX = 512 * 1024;
export const IMPORT_ROWS_MAX = 2_000;

const csv = z.string().max(IMPORT_CHARS_MAX, 'The file is larger than 512 KB. Split it.');
export const importRequest = z.strictObject({ csv });
/** `fingerprint` is that of the preview which is to be carried out. */
export const importApplyRequest = z.strictObject({ csv, fingerprint: z.string().max(64) });

export const importRow = z.object({
  line: z.number().int(),
  email: z.string(),
  name: z.string(),
  kind: z.enum(['added', 'changed', 'unchanged', 'refused']),
  changes: z.array(z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  error: z.string().nullable(),
});
export type ImportRow = z.infer<typeof importRow>;
/** What a file does to the people: counts of all lines, and the lines that are not left as they are. */
export const importPreview = z.object({
  added: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  refused: z.number().int(),
  fingerprint: z.string(),
  rows: z.array(importRow),
});
export type ImportPreview = z.infer<typeof importPreview>;
