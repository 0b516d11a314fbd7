import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { simulation, type SimulationView } from '../../contracts/operations.js';
import { actorOf } from '../../audit/actor-of.js';
import { Answers } from '../../platform/http/answers.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { SwitchSimulation } from '../switch-simulation.js';

@Controller('api/v1/simulation')
export class SimulationController {
  constructor(private readonly simulation: SwitchSimulation) {}

  @Get()
  @Access({ kind: 'person', roles: ['admin', 'analyst', 'auditor'] })
  @Answers('State of the simulated company.', simulation)
  read(): Promise<SimulationView> {
    return this.simulation.read();
  }

  @Post()
  @HttpCode(202)
  @Access({ kind: 'person', roles: ['admin'] })
  @Answers('Starts the simulated company.', simulation)
  start(@SignedIn() caller: PersonCaller): Promise<SimulationView> {
    return this.simulation.start(actorOf(caller));
  }

  @Delete()
  @HttpCode(202)
  @Access({ kind: 'person', roles: ['admin'] })
  @Answers('Removes the simulated company and everything it reported.', simulation)
  remove(@SignedIn() caller: PersonCaller): Promise<SimulationView> {
    return this.simulation.remove(actorOf(caller));
  }
}
