import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import type { z } from 'zod';
import {
  detectionPolicyChange,
  type DetectionPolicyChange,
  type DetectionPolicyVersion,
  detectionPolicyVersion,
  type DetectionPolicyView,
  detectionPolicyView,
  restoreRequest,
  type RestoreRequest,
  versionNumber,
} from '../../contracts/detection-policy.js';
import { type Page, pageOf, pageQuery } from '../../contracts/paging.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ChangeDetectionPolicy } from '../change-detection-policy.js';

const readers = { kind: 'person', roles: ['admin', 'analyst', 'auditor'] } as const;
const writers = { kind: 'person', roles: ['admin'], fresh: true } as const;

@Controller('api/v1/policies/detection')
export class DetectionPolicyController {
  constructor(private readonly policy: ChangeDetectionPolicy) {}

  @Get()
  @Access(readers)
  @Answers(
    'What detection weighs, looks for and leaves alone, and what holds where nothing is set.',
    detectionPolicyView,
  )
  read(): Promise<DetectionPolicyView> {
    return this.policy.read();
  }

  @Put()
  @Access(writers)
  @Answers('Puts a new version in force, for every attempt from now on.', detectionPolicyView)
  change(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(detectionPolicyChange)) body: DetectionPolicyChange,
  ): Promise<DetectionPolicyView> {
    return this.policy.change(caller, body);
  }

  @Get('versions')
  @Access(readers)
  @Answers('Every version, newest first.', pageOf(detectionPolicyVersion))
  list(@Query(new Valid(pageQuery)) query: z.infer<typeof pageQuery>): Promise<Page<DetectionPolicyVersion>> {
    return this.policy.list(query);
  }

  @Get('versions/:version')
  @Access(readers)
  @Answers('One version.', detectionPolicyVersion)
  readVersion(@Param('version', new Valid(versionNumber)) version: number): Promise<DetectionPolicyVersion> {
    return this.policy.readVersion(version);
  }

  @Post('versions/:version/restore')
  @HttpCode(200)
  @Access(writers)
  @Answers('Puts the settings of an earlier version in force again, as a new version.', detectionPolicyView)
  restore(
    @SignedIn() caller: PersonCaller,
    @Param('version', new Valid(versionNumber)) version: number,
    @Body(new Valid(restoreRequest)) body: RestoreRequest,
  ): Promise<DetectionPolicyView> {
    return this.policy.restore(caller, version, body);
  }
}
