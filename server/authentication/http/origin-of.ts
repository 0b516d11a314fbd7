import type { FastifyRequest } from 'fastify';
import type { Origin } from '../open-session.js';

export const originOf = (request: FastifyRequest): Origin => ({
  ip: request.ip,
  userAgent: request.headers['user-agent'],
});
