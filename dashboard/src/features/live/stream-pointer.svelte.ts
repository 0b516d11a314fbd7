import { HOVER_HOLD_MS } from '../../live/hold.js';
import { columns } from './columns.js';
import type { LiveView } from './live-view.svelte.js';

/** How long the pointer rests on a cell before its tools appear, in milliseconds. */
const CELL_MS = 300;
/** The column under whose place the row's buttons stand. */
const ACTIONS_COLUMN = 6;

export type Hit = { position: number; column: number | null; action: boolean };

/** Which row and cell an event happened on; null outside of rows. */
export function hitBy(target: EventTarget | null): Hit | null {
  if (!(target instanceof Element)) return null;
  const position = target.closest('[data-position]')?.getAttribute('data-position');
  const cell = target.closest('[data-column]')?.getAttribute('data-column');
  if (!position) return null;
  return {
    position: Number(position),
    column: cell ? Number(cell) : null,
    action: target.closest('[data-action]') !== null,
  };
}

/** What the mouse does to the list: resting on it holds it, and resting on a cell brings the tools of the cell. */
export class StreamPointer {
  /** The cell whose tools are shown. */
  cell = $state.raw<{ position: number; column: number } | null>(null);
  readonly #view: LiveView;
  /** Whether the mouse was moved since it is over the list. A page that appears under a resting mouse is not being pointed at. */
  #stirred = false;
  #hover: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(view: LiveView) {
    this.#view = view;
  }

  clear(): void {
    clearTimeout(this.#rest);
    this.cell = null;
  }

  /** Shows the tools of a cell once one has stayed there. */
  rest({ position, column }: Pick<Hit, 'position' | 'column'>): void {
    this.clear();
    if (column === null || position < 0 || (columns[column]?.filters.length ?? 0) === 0) return;
    this.#rest = setTimeout(() => {
      this.cell = { position, column };
      this.#view.hold('hover', true);
    }, CELL_MS);
  }

  moved(event: PointerEvent): void {
    if (this.#stirred || event.pointerType !== 'mouse') return;
    if (event.movementX === 0 && event.movementY === 0) return;
    this.#stirred = true;
    this.#hover = setTimeout(() => this.#view.hold('hover', true), HOVER_HOLD_MS);
  }

  left(): void {
    this.#stirred = false;
    clearTimeout(this.#hover);
    this.clear();
    this.#view.hold('hover', false);
  }

  over(event: PointerEvent): void {
    if (!this.#stirred) return;
    clearTimeout(this.#rest);
    showWhole(event.target);
    if (event.target instanceof Element && event.target.closest('[data-tools]')) return;
    const hit = hitBy(event.target);
    // Over the buttons nothing may move at all, not even for the first 600 ms.
    if (hit?.column === ACTIONS_COLUMN) this.#view.hold('hover', true);
    if (this.#isShown(hit)) return;
    if (hit) this.rest(hit);
    else this.clear();
  }

  #isShown(hit: Hit | null): boolean {
    return this.cell !== null && hit?.position === this.cell.position && hit.column === this.cell.column;
  }
}

/** A text that was cut is given whole as a tip, when it is asked for: a tip for each cell would cost each drawing. */
function showWhole(target: EventTarget | null): void {
  const cut = target instanceof Element ? target.closest<HTMLElement>('.clip') : null;
  if (cut && cut.scrollWidth > cut.clientWidth) cut.title = cut.textContent.trim();
  else if (cut?.title) cut.removeAttribute('title');
}
