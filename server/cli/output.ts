/** How a command answers: one JSON object for a script, or lines for a person. */
export type Output = {
  /** The answer; with `--json` exactly one object on standard output, otherwise the lines. */
  answer: (value: object, lines: string[]) => void;
  /** Progress, always on standard error. */
  say: (line: string) => void;
};

export const outputFor = (json: boolean): Output => ({
  answer: (value, lines) => console.log(json ? JSON.stringify(value) : lines.join('\n')),
  say: (line) => console.error(line),
});
