import { z } from 'zod';
import { PASSWORD_MIN, PASSWORD_MIN_WITH_FACTOR } from './authentication.js';
import { role } from './people.js';
import { RECOVERY_HOURS_MAX, RECOVERY_HOURS_MIN } from './recovery.js';

/** Bounds of the sign-in policy. SP 800-63B-4 §2.1.3: no session lives longer than 30 days. */
export const GRACE_DAYS_MAX = 90;
export const TRUST_DAYS_MAX = 90;
export const IDLE_MINUTES_MIN = 5;
/** Shorter would lock people out between two sentences that they read. */
export const LOCK_MINUTES_MIN = 2;
export const ABSOLUTE_MINUTES_MIN = 60;
export const ABSOLUTE_MINUTES_MAX = 30 * 24 * 60;
/** SP 800-63B-4 §3.1.1.2: a password of so many characters is always long enough. */
export const PASSWORD_MIN_MAX = 64;

type Ends = { idleMinutes: number; absoluteMinutes: number };
const isEndInOrder = ({ idleMinutes, absoluteMinutes }: Ends): boolean => idleMinutes <= absoluteMinutes;
const endsInOrder = { path: ['idleMinutes'], message: 'not longer than the session may live at all' };

/** What one role has to show, and how long its sessions live. */
export const roleRule = z
  .strictObject({
    role,
    /** A second factor is required; then it can't be turned off. */
    factorRequired: z.boolean(),
    /** A session ends when it isn't used for so long … */
    idleMinutes: z.number().int().min(IDLE_MINUTES_MIN).max(ABSOLUTE_MINUTES_MAX),
    /** It locks before that, when its person does nothing for so long; null where it never does. */
    lockMinutes: z.number().int().min(LOCK_MINUTES_MIN).max(ABSOLUTE_MINUTES_MAX).nullable(),
    /** … and after so long in any case. */
    absoluteMinutes: z.number().int().min(ABSOLUTE_MINUTES_MIN).max(ABSOLUTE_MINUTES_MAX),
  })
  .refine(isEndInOrder, endsInOrder)
  .refine((rule) => rule.lockMinutes === null || rule.lockMinutes < rule.idleMinutes, {
    path: ['lockMinutes'],
    message: 'shorter than the session may go unused',
  });
export type RoleRule = z.infer<typeof roleRule>;

/** How long a session of one assurance level (SP 800-63B-4) lives at most, whatever its role. */
export const levelRule = z
  .strictObject({
    level: z.union([z.literal(1), z.literal(2)]),
    idleMinutes: roleRule.shape.idleMinutes,
    absoluteMinutes: roleRule.shape.absoluteMinutes,
  })
  .refine(isEndInOrder, endsInOrder);
export type LevelRule = z.infer<typeof levelRule>;

const blockedWord = z
  .string()
  .trim()
  .min(4, 'At least 4 characters: shorter words are part of everything.')
  .max(60)
  .regex(/^\P{C}+$/u, 'Control characters can’t be shown.');
const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'No address or network, such as 203.0.113.0/24.');

const rules = {
  /** Days that people have to set a second factor up, from when it became required or the account was made. */
  graceDays: z.number().int().min(0).max(GRACE_DAYS_MAX),
  /** Only authenticator apps and passkeys: no codes by e-mail or SMS. */
  strict: z.boolean(),
  /** Days that a device may be trusted to skip the second factor; 0 where none may. */
  trustDays: z.number().int().min(0).max(TRUST_DAYS_MAX),
  /** Hours until somebody who lost every second factor gets a recovery link; null where only administrators help. */
  recoveryHours: z.number().int().min(RECOVERY_HOURS_MIN).max(RECOVERY_HOURS_MAX).nullable(),
  /** Fewest characters of a new password that may open an account alone … */
  passwordMinimum: z.number().int().min(PASSWORD_MIN).max(PASSWORD_MIN_MAX),
  /** … and of one that never does, as a strong second factor can't be turned off. No rules of composition, no expiry (SP 800-63B-4). */
  passwordMinimumTwoStep: z.number().int().min(PASSWORD_MIN_WITH_FACTOR).max(PASSWORD_MIN_MAX),
  /** Names of products, places and the like that no new password may be built from. */
  blockedWords: z.array(blockedWord).max(100),
  /** Every sign-in from here counts as one on a shared computer. */
  sharedNetworks: z.array(network).max(100),
  /** A session keeps the shorter of what its role and its level allow. */
  levels: z
    .array(levelRule)
    .length(2)
    .refine(([first, second]) => first?.level !== second?.level, 'one rule for each level'),
};

export const signInPolicyChange = z
  .strictObject({
    ...rules,
    roles: z
      .array(roleRule)
      .length(role.options.length)
      .refine((list) => new Set(list.map((one) => one.role)).size === role.options.length, 'one rule for each role'),
  })
  .refine((policy) => policy.passwordMinimumTwoStep <= policy.passwordMinimum, {
    path: ['passwordMinimumTwoStep'],
    message: 'not longer than where the password is alone',
  });
export type SignInPolicyChange = z.infer<typeof signInPolicyChange>;

/** The rules, with how many people each role has and how many of them have a second factor that the rules allow. */
export const signInPolicyView = z.object({
  ...rules,
  roles: z.array(z.object({ ...roleRule.shape, people: z.number().int(), withFactor: z.number().int() })),
});
export type SignInPolicyView = z.infer<typeof signInPolicyView>;
