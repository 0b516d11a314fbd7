/** Made when the console is built; see `dashboard/world-dots.ts`. */
declare module 'virtual:world-dots' {
  export const grid: { step: number; row: number; columns: number; rows: number; bits: string };
}
