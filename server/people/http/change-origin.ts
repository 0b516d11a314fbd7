import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf } from '../../audit/actor-of.js';
import type { CallerIdentity } from '../../platform/http/access.js';
import { Valid } from '../../platform/http/valid.js';
import type { ChangeOrigin } from '../carry-out-changes.js';

export const uuid = new Valid(z.uuid());

export const changeOriginOf = (caller: CallerIdentity, request: FastifyRequest): ChangeOrigin => ({
  by: actorOf(caller),
  ip: request.ip,
  userAgent: request.headers['user-agent'],
});
