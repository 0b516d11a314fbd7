import type { FastifyReply, FastifyRequest } from 'fastify';

/** `__Host-`: the browser takes it over a trustworthy connection only, for this very host and all paths. */
const NAME = '__Host-sid';
/** Tokens are 43 characters; anything else is not worth a look into the database. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

export function sessionTokenOf(cookieHeader: string | undefined): string | undefined {
  for (const part of (cookieHeader ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === NAME && value !== undefined && tokenPattern.test(value)) return value;
  }
  return undefined;
}

export const requestToken = (request: FastifyRequest): string | undefined => sessionTokenOf(request.headers.cookie);

/** No Max-Age: the server ends sessions, whatever a browser remembers. */
export function setSessionCookie(reply: FastifyReply, token: string): void {
  void reply.header('set-cookie', `${NAME}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict`);
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.header('set-cookie', `${NAME}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0`);
}
