/** Where the page is. Own because a router that fits a few dozen routes is forty lines. */
class Router {
  path = $state(location.pathname);
  query = $state(new URLSearchParams(location.search));

  constructor() {
    addEventListener('popstate', () => this.#read());
    document.addEventListener('click', (event) => this.#follow(event));
  }

  #read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }

  /** Opens a path of this application; `replace` leaves no step to go back to. */
  go(to: string, options: { replace?: boolean } = {}): void {
    if (options.replace === true) history.replaceState(null, '', to);
    else history.pushState(null, '', to);
    this.#read();
  }

  /** Changes some of the query and keeps the page; an empty value drops its key. One step back each, unless replaced. */
  filter(changes: Record<string, string | null>, options: { replace?: boolean } = {}): void {
    const query = new URLSearchParams(location.search);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null || value === '') query.delete(key);
      else query.set(key, value);
    }
    const text = query.toString();
    this.go(`${location.pathname}${text === '' ? '' : `?${text}`}`, options);
  }

  /** Follows plain clicks on links inside the application and leaves all others to the browser. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link?.href || link.target !== '' || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.pathname.startsWith('/api/')) return;
    event.preventDefault();
    const here = location.pathname + location.search;
    this.go(url.pathname + url.search + url.hash, { replace: here === url.pathname + url.search });
  }
}
export const router = new Router();

/** Values of the `:names` in a pattern, or null where the path does not fit it. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.replace(/(?<=.)\/$/, '').split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decoded(value);
    else if (part !== value) return null;
  }
  return params;
}

/** A path that was typed by hand may hold a stray `%`; it then simply matches nothing. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
