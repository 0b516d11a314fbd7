import { dictionary } from '@zxcvbn-ts/language-common';

/** Passwords that leaked most often, in lower case: the first that an attacker tries against every account. */
const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** Compared as a whole, in whatever case (SP 800-63B-4 §3.1.1.2): a long password may hold a common one. */
export const isCommonPassword = (password: string): boolean => common.has(password.toLowerCase());
