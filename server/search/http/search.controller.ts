import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import { staffRoles } from '../../contracts/people.js';
import { searchQuery, type SearchResult, searchResult } from '../../contracts/search.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { FindAnything } from '../find-anything.js';

@Controller('api/v1/search')
export class SearchController {
  constructor(private readonly finding: FindAnything) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles })
  @Answers('What a typed text means: a person, address, network, alert, session or application.', searchResult)
  async search(@Query(new Valid(searchQuery)) { text }: z.infer<typeof searchQuery>): Promise<SearchResult> {
    return { items: await this.finding.find(text) };
  }
}
