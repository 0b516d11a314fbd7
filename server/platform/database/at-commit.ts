import type { EntityManager } from 'typeorm';

type Work = () => Promise<void>;

/** What transactions under way still have to do before they commit. */
const due = new WeakMap<EntityManager, Work[]>();

/**
 * Has something done as the last thing of the transaction, whatever locks the rest of it takes after this. What every transaction takes
 * last can't be part of a deadlock.
 * @returns false outside of `DataSource.transaction`: then nobody will do it
 */
export function atCommit(tx: EntityManager, work: Work): boolean {
  const works = due.get(tx);
  works?.push(work);
  return works !== undefined;
}

/** Runs a transaction's work and then what it left for its end. */
export async function withEnd<T>(tx: EntityManager, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  // One inside another shares its connection, and its end.
  if (due.has(tx)) return work(tx);
  const works: Work[] = [];
  due.set(tx, works);
  try {
    const result = await work(tx);
    for (const last of works) await last();
    return result;
  } finally {
    due.delete(tx);
  }
}
