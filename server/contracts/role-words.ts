import type { Role } from './people.js';

/** What a role is called on the screen, and in files of people. In a file of its own, as the dashboard loads it without any schema. */
export const roleWords: Record<Role, string> = {
  user: 'User',
  manager: 'Manager',
  analyst: 'Analyst',
  admin: 'Administrator',
  auditor: 'Auditor',
};
