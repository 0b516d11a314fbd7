import type { Component } from 'svelte';
import type { Need } from './permissions.js';
import { matchPath } from './router.svelte.js';

export type PageProps = { params: Record<string, string> };
export type Page = Component<PageProps>;
/** A page whose path holds no values. */
export type PlainPage = Component<Record<string, never>>;

export type Route = {
  pattern: string;
  /** Of the browser tab and, on the pages of a user, of the top bar. */
  title: string;
  /** `bare` stands alone, before or outside the sign-in; `shell` inside rail and top bar. */
  frame: 'bare' | 'shell';
  /** What one must be allowed to do; own-account pages need nothing. */
  needs?: Need;
  /** Full width with own panels instead of the padded page. */
  bleed?: boolean;
  /** A few steps that end there: on a phone nothing stands around them but the way out. */
  endsAt?: string;
  load: () => Promise<{ default: Page | PlainPage }>;
};

const live = () => import('../features/live/live-page.svelte');
const entity = () => import('../features/entity/entity-page.svelte');
const alerts = () => import('../features/alerts/alerts-page.svelte');
const signIn = () => import('../features/sign-in/sign-in-page.svelte');
const firstRun = () => import('../features/first-run/first-run-page.svelte');
const forgot = () => import('../features/password/forgot-page.svelte');
const confirmAddress = () => import('../features/addresses/confirm-page.svelte');
const wasThisYou = () => import('../features/activity/was-this-you-page.svelte');
const warning = () => import('../features/warnings/warning-page.svelte');
const cancelRecovery = () => import('../features/recovery/cancel-page.svelte');
const recover = () => import('../features/recovery/recover-page.svelte');
const reset = () => import('../features/password/reset-page.svelte');

