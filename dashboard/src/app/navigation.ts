import type { Component } from 'svelte';
import AppWindow from '@lucide/svelte/icons/app-window';
import Globe from '@lucide/svelte/icons/globe';
import HeartPulse from '@lucide/svelte/icons/heart-pulse';
import History from '@lucide/svelte/icons/rotate-ccw-clock';
import House from '@lucide/svelte/icons/house';
import Inbox from '@lucide/svelte/icons/inbox';
import KeyRound from '@lucide/svelte/icons/key-round';
import Laptop from '@lucide/svelte/icons/laptop';
import LogIn from '@lucide/svelte/icons/log-in';
import Mail from '@lucide/svelte/icons/mail';
import MonitorSmartphone from '@lucide/svelte/icons/monitor-smartphone';
import Radio from '@lucide/svelte/icons/radio';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Settings from '@lucide/svelte/icons/settings';
import UserRoundCheck from '@lucide/svelte/icons/user-round-check';
import Users from '@lucide/svelte/icons/users';
import type { Me } from '../api/types.js';
import { may, type Need } from './permissions.js';

export type Item = {
  href: string;
  label: string;
  icon: Component<{ size?: number; 'aria-hidden'?: 'true' }>;
  needs?: Need;
  /** Pressed after `g`. */
  key?: string;
  /** Other paths that belong to this item. */
  covers?: string[];
};
export type Group = { title: string; items: Item[] };

const groups: Group[] = [
  {
    title: 'My account',
    items: [
      { href: '/me', label: 'Home', icon: House, key: 'h' },
      { href: '/me/sessions', label: 'My sessions', icon: MonitorSmartphone, key: 'm' },
      { href: '/me/devices', label: 'Devices', icon: Laptop },
      { href: '/me/activity', label: 'Activity', icon: History, key: 'y' },
      { href: '/me/2fa', label: 'Two-step', icon: ShieldCheck, key: 't' },
      { href: '/me/password', label: 'Password', icon: KeyRound },
      { href: '/me/addresses', label: 'Addresses', icon: Mail },
    ],
  },
  {
    title: 'My people',
    items: [{ href: '/team', label: 'Team', icon: UserRoundCheck, needs: 'lead', key: 'w' }],
  },
  {
    title: 'Watch',
    items: [
      { href: '/overview', label: 'Overview', icon: Globe, needs: 'watch', key: 'o' },
      { href: '/live', label: 'Live', icon: Radio, needs: 'watch', key: 'l' },
      { href: '/alerts', label: 'Inbox', icon: Inbox, needs: 'watch', key: 'a' },
      { href: '/sessions', label: 'Sessions', icon: LogIn, needs: 'watch', key: 's', covers: ['/receipts'] },
      { href: '/people', label: 'People', icon: Users, needs: 'watch', key: 'p', covers: ['/u'] },
    ],
  },
  {
    title: 'Set up',
    items: [
      { href: '/settings/applications', label: 'Applications', icon: AppWindow, needs: 'administer', key: 'c' },
      { href: '/settings/detection', label: 'Detection', icon: SlidersHorizontal, needs: 'watch', key: 'd' },
      { href: '/audit', label: 'Audit', icon: ScrollText, needs: 'audit', key: 'u' },
      { href: '/settings/health', label: 'Health', icon: HeartPulse, needs: 'audit' },
      { href: '/settings', label: 'Settings', icon: Settings, needs: 'administer', key: ',' },
    ],
  },
];

/** What this person's rail shows. A role only adds items; nothing moves. */
export function groupsFor(me: Me): Group[] {
  return groups
    .map((group) => ({ ...group, items: group.items.filter((item) => may(me, item.needs)) }))
    .filter((group) => group.items.length > 0);
}

/** The four of the bottom bar on phones; everything else is behind the picture of the person. */
export function phoneItems(me: Me): Item[] {
  const all = groupsFor(me).flatMap((group) => group.items);
  const order = me.may.watch
    ? ['/overview', '/live', '/alerts', '/me']
    : ['/me', '/me/sessions', '/me/activity', me.may.lead ? '/team' : '/me/2fa'];
  return order.flatMap((href) => all.filter((item) => item.href === href));
}

export function isCurrent(item: Item, path: string): boolean {
  const inside = (base: string) => path.startsWith(`${base}/`);
  if (path === item.href || (item.covers ?? []).some(inside)) return true;
  // `/me` and `/settings` have items of their own below them.
  return item.href !== '/me' && item.href !== '/settings' && inside(item.href);
}
