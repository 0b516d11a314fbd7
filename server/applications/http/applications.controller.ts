import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  type ApplicationView,
  type CreatedApplication,
  type CreatedKey,
  type KeyView,
  applicationView,
  createdApplication,
  createdKey,
  keyView,
  newApplication,
  newKey,
  type NewKey,
  rotateKey,
} from '../../contracts/applications.js';
import { type ConnectState, connectState } from '../../contracts/operations.js';
import { type Page, pageOf, pageQuery } from '../../contracts/paging.js';
import { actorOf } from '../../audit/actor-of.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { Refusal } from '../../platform/errors.js';
import { toCreatedKey, toKeyView } from '../application-view.js';
import { CreateApplication } from '../create-application.js';
import { ListApplications } from '../list-applications.js';
import { RemoveApplication } from '../remove-application.js';

const admin = { kind: 'person', roles: ['admin'] } as const;
/** Keys let data in, and an application's end takes its data along: nothing to do from an unlocked desk. */
const freshAdmin = { ...admin, fresh: true } as const;
const uuid = new Valid(z.uuid());

@Controller('api/v1')
export class ApplicationsController {
  constructor(
    private readonly applications: CreateApplication,
    private readonly lists: ListApplications,
    private readonly removal: RemoveApplication,
  ) {}

  @Get('applications')
  @Access({ kind: 'person', roles: ['admin', 'analyst', 'auditor'] })
  @Answers('Applications and their keys.', pageOf(applicationView))
  list(
    @Query(new Valid(pageQuery)) query: { cursor?: string | undefined; limit: number },
  ): Promise<Page<ApplicationView>> {
    return this.lists.list(query.cursor, query.limit);
  }

  @Post('applications')
  @Access(freshAdmin)
  @Answers('Creates an application with its first key, which is shown this once.', createdApplication)
  async create(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(newApplication)) body: { name: string },
  ): Promise<CreatedApplication> {
    const created = await this.applications.create(
      body.name,
      'connected',
      { scopes: ['attempts:write'] },
      actorOf(caller),
    );
    const application = await this.lists.read(created.application.id);
    if (!application) throw new Refusal('not_found');
    return { application, key: toCreatedKey(created.key) };
  }

  @Delete('applications/:id')
  @HttpCode(204)
  @Access(freshAdmin)
  @Answers('Removes an application with everything it reported.', z.void())
  remove(@SignedIn() caller: PersonCaller, @Param('id', uuid) id: string): Promise<void> {
    return this.removal.remove(id, actorOf(caller));
  }

  @Post('applications/:id/keys')
  @Access(freshAdmin)
  @Answers('Makes another key, which is shown this once.', createdKey)
  async createKey(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(newKey)) body: NewKey,
  ): Promise<CreatedKey> {
    return toCreatedKey(await this.applications.createKey(id, body, actorOf(caller)));
  }

  @Post('applications/:id/keys/:keyId/revoke')
  @HttpCode(200)
  @Access(freshAdmin)
  @Answers('Ends a key.', keyView)
  async revokeKey(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Param('keyId', uuid) keyId: string,
  ): Promise<KeyView> {
    return toKeyView(await this.applications.revokeKey(id, keyId, actorOf(caller)));
  }

  @Post('applications/:id/keys/:keyId/rotate')
  @Access(freshAdmin)
  @Answers('Replaces a key; the old one works on for the overlap.', createdKey)
  async rotateKey(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Param('keyId', uuid) keyId: string,
    @Body(new Valid(rotateKey)) body: { overlapMinutes: number },
  ): Promise<CreatedKey> {
    return toCreatedKey(await this.applications.rotateKey(id, keyId, body.overlapMinutes, actorOf(caller)));
  }

  /** What the page that waits for a first attempt shows: whether one came, and which requests were turned away. */
  @Get('connect-state')
  @Access(admin)
  @Answers('Whether a first attempt came, and which requests were turned away.', connectState)
  connectState(): Promise<ConnectState> {
    return this.lists.connectState();
  }
}
