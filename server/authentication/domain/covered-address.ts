/** An address as its owner knows it again and nobody else learns it: `s•••@example.com`. */
export function coveredAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const first = Array.from(address.slice(0, at))[0] ?? '';
  return `${first}•••${address.slice(at)}`;
}
