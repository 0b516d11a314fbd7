import { Body, Controller, Delete, Get, Param, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  logoUpload,
  type LogoUpload,
  organisationChange,
  type OrganisationChange,
  organisationView,
  type OrganisationView,
} from '../../contracts/organisation.js';
import { auditRoles } from '../../contracts/people.js';
import { Refusal } from '../../platform/errors.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ChangeLogo } from '../change-logo.js';
import { ChangeOrganisation } from '../change-organisation.js';
import { ReadOrganisation } from '../read-organisation.js';

/** Served as a picture and as nothing else, even to a browser that goes there. */
const pictureHeaders = {
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; sandbox",
};

@Controller('api/v1/organisation')
export class OrganisationController {
  constructor(
    private readonly organisation: ReadOrganisation,
    private readonly changes: ChangeOrganisation,
    private readonly logo: ChangeLogo,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: auditRoles })
  @Answers('What the organisation is called, its time zone and its logo.', organisationView)
  read(): Promise<OrganisationView> {
    return this.organisation.read();
  }

  @Put()
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Names the organisation and sets its time zone.', organisationView)
  change(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(organisationChange)) body: OrganisationChange,
    @Req() request: FastifyRequest,
  ): Promise<OrganisationView> {
    return this.changes.change(caller, body, request.ip);
  }

  @Put('logo')
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Sets the logo, which everybody sees who reaches the sign-in.', organisationView)
  setLogo(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(logoUpload)) { image }: LogoUpload,
    @Req() request: FastifyRequest,
  ): Promise<OrganisationView> {
    return this.logo.set(caller, image, request.ip);
  }

  @Delete('logo')
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Removes the logo.', organisationView)
  removeLogo(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<OrganisationView> {
    return this.logo.remove(caller, request.ip);
  }

  @Get('logo/:hash')
  @Access({ kind: 'public' })
  @Answers('The logo of that hash, as long as it is the logo.', z.string())
  async picture(@Param('hash', new Valid(z.string().max(64))) hash: string, @Res() reply: FastifyReply): Promise<void> {
    const picture = await this.logo.read(hash);
    if (!picture) throw new Refusal('not_found');
    await reply.headers({ ...pictureHeaders, 'content-type': picture.type }).send(picture.bytes);
  }
}
