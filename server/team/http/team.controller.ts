import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { actorOf } from '../../audit/actor-of.js';
import { type Page, pageOf, pageQuery } from '../../contracts/paging.js';
import {
  type Revealed,
  revealed,
  type RevealRequest,
  revealRequest,
  type Reminded,
  reminded,
  type RemindRequest,
  remindRequest,
  teamActivityQuery,
  type TeamActivityQuery,
  type TeamAttempt,
  teamAttempt,
  type TeamPerson,
  teamPerson,
  type TeamPersonDetail,
  teamPersonDetail,
  teamQuery,
  type TeamQuery,
  type TeamSession,
  teamSession,
  type TeamSummary,
  teamSummary,
} from '../../contracts/team.js';
import { type RevocationReceipt, revocationReceipt, revokeRequest } from '../../contracts/sessions.js';
import { leadingRoles } from '../../people/reporting-line.js';
import { Refusal } from '../../platform/errors.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { EndReportSessions } from '../end-report-sessions.js';
import { ReadReport } from '../read-report.js';
import { ReadTeam } from '../read-team.js';
import { RemindOfTwoStep } from '../remind-of-two-step.js';
import { RevealDetails } from '../reveal-details.js';

const uuid = new Valid(z.uuid());
type Paging = z.infer<typeof pageQuery>;
type Reason = { reason?: string | undefined };

/** The people who report to the caller. That they do is read from the database on every request; who does not is not found. */
@Controller('api/v1/team')
export class TeamController {
  constructor(
    private readonly team: ReadTeam,
    private readonly report: ReadReport,
    private readonly revealing: RevealDetails,
    private readonly reminding: RemindOfTwoStep,
    private readonly ending: EndReportSessions,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('People below the caller on all levels, who needs an answer first.', pageOf(teamPerson))
  list(@SignedIn() caller: PersonCaller, @Query(new Valid(teamQuery)) query: TeamQuery): Promise<Page<TeamPerson>> {
    return this.team.list(caller.personId, query);
  }

  @Get('summary')
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('How many they are, need an answer, and have no two-step sign-in.', teamSummary)
  summary(@SignedIn() caller: PersonCaller): Promise<TeamSummary> {
    return this.team.summary(caller.personId);
  }

  @Post('reminders')
  @HttpCode(200)
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('Reminds people of two-step sign-in by mail, each once a week at most.', reminded)
  remind(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(remindRequest)) { people }: RemindRequest,
  ): Promise<Reminded> {
    return this.reminding.remind(actorOf(caller), people);
  }

  @Get('people/:id')
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('One of them, without addresses and places.', teamPersonDetail)
  read(@SignedIn() caller: PersonCaller, @Param('id', uuid) id: string): Promise<TeamPersonDetail> {
    return this.team.read(caller.personId, id);
  }

  @Get('people/:id/sessions')
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('Their live sessions; addresses only after a reason was given.', pageOf(teamSession))
  sessions(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Query(new Valid(pageQuery)) query: Paging,
  ): Promise<Page<TeamSession>> {
    return this.report.listSessions(caller.personId, id, query);
  }

  @Get('people/:id/activity')
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('Their sign-ins of the last 30 days; addresses only after a reason was given.', pageOf(teamAttempt))
  activity(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Query(new Valid(teamActivityQuery)) query: TeamActivityQuery,
  ): Promise<Page<TeamAttempt>> {
    return this.report.listActivity(caller.personId, id, query);
  }

  @Post('people/:id/reveal')
  @HttpCode(200)
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('Shows their addresses and places for a while. The person sees who looked, and the reason.', revealed)
  async reveal(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(revealRequest)) { reason }: RevealRequest,
  ): Promise<Revealed> {
    return { until: (await this.revealing.reveal(actorOf(caller), id, reason)).toISOString() };
  }

  @Post('people/:id/sessions/revoke')
  @HttpCode(200)
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('Ends all their sessions, at once.', revocationReceipt)
  async endAll(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(revokeRequest)) { reason }: Reason,
  ): Promise<RevocationReceipt | { sessions: [] }> {
    return (await this.ending.end(actorOf(caller), id, { reason })) ?? { sessions: [] };
  }

  @Post('people/:id/sessions/:sessionId/revoke')
  @HttpCode(200)
  @Access({ kind: 'person', roles: leadingRoles })
  @Answers('Ends one of their sessions, at once.', revocationReceipt)
  async endOne(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Param('sessionId', uuid) sessionId: string,
    @Body(new Valid(revokeRequest)) { reason }: Reason,
  ): Promise<RevocationReceipt> {
    const receipt = await this.ending.end(actorOf(caller), id, { sessionId, reason });
    if (!receipt) throw new Refusal('not_found');
    return receipt;
  }
}
