export const recountedTallies: string;
export const recountedMinutes: string;
