/** What a block of addresses is used for in the simulated world. */
export type BlockUse = 'office' | 'home' | 'mobile' | 'hotel' | 'hosting' | 'vpn';

/**
 * 256 public addresses (a /24) that both shipped databases resolve as a whole to this city and this network. They are
 * ordinary ranges of providers and carriers, taken as examples only: nothing is ever sent to them.
 */
export type Block = {
  use: BlockUse;
  country: string;
  city: string;
  asn: number;
  /** The first three octets. */
  prefix: string;
};

type Row = readonly [use: BlockUse, country: string, city: string, asn: number, prefixes: string];

/**
 * Chosen by a scan of geoip-lite 1.4.10 and @ip-location-db/asn 2.3.2026061719: every address of the /24 in the city
 * named, with an accuracy radius of at most 20 km (mobile up to 500 km, as carriers are). A test repeats the look-up,
 * so that a newer database that moves a block is noticed.
 */
const rows: readonly Row[] = [
  ['office', 'PT', 'Lisbon', 15525, '62.48.161'],
  ['home', 'PT', 'Lisbon', 3243, '82.154.214 85.243.92 85.245.255 176.78.13'],
  ['home', 'PT', 'Lisbon', 2860, '79.169.35 85.139.195 95.93.36 109.49.99'],
  ['home', 'PT', 'Lisbon', 12353, '93.108.222 94.62.241 94.63.208'],
  ['mobile', 'PT', 'Lisbon', 42863, '83.223.229 92.250.107'],
  ['mobile', 'PT', 'Lisbon', 12353, '148.69.96'],
  ['office', 'NL', 'Rotterdam', 13127, '87.214.107'],
  ['home', 'NL', 'Rotterdam', 1136, '46.144.140 82.168.92 86.88.26 188.205.217'],
  ['home', 'NL', 'Rotterdam', 33915, '62.194.159 80.57.243 94.168.8 212.83.80'],
  ['home', 'NL', 'Rotterdam', 50266, '31.201.53 87.212.4 95.99.172'],
  ['mobile', 'NL', 'Rotterdam', 31615, '84.241.208 91.141.238'],
  ['mobile', 'NL', 'Rotterdam', 1136, '77.62.171'],
  ['office', 'NO', 'Bergen', 8542, '82.134.26'],
  ['home', 'NO', 'Bergen', 2119, '80.213.237 85.166.190 95.34.156'],
  ['home', 'NO', 'Bergen', 29695, '51.175.4 92.220.43 109.247.198'],
  ['home', 'NO', 'Bergen', 25400, '84.211.64 84.215.142'],
  ['mobile', 'NO', 'Bergen', 2119, '2.150.238'],
  ['mobile', 'NO', 'Bergen', 25400, '46.15.180'],
  ['office', 'PL', 'Krakow', 43939, '95.155.84'],
  ['home', 'PL', 'Krakow', 5617, '80.49.179 83.27.192'],
  ['home', 'PL', 'Krakow', 9141, '87.207.172 89.74.30'],
  ['home', 'PL', 'Krakow', 12741, '77.255.154 87.205.189'],
  ['mobile', 'PL', 'Krakow', 39603, '31.175.144'],
  ['mobile', 'PL', 'Krakow', 8374, '87.251.250'],
  ['office', 'DE', 'Hamburg', 20676, '87.234.222'],
  ['home', 'DE', 'Hamburg', 3320, '79.235.5 91.53.81'],
  ['home', 'DE', 'Hamburg', 3209, '31.17.236 92.210.111'],
  ['home', 'DE', 'Hamburg', 15943, '84.46.92 149.233.178'],
  ['mobile', 'DE', 'Hamburg', 6805, '77.8.153'],
  ['mobile', 'DE', 'Hamburg', 3209, '109.85.8'],
  ['hotel', 'GB', 'London', 2856, '85.116.2'],
  ['mobile', 'GB', 'London', 2856, '31.94.82'],
  ['hotel', 'FR', 'Paris', 3215, '90.44.197'],
  ['mobile', 'FR', 'Paris', 51207, '37.175.72'],
  ['hotel', 'ES', 'Madrid', 3352, '83.32.153'],
  ['mobile', 'ES', 'Madrid', 12430, '77.226.128'],
  ['hotel', 'IT', 'Milan', 12874, '85.18.99'],
  ['mobile', 'IT', 'Milan', 16232, '95.74.82'],
  ['hotel', 'DK', 'Copenhagen', 3292, '87.61.166'],
  ['mobile', 'DK', 'Copenhagen', 44034, '109.57.189'],
  ['hotel', 'CZ', 'Prague', 5610, '88.103.153'],
  ['mobile', 'CZ', 'Prague', 13036, '89.233.169'],
  ['hotel', 'US', 'New York', 12271, '72.227.182'],
  ['mobile', 'US', 'New York', 6167, '97.133.242'],
  ['hosting', 'SG', 'Singapore', 14061, '134.209.109 167.172.83'],
  ['hosting', 'SG', 'Singapore', 20473, '66.42.55'],
  ['hosting', 'RU', 'St Petersburg', 9123, '87.249.38 188.225.22'],
  ['hosting', 'RU', 'Moscow', 50340, '82.148.16'],
  ['hosting', 'DE', 'Frankfurt am Main', 14061, '159.89.100'],
  ['hosting', 'DE', 'Nuremberg', 51167, '95.111.245 173.249.11'],
  ['hosting', 'NL', 'Amsterdam', 14061, '164.92.222'],
  ['hosting', 'NL', 'Amsterdam', 60781, '37.75.154'],
  ['hosting', 'US', 'Los Angeles', 36352, '107.172.87'],
  ['hosting', 'US', 'New York', 14061, '107.170.187'],
  ['hosting', 'HK', 'Hong Kong', 45102, '47.75.23'],
  ['hosting', 'ID', 'Jakarta', 45102, '147.139.214'],
  ['hosting', 'BR', 'São Paulo', 16509, '177.71.147'],
  ['hosting', 'IN', 'Mumbai', 45102, '147.139.64'],
  ['hosting', 'JP', 'Tokyo', 45102, '8.221.156'],
  ['hosting', 'GB', 'London', 16276, '198.244.161'],
  ['hosting', 'FR', 'Paris', 16276, '145.239.156'],
  ['vpn', 'NL', 'Amsterdam', 9009, '154.199.170'],
  ['vpn', 'CZ', 'Prague', 60068, '143.244.58'],
];

export const blocks: readonly Block[] = rows.flatMap(([use, country, city, asn, prefixes]) =>
  prefixes.split(' ').map((prefix) => ({ use, country, city, asn, prefix })),
);

const byUse = new Map<string, Block[]>();
for (const block of blocks) {
  for (const key of [block.use, `${block.use} ${block.city}`]) {
    const list = byUse.get(key) ?? [];
    list.push(block);
    byUse.set(key, list);
  }
}

/** Blocks of one use, in one city or everywhere; hotels in office cities are guests of ordinary home providers. */
export function blocksFor(use: BlockUse, city?: string): readonly Block[] {
  const found = byUse.get(city === undefined ? use : `${use} ${city}`);
  if (found) return found;
  if (use === 'hotel' && city !== undefined) return blocksFor('home', city);
  throw new RangeError(`No ${use} network in ${city ?? 'the world'}`);
}

/** The n-th usable address of a block; any whole number, as it wraps. */
export const addressIn = (block: Block, n: number): string => `${block.prefix}.${1 + (n % 254)}`;
