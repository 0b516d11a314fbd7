import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RangeCollector, type Ranges } from './ranges.js';
import { folderOfPackage, writeTable } from './tables.js';

/** Where addresses are: an index into the columns, and one into `names` from there. */
export type PlaceTable = {
  indexes: Ranges;
  /** `country|region|city`. */
  names: string[];
  name: Uint32Array;
  /** In ten-thousandths of a degree. */
  latitude: Int32Array;
  longitude: Int32Array;
  /** Accuracy radius in kilometres; 0: not known. */
  radius: Uint32Array;
};

type Column = 'name' | 'latitude' | 'longitude' | 'radius';

/** Records of geoip-lite's files: two addresses, the number of a name, latitude, longitude, radius. */
const FILES = [
  { file: 'geoip-city.dat', addressBytes: 4, keyOf: (data: Buffer, at: number) => BigInt(data.readUInt32BE(at)) },
  { file: 'geoip-city6.dat', addressBytes: 16, keyOf: (data: Buffer, at: number) => data.readBigUInt64BE(at) },
];

/** Its file of names has records of this size: country, region, five bytes of others, time zone, city. */
const NAME_BYTES = 88;

/** Marks a range without a name. */
const NAMELESS = 0xffff_ffff;

/** Prepares the city database shipped with Gatehouse (GeoLite2 by way of geoip-lite, see NOTICE); for the build. */
export async function writePlaceTable(folder: string): Promise<void> {
  const source = join(folderOfPackage('geoip-lite'), 'data');
  const collector = new RangeCollector();
  const places = new Places();
  for (const { file, addressBytes, keyOf } of FILES) {
    const data = await readFile(join(source, file));
    for (let at = 0; at < data.length; at += 2 * addressBytes + 16) {
      const index = places.indexOf(data, at + 2 * addressBytes);
      if (index !== undefined) collector.add(keyOf(data, at), keyOf(data, at + addressBytes), index);
    }
  }
  const names = namesFrom(await readFile(join(source, 'geoip-city-names.dat')));
  await writeTable(folder, 'places', { indexes: collector.ranges(), names, ...places.columns() } satisfies PlaceTable);
}

/** Every different place once. */
class Places {
  private readonly known = new Map<string, number>();
  private readonly rows: Record<Column, number[]> = { name: [], latitude: [], longitude: [], radius: [] };

  indexOf(data: Buffer, at: number): number | undefined {
    const name = data.readUInt32BE(at);
    if (name === NAMELESS) return undefined;
    const key = data.toString('latin1', at, at + 16);
    let index = this.known.get(key);
    if (index === undefined) {
      index = this.known.size;
      this.known.set(key, index);
      this.rows.name.push(name);
      this.rows.latitude.push(data.readInt32BE(at + 4));
      this.rows.longitude.push(data.readInt32BE(at + 8));
      this.rows.radius.push(data.readUInt32BE(at + 12));
    }
    return index;
  }

  columns(): Pick<PlaceTable, Column> {
    return {
      name: Uint32Array.from(this.rows.name),
      latitude: Int32Array.from(this.rows.latitude),
      longitude: Int32Array.from(this.rows.longitude),
      radius: Uint32Array.from(this.rows.radius),
    };
  }
}

function namesFrom(data: Buffer): string[] {
  const text = (at: number, end: number): string => (data.toString('utf8', at, end).split('\0', 1)[0] ?? '').trim();
  return Array.from({ length: data.length / NAME_BYTES }, (_, index) => {
    const at = index * NAME_BYTES;
    return `${text(at, at + 2)}|${text(at + 2, at + 5)}|${text(at + 42, at + NAME_BYTES)}`;
  });
}
