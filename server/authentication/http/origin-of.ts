import type { FastifyRequest } from 'fastify';
import type { Origin } from '../open-session.js';
import { deviceToken } from '../session-cookie.js';

export const originOf = (request: FastifyRequest): Origin => ({
  ip: request.ip,
  userAgent: request.headers['user-agent'],
  deviceToken: deviceToken(request),
});
