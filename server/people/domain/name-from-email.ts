/** A name for a person of whom only an address is known: "ana.silva@example.com" is called "Ana Silva". */
export function nameFromEmail(email: string): string {
  const [local = ''] = email.split('@');
  const words = local.split(/[._+-]+/).filter((word) => word !== '');
  const name = words.map((word) => word.charAt(0).toLocaleUpperCase('en') + word.slice(1)).join(' ');
  return name === '' ? email : name;
}
