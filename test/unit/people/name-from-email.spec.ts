import { nameFromEmail } from '../../../server/people/domain/name-from-email.js';

it.each([
  ['ana@example.com', 'Ana'],
  ['ana.silva@example.com', 'Ana Silva'],
  ['øyvind_eide-berg@example.com', 'Øyvind Eide Berg'],
  ['ana+gatehouse@example.com', 'Ana Gatehouse'],
  ['.@example.com', '.@example.com'],
])('calls %s "%s"', (email, name) => expect(nameFromEmail(email)).toBe(name));
