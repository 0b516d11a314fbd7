/**
 * The page that `?next=` asks for, as a path of this console, or null for anything that would lead out of it. Browsers drop tabs and
 * line ends from an address and take `\` for `/`, so it is read as they read it, and only then compared.
 */
export function nextPath(next: string | null, origin: string): string | null {
  if (next === null || !next.startsWith('/') || !URL.canParse(next, origin)) return null;
  const { origin: target, pathname, search, hash } = new URL(next, origin);
  // A path that begins with two slashes is again an address of somewhere else.
  return target !== origin || pathname.startsWith('//') ? null : pathname + search + hash;
}
