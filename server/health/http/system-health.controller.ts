import { Controller, Get } from '@nestjs/common';
import { type SystemHealth, systemHealth } from '../../contracts/health.js';
import { auditRoles } from '../../contracts/people.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { ReadHealth } from '../read-health.js';

@Controller('api/v1/health')
export class SystemHealthController {
  constructor(private readonly health: ReadHealth) {}

  @Get()
  @Access({ kind: 'person', roles: auditRoles })
  @Answers('How the installation is: what waits, who works, what room is left, and what of it is wrong.', systemHealth)
  read(): Promise<SystemHealth> {
    return this.health.read();
  }
}
