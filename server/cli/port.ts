import { createServer } from 'node:net';
import { Complaint } from './complaint.js';

/**
 * Makes sure that the port can be listened on, before anything is started.
 * @param port 0 asks for any free one
 * @returns the port to use
 * @throws Complaint with the way out
 */
export function checkPort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => reject(new Complaint(portSentence(host, port, error))));
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

function portSentence(host: string, port: number, { code, message }: NodeJS.ErrnoException): string {
  const other = port > 64_000 ? port - 1 : port + 1;
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is in use by another program: stop that, or choose another port with PORT=${other} npm start.`;
  }
  if (code === 'EACCES') {
    return `Port ${port} is reserved for root: choose one above 1023, for instance PORT=3000, and put a proxy in front.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `HOST ${host} is not an address of this machine: use 127.0.0.1 for this machine only, or 0.0.0.0 for all networks.`;
  }
  return `Port ${port} on ${host} can't be listened on: ${message}.`;
}

/** The address under which this machine reaches a server that listens on `host`. */
export function localAddress(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
