/**
 * The form in which names are compared: compatibility composition (NFKC), lower case, no space around. Two spellings of one
 * address must not be two people, nor may look-alike width variants pass for another.
 */
export const normaliseSubject = (subject: string): string => subject.normalize('NFKC').trim().toLowerCase();
