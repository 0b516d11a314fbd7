/** Parts of statements about people, who are `p` in them. */

/** How a person stands with sign-in: a `PersonState`. */
export const personState = `
  CASE WHEN p.disabled_at IS NOT NULL THEN 'disabled' WHEN p.password_hash IS NOT NULL THEN 'active'
    WHEN EXISTS (SELECT FROM account_links l WHERE l.person_id = p.id AND l.purpose = 'invitation' AND l.used_at IS NULL AND l.expires_at > now()) THEN 'invited'
    ELSE 'known' END`;

/** Whether sign-in asks for a second factor. */
export const hasTwoStep = `EXISTS (SELECT FROM authenticators a WHERE a.person_id = p.id AND a.kind <> 'backup_codes' AND a.confirmed_at IS NOT NULL AND a.removed_at IS NULL)`;

/** Whether the name, its parts, the address or the user name begins with the lower-case literal in a parameter. */
export const beginsWith = (parameter: string): string =>
  `(lower(p.name) LIKE ${parameter} || '%' OR lower(p.name) LIKE '% ' || ${parameter} || '%' OR lower(p.email) LIKE ${parameter} || '%' OR lower(p.username) LIKE ${parameter} || '%')`;

/** A search text as the literal that `beginsWith` takes. */
export const searchLiteral = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&');
