import type { FilterField } from '../../live/filters.js';

export type Column = {
  /** Stays the same whatever is shown, so that a key means the same cell at any width. */
  index: number;
  title: string;
  /** What its cells can be filtered by; the first that the row has a value for. */
  filters: FilterField[];
};

/** In the order of the screen; 7 and 8 appear where there is room for them. */
export const columns: Column[] = [
  { index: 0, title: 'Time', filters: [] },
  { index: 1, title: 'Outcome', filters: ['outcome'] },
  { index: 2, title: 'Person', filters: ['person', 'subject'] },
  { index: 3, title: 'Address', filters: ['ip'] },
  { index: 4, title: 'Network', filters: ['asn'] },
  { index: 5, title: 'Place', filters: ['country'] },
  { index: 6, title: 'Device', filters: [] },
  { index: 7, title: 'Application', filters: ['application'] },
  { index: 8, title: 'Reason', filters: [] },
  { index: 9, title: 'Risk', filters: ['risk'] },
];
export const wideColumns = [7, 8];
