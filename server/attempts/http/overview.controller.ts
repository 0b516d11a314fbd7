import { Controller, Get, Query } from '@nestjs/common';
import {
  figuresQuery,
  overviewFigures,
  overviewLists,
  overviewQuery,
  type FiguresQuery,
  type OverviewFigures,
  type OverviewLists,
  type OverviewQuery,
} from '../../contracts/overview.js';
import { staffRoles } from '../../contracts/people.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ReadFigures } from '../read-figures.js';
import { ReadOverview } from '../read-overview.js';

@Controller('api/v1/overview')
export class OverviewController {
  constructor(
    private readonly figures: ReadFigures,
    private readonly overview: ReadOverview,
  ) {}

  @Get('figures')
  @Access({ kind: 'person', roles: staffRoles, scope: 'attempts:read' })
  @Answers('The last hour by minutes, the last day by hours, and the same hour a week before.', overviewFigures)
  readFigures(@Query(new Valid(figuresQuery)) query: FiguresQuery): Promise<OverviewFigures> {
    return this.figures.read(query);
  }

  @Get('lists')
  @Access({ kind: 'person', roles: staffRoles, scope: 'attempts:read' })
  @Answers('What a period holds by reason, person, address, network, country, application and place.', overviewLists)
  readLists(@Query(new Valid(overviewQuery)) query: OverviewQuery): Promise<OverviewLists> {
    return this.overview.read(query);
  }
}
