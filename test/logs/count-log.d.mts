export function countLog(text: string): { attempts: number; successes: number; attackers: string[] };
