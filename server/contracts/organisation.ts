import { z } from 'zod';
import { shownName } from './shown-name.js';
import { timeZone } from './time-zone.js';

/** Largest file that may become a logo, in bytes, and its sides in pixels. */
export const LOGO_BYTES_MAX = 256 * 1024;
export const LOGO_SIDE_MIN = 16;
export const LOGO_SIDE_MAX = 1_024;

/** It stands in the subject and sender of mails, in authenticator apps and in the title of each page. */
export const organisationName = shownName(120);

export const organisationChange = z.strictObject({ name: organisationName, timeZone });
export type OrganisationChange = z.infer<typeof organisationChange>;

/** Where the picture is served; the address changes with the picture. */
export const logo = z.object({ url: z.string(), width: z.number().int(), height: z.number().int() });
export type Logo = z.infer<typeof logo>;

export const organisationView = z.object({ name: z.string(), timeZone: z.string(), logo: logo.nullable() });
export type OrganisationView = z.infer<typeof organisationView>;

/** A PNG, JPEG or WebP in Base64. */
export const logoUpload = z.strictObject({
  image: z
    .base64()
    .min(1)
    .max(Math.ceil(LOGO_BYTES_MAX / 3) * 4),
});
export type LogoUpload = z.infer<typeof logoUpload>;
