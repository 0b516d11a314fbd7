import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Page, pageOf, pageQuery } from '../../contracts/paging.js';
import {
  type GivenAnswer,
  givenAnswer,
  type TeamAnswer,
  teamAnswer,
  type TeamWarning,
  teamWarning,
} from '../../contracts/team.js';
import { leadingRoles } from '../../people/reporting-line.js';
import { Refusal } from '../../platform/errors.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { AnswerWarning } from '../answer-warning.js';
import { ListTeamWarnings } from '../list-team-warnings.js';

const uuid = new Valid(z.uuid());

/** What a manager has to answer, in the console. The mail's page, which works signed out, is `WarningController`. */
@Controller('api/v1/team')
export class TeamWarningsController {
  constructor(
    private readonly listing: ListTeamWarnings,
    private readonly warnings: AnswerWarning,
  ) {}

  @Get('warnings')
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('Alerts about people below the caller that wait for an answer, newest first.', pageOf(teamWarning))
  list(
    @SignedIn() caller: PersonCaller,
    @Query(new Valid(pageQuery)) query: z.infer<typeof pageQuery>,
  ): Promise<Page<TeamWarning>> {
    return this.listing.list(caller.personId, query);
  }

  @Get('answers')
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('What the caller answered in the last 30 days.', z.object({ items: z.array(givenAnswer) }))
  async answered(@SignedIn() caller: PersonCaller): Promise<{ items: GivenAnswer[] }> {
    return { items: await this.listing.answered(caller.personId) };
  }

  @Get('warnings/:id')
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('One of them, also when it was answered.', teamWarning)
  async read(@SignedIn() caller: PersonCaller, @Param('id', uuid) id: string): Promise<TeamWarning> {
    const warning = await this.warnings.lookAs(caller.personId, id);
    if (!warning) throw new Refusal('not_found');
    return warning;
  }

  @Post('warnings/:id/answer')
  @HttpCode(200)
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('Takes an answer, as the link of the mail does.', teamWarning)
  async answer(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(teamAnswer)) body: TeamAnswer,
    @Req() request: FastifyRequest,
  ): Promise<TeamWarning> {
    await this.warnings.answerAs(caller.personId, id, body, {
      ip: request.ip,
      userAgent: request.headers['user-agent'],
    });
    return this.read(caller, id);
  }
}
