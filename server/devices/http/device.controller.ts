import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { type DeviceDetail, deviceDetail } from '../../contracts/entities.js';
import { staffRoles } from '../../contracts/people.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ReadDevice } from '../read-device.js';

@Controller('api/v1/devices')
export class DeviceController {
  constructor(private readonly devices: ReadDevice) {}

  @Get(':id')
  @Access({ kind: 'person', roles: staffRoles, scope: 'sessions:read' })
  @Answers('A browser that somebody signed in to Gatehouse with.', deviceDetail)
  read(@Param('id', new Valid(z.uuid())) id: string): Promise<DeviceDetail> {
    return this.devices.read(id);
  }
}
