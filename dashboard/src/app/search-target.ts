/**
 * Where a search leads, by the shape of what was typed: an address to its attempts, an alert's number to the alert,
 * a network to its attempts, anything else to the people whose name, e-mail or user name holds it.
 */
export function searchTarget(typed: string): string | null {
  const text = typed.trim();
  if (text === '') return null;
  const value = encodeURIComponent(text);
  if (/^a-\d+$/i.test(text)) return `/alerts/${encodeURIComponent(text.toUpperCase())}`;
  if (/^as\d+$/i.test(text)) return `/live?asn=${text.slice(2)}`;
  if (/^[\d.]+\/\d+$/.test(text) || /^[\da-f:]+\/\d+$/i.test(text)) return `/live?cidr=${value}`;
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text) || /^(?=.*:.*:)[\da-f:.]+$/i.test(text)) return `/live?ip=${value}`;
  return `/people?search=${value}`;
}
