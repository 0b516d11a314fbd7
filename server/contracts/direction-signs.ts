const signs = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Without the characters that turn the direction of text around, and could so make one name or sentence read as another. In a file of
 * its own, as the dashboard loads it without any schema.
 */
export const withoutDirectionSigns = (text: string): string => text.replace(signs, '');
