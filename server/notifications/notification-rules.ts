import type { RiskLevel } from '../contracts/detection.js';
import type { NotificationRules } from '../contracts/notifications.js';
import type { Queryable } from '../platform/database/data-source.js';
import { selectRules } from './store/notification-rules.js';

/** How people are told, as the administrators set it. */
export const readNotificationRules = (database: Queryable): Promise<NotificationRules> => selectRules(database);

/** How long one receiver of a warning has before the next is told, in minutes. */
export const minutesUntilNext = (rules: NotificationRules, severity: RiskLevel): number =>
  severity === 'critical' ? rules.criticalMinutes : rules.highMinutes;
