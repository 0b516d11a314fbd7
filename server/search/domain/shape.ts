/** What a text that somebody typed looks like. */
export type Shape =
  | { kind: 'address' | 'range' | 'id' | 'name'; text: string }
  | { kind: 'network' | 'alert' | 'incident'; number: string };

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const v4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const v6 = /^(?=.*:.*:)[\da-f:]+(:\d{1,3}(\.\d{1,3}){3})?$/i;

/** Decides by the shape alone; whether there is such a thing is another question. */
export function shapeOf(typed: string): Shape {
  const text = typed.trim();
  const numbered = /^(as|a-|i-)\s?(\d{1,10})$/i.exec(text);
  if (numbered) {
    const [, prefix = '', number = ''] = numbered;
    const kinds = { as: 'network', 'a-': 'alert', 'i-': 'incident' } as const;
    return { kind: kinds[prefix.toLowerCase() as keyof typeof kinds], number: String(Number(number)) };
  }
  if (id.test(text)) return { kind: 'id', text: text.toLowerCase() };
  const [address = '', size, ...rest] = text.split('/');
  const isAddress = v4.test(address) || v6.test(address);
  if (isAddress && size === undefined) return { kind: 'address', text };
  if (isAddress && rest.length === 0 && /^\d{1,3}$/.test(size ?? '')) return { kind: 'range', text };
  return { kind: 'name', text };
}
