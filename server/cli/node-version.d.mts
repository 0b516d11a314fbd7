export function nodeIsTooOld(version: string): string | undefined;
