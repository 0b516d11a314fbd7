import type { DataSource } from 'typeorm';
import type { Scope } from '../contracts/applications.js';
import { CreateApplication } from '../applications/create-application.js';
import { RemoveApplication } from '../applications/remove-application.js';
import { type AppendAudit, systemActor } from '../audit/append-audit.js';
import { forgetIncidents } from '../incidents/forget-incidents.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { CompanyPort, RemovedCompany } from './simulated-company.js';

/** The simulated company's applications and keys, made and removed by the same use cases as anyone's. */
export class CompanyRecords implements CompanyPort {
  private readonly applications: CreateApplication;
  private readonly removal: RemoveApplication;

  constructor(
    private readonly database: DataSource,
    audit: AppendAudit,
  ) {
    this.applications = new CreateApplication(database, audit);
    this.removal = new RemoveApplication(database, audit);
  }

  listApplications(): Promise<{ id: string; name: string }[]> {
    return this.database.query("SELECT id, name FROM applications WHERE kind = 'simulated' ORDER BY name_key");
  }

  async createApplication(name: string): Promise<{ id: string } | null> {
    try {
      const { application, key } = await this.applications.create(
        name,
        'simulated',
        { scopes: ['attempts:write'] },
        systemActor,
      );
      // The first key that every application gets is not needed: each run makes its own.
      await this.applications.revokeKey(application.id, key.entity.id, systemActor);
      return { id: application.id };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'already_exists') return null;
      throw error;
    }
  }

  async createKey(applicationId: string, scopes: readonly Scope[]): Promise<{ id: string; key: string }> {
    const fresh = await this.applications.createKey(applicationId, { scopes: [...scopes] }, systemActor);
    return { id: fresh.entity.id, key: fresh.key };
  }

  async revokeKey(applicationId: string, keyId: string): Promise<void> {
    await this.applications.revokeKey(applicationId, keyId, systemActor);
  }

  async removeEverything(): Promise<RemovedCompany> {
    const applications = await this.listApplications();
    const [counted] = await this.database.query<{ attempts: number }[]>(
      'SELECT coalesce(sum(attempts), 0)::int AS attempts FROM attempt_hours WHERE application_id = ANY($1)',
      [applications.map((application) => application.id)],
    );
    for (const { id } of applications) await this.removal.remove(id, systemActor);
    await this.database.query('DELETE FROM alerts WHERE simulated');
    await forgetIncidents(this.database);
    await this.database.query(
      'DELETE FROM profiles WHERE subject_key IN (SELECT id::text FROM people WHERE simulated)',
    );
    const [, people] = await this.database.query<[unknown, number]>('DELETE FROM people WHERE simulated');
    await notify(this.database, 'people_changed', {});
    return { applications: applications.length, people, attempts: counted?.attempts ?? 0 };
  }
}