export const routes: Route[] = [
  { pattern: '/sign-in', title: 'Sign in', frame: 'bare', load: signIn },
  { pattern: '/forgot', title: 'Forgot your password?', frame: 'bare', load: forgot },
  { pattern: '/reset', title: 'New password', frame: 'bare', load: reset },
  { pattern: '/confirm-address', title: 'Confirm address', frame: 'bare', load: confirmAddress },
  { pattern: '/was-this-you', title: 'Was this you?', frame: 'bare', load: wasThisYou },
  { pattern: '/warning', title: 'Unusual sign-in', frame: 'bare', load: warning },
  { pattern: '/cancel-recovery', title: 'Cancel account recovery', frame: 'bare', load: cancelRecovery },
  { pattern: '/recover', title: 'Account recovery', frame: 'bare', load: recover },
  { pattern: '/welcome', title: 'Welcome', frame: 'bare', load: reset },
  { pattern: '/set-up', title: 'Set up', frame: 'bare', load: firstRun },

  { pattern: '/me', title: 'Home', frame: 'shell', load: () => import('../features/home/home-page.svelte') },
  {
    pattern: '/me/password',
    title: 'Password',
    frame: 'shell',
    load: () => import('../features/password/password-page.svelte'),
  },
  {
    pattern: '/me/addresses',
    title: 'Addresses',
    frame: 'shell',
    load: () => import('../features/addresses/addresses-page.svelte'),
  },
  {
    pattern: '/me/quiet-hours',
    title: 'Quiet hours',
    frame: 'shell',
    load: () => import('../features/quiet-hours/quiet-hours-page.svelte'),
  },
  {
    pattern: '/me/sessions',
    title: 'Sessions & devices',
    frame: 'shell',
    load: () => import('../features/my-sessions/my-sessions-page.svelte'),
  },
  {
    pattern: '/me/devices',
    title: 'Devices',
    frame: 'shell',
    load: () => import('../features/devices/devices-page.svelte'),
  },
  {
    pattern: '/me/activity',
    title: 'Activity',
    frame: 'shell',
    load: () => import('../features/activity/activity-page.svelte'),
  },
  {
    pattern: '/me/2fa',
    title: 'Two-step sign-in',
    frame: 'shell',
    load: () => import('../features/two-step/two-step-page.svelte'),
  },
  {
    pattern: '/me/2fa/app',
    title: 'Two-step sign-in',
    frame: 'shell',
    endsAt: '/me/2fa',
    load: () => import('../features/two-step/set-up-page.svelte'),
  },

  {
    pattern: '/team',
    title: 'My people',
    frame: 'shell',
    needs: 'lead',
    load: () => import('../features/team/team-page.svelte'),
  },
  {
    pattern: '/team/:id',
    title: 'My people',
    frame: 'shell',
    needs: 'lead',
    load: () => import('../features/team/report-page.svelte'),
  },
  {
    pattern: '/overview',
    title: 'Overview',
    frame: 'shell',
    needs: 'watch',
    load: () => import('../features/overview/overview-page.svelte'),
  },
  { pattern: '/live', title: 'Live', frame: 'shell', needs: 'watch', bleed: true, load: live },
  { pattern: '/alerts', title: 'Inbox', frame: 'shell', needs: 'watch', bleed: true, load: alerts },
  {
    pattern: '/alerts/quality',
    title: 'Alert quality',
    frame: 'shell',
    needs: 'watch',
    load: () => import('../features/alerts/quality-page.svelte'),
  },
  { pattern: '/alerts/:id', title: 'Inbox', frame: 'shell', needs: 'watch', bleed: true, load: alerts },
  {
    pattern: '/incidents/:id',
    title: 'Incident',
    frame: 'shell',
    needs: 'watch',
    load: () => import('../features/incidents/incident-page.svelte'),
  },
  {
    pattern: '/u/:id',
    title: 'Person',
    frame: 'shell',
    needs: 'watch',
    load: () => import('../features/person/person-page.svelte'),
  },
  { pattern: '/ip/:ip', title: 'Address', frame: 'shell', needs: 'watch', load: entity },
  { pattern: '/asn/:asn', title: 'Network', frame: 'shell', needs: 'watch', load: entity },
  { pattern: '/application/:application', title: 'Application', frame: 'shell', needs: 'watch', load: entity },
  {
    pattern: '/device/:id',
    title: 'Device',
    frame: 'shell',
    needs: 'watch',
    load: () => import('../features/entity/device-page.svelte'),
  },
  {
    pattern: '/sessions',
    title: 'Sessions',
    frame: 'shell',
    needs: 'watch',
    load: () => import('../features/sessions/sessions-page.svelte'),
  },
  {
    pattern: '/receipts/:id',
    title: 'Receipt',
    frame: 'shell',
    needs: 'watch',
    load: () => import('../features/sessions/receipt-page.svelte'),
  },
  {
    pattern: '/people',
    title: 'People',
    frame: 'shell',
    needs: 'watch',
    load: () => import('../features/people/people-page.svelte'),
  },
  {
    pattern: '/people/import',
    title: 'Import people',
    frame: 'shell',
    needs: 'administer',
    load: () => import('../features/people/import-page.svelte'),
  },
  {
    pattern: '/audit',
    title: 'Audit',
    frame: 'shell',
    needs: 'audit',
    load: () => import('../features/settings/audit-page.svelte'),
  },
  {
    pattern: '/settings',
    title: 'Settings',
    frame: 'shell',
    needs: 'administer',
    load: () => import('../features/settings/settings-page.svelte'),
  },
  {
    pattern: '/settings/applications',
    title: 'Applications',
    frame: 'shell',
    needs: 'administer',
    load: () => import('../features/applications/applications-page.svelte'),
  },
  {
    pattern: '/settings/sign-in',
    title: 'Sign-in rules',
    frame: 'shell',
    needs: 'audit',
    load: () => import('../features/sign-in-rules/sign-in-rules-page.svelte'),
  },
  {
    pattern: '/settings/detection',
    title: 'Detection',
    frame: 'shell',
    needs: 'watch',
    load: () => import('../features/detection/detection-page.svelte'),
  },
  {
    pattern: '/settings/sms',
    title: 'SMS',
    frame: 'shell',
    needs: 'audit',
    load: () => import('../features/sms/sms-page.svelte'),
  },
  {
    pattern: '/settings/drill',
    title: 'Attack drill',
    frame: 'shell',
    needs: 'watch',
    load: () => import('../features/drill/drill-page.svelte'),
  },
  {
    pattern: '/settings/webhook',
    title: 'Webhook',
    frame: 'shell',
    needs: 'audit',
    load: () => import('../features/webhook/webhook-page.svelte'),
  },
  {
    pattern: '/settings/notifications',
    title: 'Notifications',
    frame: 'shell',
    needs: 'audit',
    load: () => import('../features/notification-rules/notification-rules-page.svelte'),
  },
  {
    pattern: '/settings/organisation',
    title: 'Organisation',
    frame: 'shell',
    needs: 'audit',
    load: () => import('../features/organisation/organisation-page.svelte'),
  },
  {
    pattern: '/settings/health',
    title: 'System health',
    frame: 'shell',
    needs: 'audit',
    load: () => import('../features/health/health-page.svelte'),
  },
  {
    pattern: '/settings/mail',
    title: 'Mail',
    frame: 'shell',
    needs: 'audit',
    load: () => import('../features/mail/mail-page.svelte'),
  },
];

/** The route of a path with the values in it. */
export function findRoute(path: string): { route: Route; params: Record<string, string> } | null {
  for (const route of routes) {
    const params = matchPath(route.pattern, path);
    if (params) return { route, params };
  }
  return null;
}
