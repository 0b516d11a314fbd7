import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppendAudit } from '../audit/append-audit.js';
import { DemandLongerPassword } from '../authentication/demand-longer-password.js';
import { HashPassword } from '../authentication/hash-password.js';
import { NotifyPerson } from '../notifications/notify-person.js';
import type { Clock } from '../platform/clock.js';
import { Limits } from '../platform/limits.js';
import { Cursors } from '../platform/paging.js';
import { CLOCK } from '../platform/tokens.js';
import { use } from '../platform/use.js';
import { Revoke } from '../sessions/revoke.js';
import { CarryOutChanges } from './carry-out-changes.js';
import { CreateAdmin } from './create-admin.js';
import { DisablePerson } from './disable-person.js';
import { ImportPeople } from './import-people.js';
import { InvitePerson } from './invite-person.js';
import { ManageAddresses } from './manage-addresses.js';
import { ReadAccount } from './read-account.js';
import { ReadPeople } from './read-people.js';
import { RemovePerson } from './remove-person.js';
import { RequireNewPassword } from './require-new-password.js';
import { SavePeople } from './save-people.js';
import { SendInvitation } from './send-invitation.js';

/** What looking after people is made of. */
export const peopleUseCases: FactoryProvider[] = [
  use(CreateAdmin, DataSource, HashPassword, AppendAudit),
  use(ReadPeople, DataSource, Cursors),
  use(ReadAccount, DataSource, ManageAddresses),
  use(SendInvitation, NotifyPerson, AppendAudit),
  use(CarryOutChanges, AppendAudit, Revoke, NotifyPerson, SendInvitation, CLOCK),
  use(SavePeople, DataSource, CarryOutChanges),
  use(DisablePerson, DataSource, AppendAudit, Revoke),
  use(RequireNewPassword, DataSource, AppendAudit, Revoke, NotifyPerson, DemandLongerPassword),
  use(InvitePerson, DataSource, CarryOutChanges, SendInvitation, AppendAudit),
  use(ImportPeople, DataSource, CarryOutChanges),
  {
    provide: ManageAddresses,
    inject: [DataSource, Limits, NotifyPerson, AppendAudit, CLOCK],
    useFactory: (...[database, limiter, notifications, audit, now]: AddressParts) =>
      new ManageAddresses({ database, limiter, notifications, audit, now }),
  },
  use(RemovePerson, DataSource, AppendAudit, DisablePerson),
];

type AddressParts = [DataSource, Limits, NotifyPerson, AppendAudit, Clock];
