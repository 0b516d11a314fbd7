import type { FastifyReply, FastifyRequest } from 'fastify';

/** `__Host-`: the browser takes it over a trustworthy connection only, for this very host and all paths. */
const NAME = '__Host-sid';
/** The same for a sign-in that lacks a factor; a cookie of its own, so that it can never pass for a session. */
const SIGN_IN_NAME = '__Host-sign-in';
/** By this one a browser is recognised; it opens nothing by itself. */
const DEVICE_NAME = '__Host-device';
/** As long as browsers keep a cookie at most: 400 days, in seconds. */
const DEVICE_AGE = 400 * 86_400;
/** Tokens are 43 characters; anything else is not worth a look into the database. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

export const sessionTokenOf = (cookieHeader: string | undefined): string | undefined => tokenIn(cookieHeader, NAME);

function tokenIn(cookieHeader: string | undefined, wanted: string): string | undefined {
  for (const part of (cookieHeader ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === wanted && value !== undefined && tokenPattern.test(value)) return value;
  }
  return undefined;
}

export const requestToken = (request: FastifyRequest): string | undefined => sessionTokenOf(request.headers.cookie);

export const signInToken = (request: FastifyRequest): string | undefined =>
  tokenIn(request.headers.cookie, SIGN_IN_NAME);

export const deviceToken = (request: FastifyRequest): string | undefined =>
  tokenIn(request.headers.cookie, DEVICE_NAME);

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const gone = (name: string): string => `${name}=; ${attributes}; Max-Age=0`;

/** No Max-Age: the server ends sessions, whatever a browser remembers. A sign-in that led here is over. */
export function setSessionCookie(reply: FastifyReply, token: string): void {
  void reply.header('set-cookie', [`${NAME}=${token}; ${attributes}`, gone(SIGN_IN_NAME)]);
}

export function setDeviceCookie(reply: FastifyReply, token: string): void {
  void reply.header('set-cookie', `${DEVICE_NAME}=${token}; ${attributes}; Max-Age=${DEVICE_AGE}`);
}

export function setSignInCookie(reply: FastifyReply, token: string): void {
  void reply.header('set-cookie', `${SIGN_IN_NAME}=${token}; ${attributes}`);
}

export function clearSignInCookie(reply: FastifyReply): void {
  void reply.header('set-cookie', gone(SIGN_IN_NAME));
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.header('set-cookie', gone(NAME));
}
