import { Controller, Get, Query } from '@nestjs/common';
import { alertQuality, type AlertQuality, qualityQuery, type QualityQuery } from '../../contracts/alerts.js';
import { staffRoles } from '../../contracts/people.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { MeasureQuality } from '../measure-quality.js';

@Controller('api/v1/alert-quality')
export class QualityController {
  constructor(private readonly quality: MeasureQuality) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles, scope: 'alerts:read' })
  @Answers('How good the alerts of the last days are, by the verdicts of people.', alertQuality)
  read(@Query(new Valid(qualityQuery)) { days }: QualityQuery): Promise<AlertQuality> {
    return this.quality.measure(days);
  }
}
