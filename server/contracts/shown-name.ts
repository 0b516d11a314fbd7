import { z } from 'zod';

/** Scripts, and pictures, that are spelt with joiners: those are invisible, so nothing else may hold them. */
const joined =
  '[\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{Extended_Pictographic}\\ufe0f]';
const visible = new RegExp(`^(?:[^\\p{C}\\p{Zl}\\p{Zp}]|(?<=${joined})[\\u200c\\u200d])*$`, 'u');
/** Real letters carry up to four; a heap of them covers the lines around. */
const heap = /\p{M}{5}/u;

/**
 * A name that people give to a person or a thing. It stands in sentences about security, in the subjects of mails and in logs, so it
 * may hold nothing that can't be seen or that changes how the words around it are read.
 */
export const shownName = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    // Halves of a character, such as where a text was cut: no database takes them.
    .overwrite((text) => text.replace(/\p{Cs}/gu, '\ufffd'))
    .regex(visible, 'Control characters can’t be shown.')
    .refine((text) => !heap.test(text), 'So many marks on one letter can’t be shown.');
