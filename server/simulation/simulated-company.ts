import type { Scope } from '../contracts/applications.js';
import { applicationNames, type ApplicationName } from './domain/applications.js';

/** What the simulated company needs from the house besides its public API; applications here are of kind `simulated`. */
export type CompanyPort = {
  listApplications(): Promise<readonly { id: string; name: string }[]>;
  /** Null when an application of another kind has that name. */
  createApplication(name: string): Promise<{ id: string } | null>;
  createKey(applicationId: string, scopes: readonly Scope[]): Promise<{ id: string; key: string }>;
  revokeKey(applicationId: string, keyId: string): Promise<void>;
  /** Removes everything the simulated company ever left behind: applications with their data, and its people. */
  removeEverything(): Promise<RemovedCompany>;
};

export type RemovedCompany = { applications: number; people: number; attempts: number };

/** The opened company: what `Simulation` takes, and how to end its keys again. */
export type OpenCompany = {
  applications: readonly { id: string; name: ApplicationName; key: string }[];
  peopleKey: string;
  /** Ends the keys made for this run; the data stays. */
  close(): Promise<void>;
};

/**
 * Makes sure that the six simulated applications exist, and fresh keys for this run: a secret can't be read back, and
 * several runs (the server's own and one from the command line) must not end each other's keys.
 */
export async function startCompany(port: CompanyPort): Promise<OpenCompany> {
  const existing = await port.listApplications();
  const issued: { applicationId: string; keyId: string }[] = [];
  const issue = async (applicationId: string, scopes: readonly Scope[]): Promise<string> => {
    const { id, key } = await port.createKey(applicationId, scopes);
    issued.push({ applicationId, keyId: id });
    return key;
  };
  const close = async (): Promise<void> => {
    for (const { applicationId, keyId } of issued.splice(0)) await port.revokeKey(applicationId, keyId);
  };
  try {
    const applications = [];
    for (const name of applicationNames) {
      const id = await applicationFor(port, existing, name);
      applications.push({ id, name, key: await issue(id, ['attempts:write']) });
    }
    const [mail] = applications;
    if (!mail) throw new Error('The simulated company has no applications');
    return { applications, peopleKey: await issue(mail.id, ['people:write']), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A connected application may already have the plain name; ours then says what it is. */
async function applicationFor(
  port: CompanyPort,
  existing: readonly { id: string; name: string }[],
  name: ApplicationName,
): Promise<string> {
  const names = [name, `${name} (simulated)`];
  const known = existing.find((application) => names.includes(application.name));
  if (known) return known.id;
  for (const free of names) {
    const created = await port.createApplication(free);
    if (created) return created.id;
  }
  throw new Error(`Both names for the simulated application ${name} are taken`);
}

/** Takes the whole company away again. The caller stops its simulation first, or attempts would meet revoked keys. */
export const removeCompany = (port: CompanyPort): Promise<RemovedCompany> => port.removeEverything();
