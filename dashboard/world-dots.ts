import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoEqualEarth, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { Plugin } from 'vite';
import { CENTRE, MAP, SCALE } from './src/features/overview/projection.ts';

const MODULE = 'virtual:world-dots';
/** Distance of dots in a row, and of rows, in pixels: every other row is moved by half a step. */
const STEP = 7;
const ROW = 6.06;

/** Gives `virtual:world-dots`: which places of a grid are land, as bits. Computed at build time, so that no map travels to the browser. */
export function worldDots(): Plugin {
  return {
    name: 'world-dots',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load: (id) => (id === `\0${MODULE}` ? source() : undefined),
  };
}

function source(): string {
  const columns = Math.floor(MAP.width / STEP);
  const rows = Math.floor(MAP.height / ROW);
  const bits = new Uint8Array(Math.ceil((columns * rows) / 8));
  const edges = landEdges();
  for (let row = 0; row < rows; row += 1) {
    const crossings = crossingsAt(edges, (row + 0.5) * ROW);
    for (let column = 0; column < columns; column += 1) {
      const x = (column + (row % 2) / 2 + 0.25) * STEP;
      const before = crossings.filter((crossing) => crossing < x).length;
      const bit = row * columns + column;
      if (before % 2 === 1) bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  const grid = { step: STEP, row: ROW, columns, rows, bits: Buffer.from(bits).toString('base64') };
  return `export const grid = ${JSON.stringify(grid)};`;
}

type Edge = [x1: number, y1: number, x2: number, y2: number];

/** The coasts as straight edges on the drawing. */
function landEdges(): Edge[] {
  const path = createRequire(import.meta.url).resolve('world-atlas/land-110m.json');
  const topology = JSON.parse(readFileSync(path, 'utf8')) as Topology<{ land: GeometryCollection }>;
  const projection = geoEqualEarth().scale(SCALE).translate(CENTRE);
  const drawn = geoPath(projection)(feature(topology, topology.objects.land)) ?? '';
  return drawn.split('M').flatMap((ring) => {
    const points = ring
      .replace('Z', '')
      .split('L')
      .filter(Boolean)
      .map((point) => point.split(',').map(Number));
    return points.map((point, index): Edge => {
      const next = points[(index + 1) % points.length] ?? point;
      return [point[0] ?? 0, point[1] ?? 0, next[0] ?? 0, next[1] ?? 0];
    });
  });
}

/** Where a level line crosses the coasts; between an odd one and the next is land. */
function crossingsAt(edges: readonly Edge[], y: number): number[] {
  return edges.flatMap(([x1, y1, x2, y2]) => (y1 > y === y2 > y ? [] : [x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)]));
}
