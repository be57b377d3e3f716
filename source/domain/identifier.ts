/** Backups, tasks, downloads, destinations and schedules are named by 16 characters of 0–9a–z, or by a prefix of 6 or more that fits one only. */
export const identifierAlphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
export const identifierLength = 16;
const shortestPrefix = 6;

export const isIdentifier = (text: string): boolean => /^[\da-z]{16}$/v.test(text);

/** Could be an identifier or a prefix of one that is long enough. */
const isIdentifierPrefix = (text: string): boolean => text.length >= shortestPrefix && /^[\da-z]{1,16}$/v.test(text);

/** A UUID in the only form Holdfast writes, as part of a pattern. */
export const uuidPattern = String.raw`[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}`;

const wholeUuid = new RegExp(`^${uuidPattern}$`, 'v');

export const isUuid = (text: string): boolean => wholeUuid.test(text);

/** The ids that `text` names: itself, or all that start with it. More than one: ambiguous. */
export const matchIdentifiers = (ids: Iterable<string>, text: string): readonly string[] => isIdentifierPrefix(text) ? [...new Set(ids)].filter(id => id.startsWith(text)) : [];
