/** How long the pointer or the focus rests on a link before its card shows, and how long one may take to get into the card. In milliseconds. */
const SHOW_MS = 300;
const LEAVE_MS = 200;

const shape = /^\/(u|ip|asn|device|application)\/([^/]+)$/;
export type Kind = 'u' | 'ip' | 'asn' | 'device' | 'application';
const filterKinds: Partial<Record<string, Kind>> = { person: 'u', ip: 'ip', asn: 'asn', application: 'application' };
export type Thing = { kind: Kind; value: string };
/** A link to a thing with a page of its own, where it stands on the screen. */
export type Hovered = Thing & { link: HTMLAnchorElement };

/** The thing that a filter of attempts is about, where it has a page of its own. */
export function aboutFilter(field: string, value: string): Thing | null {
  const kind = filterKinds[field];
  return kind ? { kind, value } : null;
}

function hoveredOf(target: EventTarget | null): Hovered | null {
  const link = target instanceof Element ? target.closest('a') : null;
  if (!(link instanceof HTMLAnchorElement) || link.origin !== location.origin) return null;
  // One is on that page already.
  if (link.pathname === location.pathname) return null;
  const match = shape.exec(link.pathname);
  if (match) return { link, kind: match[1] as Kind, value: decodeURIComponent(match[2] ?? '') };
  return link.pathname === '/live' ? filteredBy(link) : null;
}

/** A link to the attempts of one thing is about that thing. */
function filteredBy(link: HTMLAnchorElement): Hovered | null {
  const filters = [...new URLSearchParams(link.search)].filter(([field]) => field !== 'from' && field !== 'to');
  const [only] = filters;
  const about = only && filters.length === 1 ? aboutFilter(...only) : null;
  return about && { link, ...about };
}

/**
 * Watches for links to things under the pointer or the focus, wherever they are.
 * @param show called with the link that is rested on, and with null once nothing is
 * @returns how to stop
 */
export function watchHovered(show: (hovered: Hovered | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let on: HTMLAnchorElement | null = null;
  const after = (ms: number, hovered: Hovered | null): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      on = hovered?.link ?? null;
      if (!hovered || hovered.link.isConnected) show(hovered);
    }, ms);
  };
  const enter = (event: Event): void => {
    if (event.target instanceof Element && event.target.closest('[data-card]')) {
      clearTimeout(timer);
      return;
    }
    const hovered = hoveredOf(event.target);
    if (hovered && hovered.link === on) clearTimeout(timer);
    else after(hovered ? SHOW_MS : LEAVE_MS, hovered);
  };
  const leave = (event: Event): void => {
    if (event instanceof KeyboardEvent && event.key !== 'Escape') return;
    clearTimeout(timer);
    on = null;
    show(null);
  };
  const entering = ['pointerover', 'focusin'] as const;
  const leaving = ['keydown', 'scroll', 'pointerdown'] as const;
  const away = (event: Event): void => {
    if (event.target instanceof Element && event.target.closest('[data-card]')) return;
    leave(event);
  };
  for (const name of entering) document.addEventListener(name, enter);
  for (const name of leaving) document.addEventListener(name, away, { capture: true, passive: true });
  return () => {
    clearTimeout(timer);
    for (const name of entering) document.removeEventListener(name, enter);
    for (const name of leaving) document.removeEventListener(name, away, { capture: true });
  };
}
