import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { rootFolder } from '../../platform/version.js';

/** What the build makes of the shipped databases: a start reads it in milliseconds, their own files took two seconds. */
export type TableName = 'networks' | 'places';

const FOLDER = join(rootFolder, 'dist', 'tables');

export async function writeTable(folder: string, name: TableName, table: object): Promise<void> {
  await writeFile(join(folder, `${name}.bin`), serialize(table));
}

/** @throws an error when the build has not made the table. */
export async function readTable<Table>(name: TableName, folder = FOLDER): Promise<Table> {
  return deserialize(await readFile(join(folder, `${name}.bin`))) as Table;
}

/** The folder of a package that holds nothing but data. */
export function folderOfPackage(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}
