import type { AlertView } from '../api/types.js';
import { rowTitle } from '../features/alerts/alert-sentence.js';
import { announcer } from '../ui/announcer.svelte.js';
import { toasts } from '../ui/toasts.svelte.js';
import { router } from './router.svelte.js';

/** Set once somebody was asked whether they want to be told on the desktop, on this device. */
const ASKED = 'gatehouse.desktop-asked';

/**
 * Says that a critical alert was raised, wherever one is; nothing less interrupts. The desktop tells while the page is out of sight,
 * for who wants that: asked on the first critical one, never before.
 */
export function tellOfCritical(alert: AlertView): void {
  const title = rowTitle(alert);
  announcer.interrupt(`Critical: ${title}`);
  if (document.hidden && desktop() === 'granted') tellDesktop(alert, title);
  if (router.path.startsWith('/alerts')) return;
  const mayAsk = desktop() === 'default' && localStorage.getItem(ASKED) === null;
  toasts.show({
    text: `Critical: ${title}`,
    link: { href: `/alerts/${alert.id}`, label: 'Open' },
    ...(mayAsk && { action: { label: 'Tell me on the desktop', run: askForDesktop } }),
  });
}

/** Whether this browser may tell on the desktop; without HTTPS some have no way to. */
const desktop = (): NotificationPermission | 'none' => ('Notification' in window ? Notification.permission : 'none');

async function askForDesktop(): Promise<void> {
  localStorage.setItem(ASKED, '1');
  const answer = await Notification.requestPermission();
  toasts.show({
    text:
      answer === 'granted'
        ? 'Critical alerts are told on the desktop while Gatehouse is out of sight.'
        : 'Nothing is told on the desktop.',
    detail: 'The settings of this browser change it.',
  });
}

function tellDesktop({ id, number }: AlertView, title: string): void {
  // The same alert once, however many tabs are open.
  const told = new Notification(`Critical: ${number}`, { body: title, tag: id });
  told.onclick = () => {
    window.focus();
    router.go(`/alerts/${id}`);
    told.close();
  };
}
