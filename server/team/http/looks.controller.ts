import { Controller, Get } from '@nestjs/common';
import { type Looks, looks } from '../../contracts/team.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { RevealDetails } from '../reveal-details.js';

/** Privacy: people see who looked at what is shown of them to nobody as a rule. */
@Controller('api/v1/me/looks')
export class LooksController {
  constructor(private readonly revealing: RevealDetails) {}

  @Get()
  @Access({ kind: 'person' })
  @Answers('Who looked at the own addresses and places in the last 90 days, and why.', looks)
  async list(@SignedIn() caller: PersonCaller): Promise<Looks> {
    return { items: await this.revealing.list(caller.personId) };
  }
}
