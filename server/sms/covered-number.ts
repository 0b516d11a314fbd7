import { callingCodeOf } from '../contracts/calling-codes.js';

/** A number as its owner knows it again and nobody else learns it: `+49 ••• 12`. */
export const coveredNumber = (number: string): string => `${callingCodeOf(number) ?? '+'} ••• ${number.slice(-2)}`;
