/** What is saved with the codes, so that they still mean something when they are found again in two years. */
export function codesText(codes: readonly string[], account: string, made: Date): string {
  const lines = codes.map((code, index) => `${String(index + 1).padStart(2)}  ${code}`);
  return [
    `Backup codes for ${location.host}`,
    `Account: ${account}`,
    `Made: ${made.toISOString().slice(0, 10)}`,
    '',
    ...lines,
    '',
    'Each code signs you in once, in place of your phone: after your password choose "Use a backup code".',
    'New codes make these void. Keep them where you keep other valuables, not beside your password.',
    '',
  ].join('\n');
}

/** Names the site and the day, e.g. `gatehouse-backup-codes-example.com-2026-11-24.txt`. */
export const codesFileName = (made: Date): string =>
  `gatehouse-backup-codes-${location.hostname.replace(/[^\w.-]/g, '-')}-${made.toISOString().slice(0, 10)}.txt`;

/** Hands a text to the browser as a file. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
