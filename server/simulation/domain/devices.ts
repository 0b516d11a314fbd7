import { DAY } from './calendar.js';
import { hexOf, type Random } from './random.js';

/** Each is one operating system with one browser, or one program. */
export const clientKinds = [
  'windows-chrome',
  'windows-edge',
  'windows-firefox',
  'mac-safari',
  'mac-chrome',
  'linux-firefox',
  'linux-chrome',
  'android-chrome',
  'iphone-safari',
  'android-mail',
  'iphone-mail',
  'terminal',
  'git',
  'windows-vpn',
  'mac-vpn',
  'linux-vpn',
] as const;
export type ClientKind = (typeof clientKinds)[number];

export type Device = {
  id: string;
  client: ClientKind;
  /** Days by which its updates come late. */
  updateLag: number;
};

export type Devices = { laptop: Device; phone: Device };

/** Chrome 131 came out on 12 November 2024, Firefox 133 on 26 November; both then follow every four weeks. */
const chrome = { major: 131, since: Date.UTC(2024, 10, 12) };
const firefox = { major: 133, since: Date.UTC(2024, 10, 26) };
const CYCLE = 28 * DAY;

const majorAt = (line: typeof chrome, device: Device, at: number): number =>
  line.major + Math.max(0, Math.floor((at - device.updateLag * DAY - line.since) / CYCLE));

/** Safari counts by year since 26 (autumn 2025); its user agent names the yearly release and a point release. */
function safariAt(device: Device, at: number): string {
  const date = new Date(at - device.updateLag * DAY);
  const month = date.getUTCMonth();
  const release = date.getUTCFullYear() - 2000 + (month >= 8 ? 1 : 0);
  return `${release}.${Math.floor(((month + 4) % 12) / 2)}`;
}

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const blink = (platform: string, major: number, mobile = ''): string =>
  `${platform} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 ${mobile}Safari/537.36`;
const gecko = (system: string, major: number): string =>
  `Mozilla/5.0 (${system}; rv:${major}.0) Gecko/20100101 Firefox/${major}.0`;

type Release = { blink: number; gecko: number; safari: string };

const byClient: Record<ClientKind, (release: Release) => string> = {
  'windows-chrome': (now) => blink(WINDOWS, now.blink),
  'windows-edge': (now) => `${blink(WINDOWS, now.blink)} Edg/${now.blink}.0.0.0`,
  'windows-firefox': (now) => gecko('Windows NT 10.0; Win64; x64', now.gecko),
  'mac-safari': (now) => `${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${now.safari} Safari/605.1.15`,
  'mac-chrome': (now) => blink(MAC, now.blink),
  'linux-firefox': (now) => gecko('X11; Linux x86_64', now.gecko),
  'linux-chrome': (now) => blink('Mozilla/5.0 (X11; Linux x86_64)', now.blink),
  'android-chrome': (now) => blink('Mozilla/5.0 (Linux; Android 10; K)', now.blink, 'Mobile '),
  'iphone-safari': (now) => `${IPHONE} Version/${now.safari} Mobile/15E148 Safari/604.1`,
  'android-mail': (now) =>
    blink('Mozilla/5.0 (Linux; Android 16; Pixel 9 Build/BP3A.250905.014; wv)', now.blink, 'Mobile '),
  'iphone-mail': () => `${IPHONE} Mobile/15E148`,
  terminal: () => blink('Mozilla/5.0 (Linux; Android 13; TC53 Build/13-20-02.00)', 124),
  git: () => 'git/2.51.0',
  'windows-vpn': () => 'AnyConnect Windows 5.1.10.233',
  'mac-vpn': () => 'AnyConnect Mac OS X 5.1.10.233',
  'linux-vpn': () => 'AnyConnect Linux_64 5.1.10.233',
};

/** The user agent a device sends at an instant: browsers move on by themselves, as in life. */
export const userAgentOf = (device: Device, at: number): string =>
  byClient[device.client]({
    blink: majorAt(chrome, device, at),
    gecko: majorAt(firefox, device, at),
    safari: safariAt(device, at),
  });

/** What a phone's mail program or a laptop's VPN client sends, on the same device. */
export function programOn(device: Device, program: 'mail' | 'vpn' | 'git'): Device {
  if (program === 'git') return { ...device, client: 'git' };
  const system = device.client.split('-')[0] ?? '';
  const client = `${system}-${program}`;
  return { ...device, client: isClientKind(client) ? client : device.client };
}

const isClientKind = (value: string): value is ClientKind => (clientKinds as readonly string[]).includes(value);

const officeLaptops = [
  'windows-edge',
  'windows-edge',
  'windows-chrome',
  'windows-chrome',
  'windows-firefox',
  'mac-safari',
  'mac-chrome',
] as const;
const codingLaptops = [
  'mac-chrome',
  'mac-chrome',
  'mac-safari',
  'linux-firefox',
  'linux-firefox',
  'windows-chrome',
] as const;

/** A laptop and a phone; about six phones in ten run Android, as in Europe. */
export function devicesFor(owner: string, writesCode: boolean, random: Random): Devices {
  const device = (name: string, client: ClientKind): Device => ({
    id: `dev-${hexOf(`${owner}/${name}`, 12)}`,
    client,
    updateLag: random.int(0, 12),
  });
  return {
    laptop: device('laptop', random.pick(writesCode ? codingLaptops : officeLaptops)),
    phone: device('phone', random.chance(0.6) ? 'android-chrome' : 'iphone-safari'),
  };
}

/** The hand-held terminals of the warehouse, shared by everyone on a shift. */
export const terminals: readonly Device[] = Array.from({ length: 12 }, (_, i) => ({
  id: `terminal-${String(i + 1).padStart(2, '0')}`,
  client: 'terminal',
  updateLag: 0,
}));
