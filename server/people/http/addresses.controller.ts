import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  addressChange,
  addressList,
  type AddressList,
  addressQuestion,
  type AddressQuestion,
  newAddress,
  type NewAddress,
} from '../../contracts/addresses.js';
import { linkRequest } from '../../contracts/passwords.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ManageAddresses } from '../manage-addresses.js';
import { changeOriginOf, uuid } from './change-origin.js';

const confirmedAddress = z.object({ address: z.string() });

/** The own addresses. Each change answers with all of them. */
@Controller('api/v1')
export class AddressesController {
  constructor(private readonly addresses: ManageAddresses) {}

  @Get('me/addresses')
  @Access({ kind: 'person' })
  @Answers('The own addresses, the main one first.', addressList)
  async list(@SignedIn() caller: PersonCaller): Promise<AddressList> {
    return { items: await this.addresses.list(caller.personId) };
  }

  @Post('me/addresses')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true })
  @Answers('Adds an address and mails it a link to confirm it.', addressList)
  async add(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(newAddress)) { address }: NewAddress,
    @Req() request: FastifyRequest,
  ): Promise<AddressList> {
    await this.addresses.add(caller.personId, address, changeOriginOf(caller, request));
    return this.list(caller);
  }

  @Post('me/addresses/:id/confirmation')
  @HttpCode(200)
  @Access({ kind: 'person' })
  @Answers('Mails the link to confirm an address again.', addressList)
  async askAgain(@SignedIn() caller: PersonCaller, @Param('id', uuid) id: string): Promise<AddressList> {
    await this.addresses.askAgain(caller.personId, id);
    return this.list(caller);
  }

  @Patch('me/addresses/:id')
  @Access({ kind: 'person', fresh: true })
  @Answers('Chooses whether security messages go to an address.', addressList)
  async change(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(addressChange)) { notices }: { notices: boolean },
    @Req() request: FastifyRequest,
  ): Promise<AddressList> {
    await this.addresses.chooseNotices(caller.personId, id, notices, changeOriginOf(caller, request));
    return this.list(caller);
  }

  @Delete('me/addresses/:id')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true })
  @Answers('Removes an address; the others are told, and for the last time the one that goes.', addressList)
  async remove(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Req() request: FastifyRequest,
  ): Promise<AddressList> {
    await this.addresses.remove(caller.personId, id, changeOriginOf(caller, request));
    return this.list(caller);
  }

  @Post('addresses/link')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('What a mailed link asks to confirm; uses nothing up.', addressQuestion)
  look(@Body(new Valid(linkRequest)) { token }: { token: string }): Promise<AddressQuestion> {
    return this.addresses.look(token);
  }

  @Post('addresses/confirm')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Confirms an address by the mailed link, once.', confirmedAddress)
  confirm(
    @Body(new Valid(linkRequest)) { token }: { token: string },
    @Req() request: FastifyRequest,
  ): Promise<{ address: string }> {
    return this.addresses.confirm(token, { ip: request.ip, userAgent: request.headers['user-agent'] });
  }
}
