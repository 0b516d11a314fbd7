import type { DataSource } from 'typeorm';
import type { OrganisationView } from '../contracts/organisation.js';
import { readOrganisation } from './store/organisation.js';

/** Reads what the organisation is called, in which time zone it lives, and where its logo is. */
export class ReadOrganisation {
  constructor(private readonly database: DataSource) {}

  read(): Promise<OrganisationView> {
    return readOrganisation(this.database);
  }
}
