import type { NetworkKind } from '../../contracts/detection.js';

/**
 * What a network is for, from its operator's name: no free source says it, and the names are telling. A first match counts, so the
 * narrow words stand before the wide ones. Wrong guesses cost little, as the kind is a weak signal by itself.
 */
const patterns: readonly [NetworkKind, RegExp][] = [
  ['tor', /\btor\b.*(exit|project)|torservers|emerald onion/i],
  [
    'vpn',
    /\bvpn\b|nordvpn|mullvad|proton\s?(ag|vpn)|expressvpn|surfshark|private internet access|tefincom|datacamp|31173 services|m247/i,
  ],
  [
    // Satellite operators too: their addresses say where the ground station is, not where the person is.
    'mobile',
    /starlink|spacex|satellite|\bvsat\b|viasat|hughes\s?net|hughes network|eutelsat|oneweb|inmarsat|iridium|mobile|wireless|cellular|\bgsm\b|vodafone|t-mobile|telefonica moviles|\bee limited\b|three\b|verizon wireless|\bmts\b|airtel|jio/i,
  ],
  [
    'hosting',
    /host|cloud|server|data\s?cent|colo\b|colocation|\bvps\b|amazon|\baws\b|google llc|microsoft|azure|digitalocean|linode|akamai|ovh|hetzner|vultr|choopa|contabo|leaseweb|oracle|alibaba|tencent|scaleway|online s\.?a\.?s|ionos|rackspace|netcup|kamatera|hostinger|godaddy|fastly|cloudflare|quadranet|psychz|frantech|buyvm|aeza|selectel|worldstream|serverius|gcore|g-core|zenlayer|dedipath|colocrossing|nforce|ipxo|cdn|constant company|sakura internet|hivelocity|equinix|clouvider|stark industries|sharktech|limestone networks|nocix|ramnode|ponynet|i3d\.net|combahton|hydra communications|railnet|kaopu|unmanaged|baidu|censys/i,
  ],
];

/** @param organisation the operator's name, null when unknown */
export function networkKindOf(organisation: string | null): NetworkKind {
  if (organisation === null) return 'unknown';
  return patterns.find(([, pattern]) => pattern.test(organisation))?.[0] ?? 'residential';
}
