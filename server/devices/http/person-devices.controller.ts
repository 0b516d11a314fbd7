import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { devicesView, type DevicesView } from '../../contracts/devices.js';
import { staffRoles } from '../../contracts/people.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ManageDevices } from '../manage-devices.js';

/** Somebody else's devices, for staff. */
@Controller('api/v1/people/:id/devices')
export class PersonDevicesController {
  constructor(private readonly devices: ManageDevices) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles })
  @Answers('The devices that the account of a person is used on.', devicesView)
  read(@Param('id', new Valid(z.uuid())) id: string): Promise<DevicesView> {
    return this.devices.readOf(id);
  }
}
