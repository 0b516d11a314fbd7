/** The page of an address, as links to it are written. */
export const addressHref = (ip: string): string => `/ip/${encodeURIComponent(ip)}`;
