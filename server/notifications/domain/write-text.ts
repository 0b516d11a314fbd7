/** What is sealed in the outbox for a code by SMS. */
export type CodeBySms = { to: string; code: string };

/**
 * What a code by SMS says: within one message of 160 letters for names of up to 25. Its last line binds the code to the console's
 * name, so that phones offer it there and nowhere else (WICG, "Origin-bound one-time codes delivered via SMS").
 */
export function writeText(code: string, minutes: number, consoleUrl: string): string {
  const { host, hostname, protocol } = new URL(consoleUrl);
  const said = `${code} is your sign-in code for ${host}. It works for ${minutes} minutes. Tell it to nobody.`;
  return protocol === 'https:' ? `${said}\n\n@${hostname} #${code}` : said;
}
