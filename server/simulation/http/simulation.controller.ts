import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import type { SimulationView } from '../../contracts/operations.js';
import { actorOf } from '../../audit/actor-of.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { SwitchSimulation } from '../switch-simulation.js';

@Controller('api/v1/simulation')
export class SimulationController {
  constructor(private readonly simulation: SwitchSimulation) {}

  @Get()
  @Access({ kind: 'person', roles: ['admin', 'analyst', 'auditor'] })
  read(): Promise<SimulationView> {
    return this.simulation.read();
  }

  @Post()
  @HttpCode(202)
  @Access({ kind: 'person', roles: ['admin'] })
  start(@SignedIn() caller: PersonCaller): Promise<SimulationView> {
    return this.simulation.start(actorOf(caller));
  }

  @Delete()
  @HttpCode(202)
  @Access({ kind: 'person', roles: ['admin'] })
  remove(@SignedIn() caller: PersonCaller): Promise<SimulationView> {
    return this.simulation.remove(actorOf(caller));
  }
}
