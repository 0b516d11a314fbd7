import { AppendAudit, cliActor } from '../audit/append-audit.js';
import { CreateApplication } from '../applications/create-application.js';
import { newApplication, newKey } from '../contracts/applications.js';
import { loadConfig } from '../platform/config.js';
import { Complaint } from './complaint.js';
import type { Output } from './output.js';
import { withDatabase } from './with-database.js';

/** `gatehouse app create NAME`: an application that may report its sign-ins, and its first key. */
export async function createApp(name: string, scopes: string[] | undefined, output: Output): Promise<void> {
  const application = newApplication.safeParse({ name });
  if (!application.success) throw new Complaint('An application needs a name of 1 to 80 characters.');
  const key = newKey.safeParse(scopes === undefined ? {} : { scopes });
  if (!key.success) {
    const known = newKey.shape.scopes.unwrap().element.options.join(', ');
    throw new Complaint(`A scope is one of ${known}.`);
  }
  const config = loadConfig(process.env);
  const created = await withDatabase(config, output.say, (database) => {
    const audit = new AppendAudit(config.keysFor('audit-chain')[0]);
    return new CreateApplication(database, audit).create(application.data.name, 'connected', key.data, cliActor);
  });
  output.answer({ id: created.application.id, key: created.key.key }, [
    `Application ${created.application.name} (${created.application.id})`,
    `Key: ${created.key.key}`,
    'This is the only time the key is shown; keep it like a password.',
  ]);
}
