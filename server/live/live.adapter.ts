import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { PublicOrigins } from '../platform/http/origins.js';

/** socket.io with our fan-out and our Origin check: a page elsewhere must not open a socket with this browser's cookie. */
export class LiveAdapter extends IoAdapter {
  constructor(
    application: INestApplicationContext,
    private readonly fanOut: NonNullable<ServerOptions['adapter']>,
    private readonly origins: PublicOrigins,
  ) {
    super(application);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    return super.createIOServer(port, {
      ...options,
      adapter: this.fanOut,
      // Also refused when absent: every browser sends Origin with a WebSocket handshake.
      allowRequest: (
        request: { headers: { origin?: string } },
        decide: (error: string | null, allowed: boolean) => void,
      ) => {
        decide(null, request.headers.origin !== undefined && this.origins.allows(request.headers.origin));
      },
    } as ServerOptions);
  }
}
