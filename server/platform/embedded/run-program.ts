import { spawn } from 'node:child_process';

/** The user a program runs as; absent means: as ourselves. */
export type Identity = { uid: number; gid: number };

export type ProgramResult = { code: number; output: string };

/**
 * Runs a program to its end and collects what it prints.
 *
 * Works from the root folder, as another user may not be allowed to enter ours, and in the C locale, as its messages
 * are read by code.
 */
export function runProgram(command: string, args: string[], identity?: Identity): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: programEnvironment(),
      ...identity,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-16_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** PostgreSQL reads PG* variables of its own; those of the person's shell must not steer our private instance. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
