import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { devicesView, type DevicesView, renameDevice } from '../../contracts/devices.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ManageDevices } from '../manage-devices.js';

const uuid = new Valid(z.uuid());

/** A person's own devices. */
@Controller('api/v1/me/devices')
export class DevicesController {
  constructor(private readonly devices: ManageDevices) {}

  @Get()
  @Access({ kind: 'person' })
  @Answers('The devices that the account is used on.', devicesView)
  read(@SignedIn() caller: PersonCaller): Promise<DevicesView> {
    return this.devices.read(caller);
  }

  @Post('trust')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true })
  @Answers('Lets this device skip the second factor for the days of the rules.', devicesView)
  async trust(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<DevicesView> {
    await this.devices.trustThis(caller, request.ip);
    return this.devices.read(caller);
  }

  @Delete('trust')
  @Access({ kind: 'person' })
  @Answers('Makes every device ask for the second factor again.', devicesView)
  async endAllTrust(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<DevicesView> {
    await this.devices.endAllTrust(caller, request.ip);
    return this.devices.read(caller);
  }

  @Delete(':id/trust')
  @Access({ kind: 'person' })
  @Answers('Makes a device ask for the second factor again.', devicesView)
  async endTrust(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Req() request: FastifyRequest,
  ): Promise<DevicesView> {
    await this.devices.endTrust(caller, id, request.ip);
    return this.devices.read(caller);
  }

  @Patch(':id')
  @Access({ kind: 'person' })
  @Answers('Renames a device.', devicesView)
  async rename(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(renameDevice)) body: { name: string },
  ): Promise<DevicesView> {
    await this.devices.rename(caller, id, body.name);
    return this.devices.read(caller);
  }

  @Delete(':id')
  @Access({ kind: 'person' })
  @Answers('Removes a device and ends its sessions.', devicesView)
  async remove(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Req() request: FastifyRequest,
  ): Promise<DevicesView> {
    await this.devices.remove(caller, id, request.ip);
    return this.devices.read(caller);
  }
}
